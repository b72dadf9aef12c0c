"""Who may pass an engine's door: the part of `authorise` that is the same for all. Reads only."""

from livestream.engines.base import Action, AuthRequest, Decision
from livestream.models import IngestAttempt, LiveSession, StreamCredential
from livestream.queries.credentials import credential_with

_SENDING = {LiveSession.State.READY, LiveSession.State.LIVE, LiveSession.State.INTERRUPTED}
_WATCHING = _SENDING | {LiveSession.State.ENDED}


def stream_name(session: LiveSession) -> str:
    """Return the public name of a session at every engine: letters and digits only."""
    return session.uid.hex


def authorise_by_credential(request: AuthRequest) -> Decision:
    """Decide by the credential's purpose, life and session, and by who is sending already."""
    found = credential_with(request.secret, purpose=request.action.value)
    if found is None or stream_name(found.session) != request.stream:
        return Decision(False, "unknown")
    if found.revoked_at is not None or found.expires_at <= request.at:
        return Decision(False, "revoked" if found.revoked_at else "expired")
    states = _SENDING if request.action == Action.PUBLISH else _WATCHING
    if found.session.state not in states:
        return Decision(False, "over")
    if request.action == Action.PLAY:
        return Decision(True, "", found.session_id, found.pk)
    return _sender(request, found)


def _sender(request: AuthRequest, found: StreamCredential) -> Decision:
    sending = IngestAttempt.objects.filter(session=found.session_id, ended_at__isnull=True).first()
    if sending is None or sending.external_id == request.external_id:
        return Decision(True, "", found.session_id, found.pk)
    if sending.credential_id != found.pk:
        return Decision(False, "taken")
    return Decision(True, "", found.session_id, found.pk, replaces=sending.external_id)
