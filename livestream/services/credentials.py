"""Leaves to send into a session and to watch it: made, turned over, taken back."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from livestream.engines import Provision, engine_of
from livestream.models import IngestAttempt, LiveSession, StreamCredential
from livestream.queries.credentials import hash_of_secret

PUBLISH_LIFE = timedelta(hours=6)
PLAY_LIFE = timedelta(hours=6)
Purpose = StreamCredential.Purpose


@transaction.atomic
def issue_credential(
    *,
    session: LiveSession,
    purpose: str = Purpose.PUBLISH,
    life: timedelta | None = None,
    now: datetime | None = None,
) -> tuple[StreamCredential, str]:
    """Give leave and return it with its secret, which is shown once and kept nowhere."""
    at = now or timezone.now()
    secret = secrets.token_urlsafe(32)
    lasts = life or (PUBLISH_LIFE if purpose == Purpose.PUBLISH else PLAY_LIFE)
    credential = StreamCredential.objects.create(
        session=session, purpose=purpose, hash=hash_of_secret(secret), created_at=at, expires_at=at + lasts
    )
    return credential, secret


@transaction.atomic
def provision(*, session: LiveSession, now: datetime | None = None) -> Provision:
    """Give a new leave to send, take back those before it, and have the engine make ready."""
    revoke_credentials(session=session, now=now)
    credential, secret = issue_credential(session=session, now=now)
    return engine_of(session).provision(session, secret, credential.expires_at)


@transaction.atomic
def revoke_credentials(
    *, session: LiveSession, purpose: str = Purpose.PUBLISH, now: datetime | None = None
) -> int:
    """Take back every leave of that purpose; return how many. Who is connected stays: see `cut_off`."""
    held = StreamCredential.objects.filter(session=session, purpose=purpose, revoked_at__isnull=True)
    return held.update(revoked_at=now or timezone.now())


def cut_off(*, session: LiveSession, now: datetime | None = None) -> bool:
    """Take back the leave to send and disconnect whoever sends; tell whether somebody did."""
    revoke_credentials(session=session, now=now)
    sending = IngestAttempt.objects.filter(session=session, ended_at__isnull=True).first()
    if sending is None:
        return False
    engine_of(session).disconnect(sending.external_id, "revoked")
    IngestAttempt.objects.filter(pk=sending.pk, ended_at__isnull=True).update(
        ended_at=now or timezone.now(), end_reason=IngestAttempt.End.KICKED
    )
    return True
