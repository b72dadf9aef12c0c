"""What comes in through an engine of its own process: who is let in, what it tells, what it still carries.

Callbacks are hints. An engine that was killed tells nothing: `reconcile_engine` compares its list with ours.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from livestream.engines import Active, AuthRequest, Decision, LiveEngine, Provision, SeenEvent, engine_named
from livestream.engines.base import Action
from livestream.models import Engine, IngestAttempt, LiveSession, MediaEvent
from livestream.queries import may_record
from livestream.services.credentials import issue_credential, revoke_credentials
from livestream.services.finalise import request_build
from livestream.services.sessions import interrupt, note_media

_REFUSED_AS_TAKEN = Decision(False, "taken")


@transaction.atomic
def open_door(*, session: LiveSession, name: str, now: datetime | None = None) -> Provision:
    """Give a new key for sending through an engine; those given before no longer work."""
    at = now or timezone.now()
    revoke_credentials(session=session, now=at)
    credential, secret = issue_credential(session=session, now=at)
    return engine_named(name).provision(session, secret, credential.expires_at)


def admit(*, engine: LiveEngine, request: AuthRequest, now: datetime | None = None) -> Decision:
    """Decide about somebody at an engine's door; a sender that is let in is on air.

    Her own hanging connection is cut off first: the engine would refuse the new one beside it.
    """
    at = now or timezone.now()
    decision = engine.authorise(request)
    if not decision.is_allowed or request.action == Action.PLAY:
        return decision
    _clear_the_way(engine, request, decision)
    return _let_in(engine, request, at)


@transaction.atomic
def take_events(*, engine: LiveEngine, events: Iterable[SeenEvent], now: datetime | None = None) -> int:
    """Keep what an engine tells and act on it; told twice it counts once. Return how many were new."""
    at = now or timezone.now()
    return sum(_take(engine, event, at) for event in events)


def leave(*, engine: LiveEngine, external_id: str, now: datetime | None = None) -> bool:
    """End a connection as its sender wishes; the session goes on within its grace. False if it was over."""
    attempt = (
        IngestAttempt.objects.filter(engine=engine.name, external_id=external_id, ended_at__isnull=True)
        .select_related("session")
        .first()
    )
    left = attempt is not None and _interrupt(attempt, IngestAttempt.End.FINISHED, now or timezone.now())
    engine.disconnect(external_id, "left")
    return left


def reconcile_engine(*, engine: LiveEngine, now: datetime | None = None) -> dict[str, int]:
    """Compare what the engine carries with what we believe it does.

    Raises OSError when it does not answer; silence then interrupts its sessions.
    """
    at = now or timezone.now()
    active = {each.external_id: each for each in engine.list_active()}
    believed = IngestAttempt.objects.filter(engine=engine.name, ended_at__isnull=True).select_related(
        "session"
    )
    gone = strays = 0
    for attempt in believed:
        carried = active.pop(attempt.external_id, None)
        if carried is None:
            gone += _interrupt(attempt, IngestAttempt.End.ENGINE, at)
    for stray in active.values():
        strays += engine.disconnect(stray.external_id, "nobody's")
    return {"gone": gone, "strays": strays}


def build_ended(*, now: datetime | None = None) -> int:
    """Have recordings made of sessions that have ended at an engine: their files are whole at once.

    Only a phone's pieces may still be under way.
    """
    over = LiveSession.objects.filter(state=LiveSession.State.ENDED, started_at__isnull=False)
    over = over.exclude(engine=Engine.CHUNKS)
    ended = list(over)
    for session in ended:
        request_build(session=session, now=now)
    return len(ended)


def _clear_the_way(engine: LiveEngine, request: AuthRequest, decision: Decision) -> None:
    """Cut off the caller's own connections, known to us or not, here or at another engine."""
    if decision.replaces:
        attempt = IngestAttempt.objects.filter(
            session=decision.session_id, external_id=decision.replaces, ended_at__isnull=True
        ).first()
        if attempt and attempt.engine != engine.name:
            engine_named(attempt.engine).disconnect(attempt.external_id, "replaced")
    for each in _others(engine, request):
        engine.disconnect(each.external_id, "replaced")


def _others(engine: LiveEngine, request: AuthRequest) -> list[Active]:
    return [
        each
        for each in engine.list_active()
        if each.stream == request.stream and each.external_id != request.external_id
    ]


@transaction.atomic
def _let_in(engine: LiveEngine, request: AuthRequest, at: datetime) -> Decision:
    """Decide once more with the session locked, so that of two at the door one is let in."""
    session = LiveSession.objects.select_for_update().filter(uid=request.stream).first()
    decision = engine.authorise(request)
    if session is None or not decision.is_allowed:
        return decision
    if session.kind == LiveSession.Kind.REHEARSAL and not may_record(session, timezone.localdate(at)):
        return Decision(False, "not agreed")
    if decision.replaces:
        interrupt(session=session, reason=IngestAttempt.End.REPLACED, now=at)
    attempt = note_media(
        session=session,
        engine=engine.name,
        external_id=request.external_id,
        client=request.client,
        now=at,
    )
    if attempt is None or attempt.external_id != request.external_id:
        return _REFUSED_AS_TAKEN
    IngestAttempt.objects.filter(pk=attempt.pk).update(credential=decision.credential_id)
    return decision


def _take(engine: LiveEngine, event: SeenEvent, at: datetime) -> bool:
    attempt = (
        IngestAttempt.objects.filter(engine=engine.name, external_id=event.external_id)
        .select_related("session")
        .first()
    )
    if attempt is None:
        return False  # a viewer's, or of somebody who was refused
    _kept, is_new = MediaEvent.objects.get_or_create(
        engine=engine.name,
        external_id=event.external_id,
        type=event.type,
        occurred_at=event.occurred_at,
        defaults={"session": attempt.session, "received_at": at, "detail": dict(event.detail)},
    )
    if is_new and _is_open(attempt):
        _act(event, attempt, at)
    return is_new


def _is_open(attempt: IngestAttempt) -> bool:
    """Tell whether a connection still is its session's, and keep that so until this transaction ends.

    The end of a connection that was replaced this very moment must not end the one in its place.
    """
    LiveSession.objects.select_for_update().get(pk=attempt.session_id)
    return IngestAttempt.objects.filter(pk=attempt.pk, ended_at__isnull=True).exists()


@transaction.atomic
def _interrupt(attempt: IngestAttempt, reason: str, at: datetime) -> bool:
    return _is_open(attempt) and interrupt(session=attempt.session, reason=reason, now=at)


def _act(event: SeenEvent, attempt: IngestAttempt, at: datetime) -> None:
    if event.type == "update":
        note_media(session=attempt.session, engine=attempt.engine, now=at)
        IngestAttempt.objects.filter(pk=attempt.pk).update(last_media_at=at)
    elif event.type == "end" or (event.type == "silent" and _is_silent(attempt)):
        interrupt(session=attempt.session, reason=IngestAttempt.End.LOST, now=at)


def _is_silent(attempt: IngestAttempt) -> bool:
    """Tell whether every track that ever came has stopped, as far as we were told."""
    told = MediaEvent.objects.filter(
        engine=attempt.engine, external_id=attempt.external_id, type__in=["update", "silent"]
    )
    latest: dict[str, str] = {}
    for type_, detail in told.order_by("occurred_at", "pk").values_list("type", "detail"):
        if "track" in detail:
            latest[detail["track"]] = type_
    return bool(latest) and "update" not in latest.values()
