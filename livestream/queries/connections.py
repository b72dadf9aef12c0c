"""Connections of senders, found by the leave they came with."""

import uuid

from livestream.models import IngestAttempt
from livestream.queries.credentials import credential_with


def connection_with(secret: str, session: uuid.UUID, external_id: str) -> IngestAttempt | None:
    """Return the open connection that came with this secret, which is asked for again at every step."""
    credential = credential_with(secret, purpose="publish")
    if credential is None or credential.revoked_at is not None or credential.session.uid != session:
        return None
    return IngestAttempt.objects.filter(
        credential=credential, external_id=external_id, ended_at__isnull=True
    ).first()
