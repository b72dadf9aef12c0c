"""How long recordings stay, what keeps them longer, and what removes them at once.

Rows stay: that somebody rehearsed, when and for how long. What goes is what was recorded. A hold keeps a
recording whatever else says it should go; once it is let go, the next night does what was due.
"""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from livestream import raw
from livestream.errors import RecordingHeld
from livestream.models import Gap, LiveSession, MediaChunk, MediaPart, RecordingBuild, Rendition
from livestream.services.sessions import end_session
from registry.models import AuditAction, Person, User
from registry.queries.people import records_of
from registry.services import record

State = LiveSession.State
_OVER = [State.ENDED, State.PROCESSING, State.PUBLISHED, State.PARTIAL, State.FAILED]


@transaction.atomic
def remove_recording(
    *,
    session: LiveSession,
    by: User | None = None,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> bool:
    """Remove all that was recorded; what is on air ends. False when it was gone. Raises RecordingHeld."""
    at = now or timezone.now()
    locked = LiveSession.objects.select_for_update().get(pk=session.pk)
    if locked.is_held:
        raise RecordingHeld
    if locked.erased_at is not None:
        return False
    end_session(session=locked, reason=LiveSession.End.FORGOTTEN, now=at)
    _forget(locked, at)
    record(
        actor=by,
        action=AuditAction.RECORDING_REMOVED,
        person=locked.person,
        detail={"session": str(locked.uid)},
        request=request,
        now=at,
    )
    return True


@transaction.atomic
def remove_recordings_of(*, person: Person, now: datetime | None = None) -> int:
    """Remove everything recorded of somebody but what is held; return how many sessions it was."""
    hers = LiveSession.objects.filter(person__in=records_of(person), erased_at__isnull=True)
    return sum(remove_recording(session=each, now=now) for each in hers.filter(held_since__isnull=True))


@transaction.atomic
def hold_recording(
    *,
    session: LiveSession,
    by: User,
    reason: str,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> None:
    """Keep a recording, such as during a complaint; a second hold keeps the first."""
    if not reason.strip():
        raise ValueError("A hold needs its reason.")
    at = now or timezone.now()
    held = LiveSession.objects.filter(pk=session.pk, held_since__isnull=True, erased_at__isnull=True).update(
        hold_reason=reason.strip()[:300], held_by=by, held_since=at
    )
    if held:
        _log(AuditAction.RECORDING_HELD, session, by, at, request)


@transaction.atomic
def release_recording(
    *, session: LiveSession, by: User, now: datetime | None = None, request: HttpRequest | None = None
) -> None:
    """Let a recording go its way again."""
    released = LiveSession.objects.filter(pk=session.pk, held_since__isnull=False).update(
        hold_reason="", held_by=None, held_since=None
    )
    if released:
        _log(AuditAction.RECORDING_RELEASED, session, by, now or timezone.now(), request)


def clean_raw_parts(before: datetime, is_rehearsal: bool) -> int:
    """Delete the raw parts of recordings that were found whole and have been watchable since `before`."""
    rows = LiveSession.objects.filter(
        state__in=[State.PUBLISHED, State.PARTIAL],
        build__state=RecordingBuild.State.READY,
        build__built_at__lt=before,
        ended_at__lt=before,
        raw_erased_at__isnull=True,
        erased_at__isnull=True,
        held_since__isnull=True,
    )
    if is_rehearsal:
        return rows.count()
    return sum(_forget_raw(each) for each in rows.select_for_update(of=("self",)))


def clean_recordings(before: datetime, is_rehearsal: bool) -> int:
    """Delete recordings of rehearsals that ended before, and any of people who were deleted."""
    rows = _due(before)
    if is_rehearsal:
        return rows.count()
    at = timezone.now()
    found = list(rows.select_for_update(of=("self",)))
    for session in found:
        _forget(session, at)
    return len(found)


def _due(before: datetime) -> QuerySet[LiveSession]:
    is_old = Q(kind=LiveSession.Kind.REHEARSAL, ended_at__lt=before)
    is_of_nobody = Q(person__isnull=False, person__name="")
    return LiveSession.objects.filter(
        is_old | is_of_nobody, state__in=_OVER, erased_at__isnull=True, held_since__isnull=True
    )


def _forget_raw(session: LiveSession) -> bool:
    LiveSession.objects.filter(pk=session.pk).update(raw_erased_at=timezone.now())
    MediaChunk.objects.filter(part__session=session).delete()
    transaction.on_commit(partial(raw.remove_raw, session.uid), robust=True)
    return True


def _forget(session: LiveSession, at: datetime) -> None:
    """Take away bytes and what describes them; the parts' times stay, remarks hang on them."""
    MediaChunk.objects.filter(part__session=session).delete()
    MediaPart.objects.filter(session=session).update(mime="", path="", error="", bytes=0)
    Rendition.objects.filter(session=session).delete()
    Gap.objects.filter(session=session).delete()
    RecordingBuild.objects.filter(session=session).delete()
    LiveSession.objects.filter(pk=session.pk).update(erased_at=at, raw_erased_at=session.raw_erased_at or at)
    transaction.on_commit(partial(raw.remove_all, session.uid), robust=True)


def _log(action: str, session: LiveSession, by: User, at: datetime, request: HttpRequest | None) -> None:
    detail = {"session": str(session.uid)}
    record(actor=by, action=action, person=session.person, detail=detail, request=request, now=at)
