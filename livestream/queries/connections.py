"""Connections of senders, found by the leave they came with, and the doors that are open to them."""

import uuid

from django.conf import settings
from django.utils import timezone

from livestream.models import Engine, IngestAttempt, LiveSession, StreamCredential
from livestream.queries.credentials import credential_with


def connection_with(secret: str, session: uuid.UUID, external_id: str) -> IngestAttempt | None:
    """Return the open connection that came with this secret, which is asked for again at every step."""
    credential = credential_with(secret, purpose="publish")
    if credential is None or credential.revoked_at is not None or credential.session.uid != session:
        return None
    return IngestAttempt.objects.filter(
        credential=credential, external_id=external_id, ended_at__isnull=True
    ).first()


def outside_engines() -> list[str]:
    """Return the engines of this site that other apps can send to."""
    return [name for name in settings.LIVE_ENGINES if name != Engine.CHUNKS]


def door_of(session: LiveSession) -> StreamCredential | None:
    """Return the leave to send that is in force, given to another app."""
    return StreamCredential.objects.filter(
        session=session, purpose="publish", revoked_at__isnull=True, expires_at__gt=timezone.now()
    ).first()
