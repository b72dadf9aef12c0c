"""The life of a session: planned or ready, on air, interrupted and back, ended. Recordings: `finalise`.

Every step is one filtered update, so that two steps at once cannot both happen: a piece that comes while the
grace runs out either keeps the session on air or finds it ended, and is kept in both cases.
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DurationField, Exists, ExpressionWrapper, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from livestream.models import IngestAttempt, LiveSession, MediaPart, RunOfShow
from registry.models import Person, User
from registry.queries.people import village_of
from registry.queries.places import version_on

# A sender speaks every second; silence of this length is a broken connection.
SILENCE = timedelta(seconds=10)
# A room that was opened and never used.
UNUSED_AFTER = timedelta(hours=24)
State, End = LiveSession.State, LiveSession.End
_OPEN = [State.SCHEDULED, State.READY, State.LIVE, State.INTERRUPTED]


@transaction.atomic
def start_rehearsal(
    *,
    person: Person,
    run: RunOfShow,
    client_token: uuid.UUID,
    user: User | None = None,
    now: datetime | None = None,
) -> LiveSession:
    """Open the room for the next rehearsal of a run-of-show; the same token again returns the same one.

    The version in use is kept as it is from now on.
    """
    at = now or timezone.now()
    RunOfShow.objects.select_for_update().get(pk=run.pk)
    known = LiveSession.objects.filter(person=person, client_token=client_token).first()
    if known:
        return known
    version = run.versions.order_by("-number")[0]
    if version.used_at is None:
        version.used_at = at
        version.save(update_fields=["used_at"])
    last = LiveSession.objects.filter(run=run).aggregate(last=Max("attempt"))["last"] or 0
    village = village_of(person)
    return LiveSession.objects.create(
        kind=LiveSession.Kind.REHEARSAL,
        person=person,
        user=user,
        place=version_on(village, timezone.localdate(at)) if village else None,
        run=run,
        run_version=version,
        attempt=last + 1,
        client_token=client_token,
        state=State.READY,
        created_at=at,
    )


@transaction.atomic
def note_media(
    *, session: LiveSession, external_id: str = "", client: str = "", now: datetime | None = None
) -> IngestAttempt | None:
    """Note that media arrived: a session that waits or was interrupted is on air. Returns the connection.

    Media for a session that has ended changes nothing: it is a late part, and there is no connection.
    """
    at = now or timezone.now()
    rows = LiveSession.objects.filter(pk=session.pk)
    if rows.filter(state=State.LIVE).update(last_media_at=at):
        return IngestAttempt.objects.filter(session=session, ended_at__isnull=True).first()
    waiting = rows.filter(state__in=[State.SCHEDULED, State.READY, State.INTERRUPTED])
    began = waiting.update(state=State.LIVE, last_media_at=at, started_at=Coalesce(F("started_at"), at))
    if not began:
        return IngestAttempt.objects.filter(session=session, ended_at__isnull=True).first()
    number = IngestAttempt.objects.filter(session=session).count() + 1
    connection, _is_new = IngestAttempt.objects.get_or_create(
        session=session,
        ended_at=None,
        defaults={
            "engine": session.engine,
            "external_id": external_id or f"{session.uid.hex}-{number}",
            "client": client[:200],
            "started_at": at,
            "last_media_at": at,
        },
    )
    return connection


@transaction.atomic
def interrupt(
    *, session: LiveSession, reason: str = IngestAttempt.End.LOST, now: datetime | None = None
) -> bool:
    """Note that the connection broke; the session goes on within its grace. Tells whether it was on air."""
    at = now or timezone.now()
    if not LiveSession.objects.filter(pk=session.pk, state=State.LIVE).update(state=State.INTERRUPTED):
        return False
    _close_connection(session, reason, at)
    return True


@transaction.atomic
def end_session(*, session: LiveSession, reason: str = End.HOST, now: datetime | None = None) -> bool:
    """End the broadcast; parts that are still on the phone are taken afterwards. False if it had ended."""
    at = now or timezone.now()
    ended = LiveSession.objects.filter(pk=session.pk, state__in=_OPEN).update(
        state=State.ENDED, ended_at=at, end_reason=reason
    )
    if ended:
        _close_connection(session, IngestAttempt.End.FINISHED, at)
    return bool(ended)


def reconcile_sessions(*, now: datetime | None = None) -> dict[str, int]:
    """Interrupt what fell silent, end what stayed away longer than its grace or was never used.

    Asked every few seconds by the media agent, and every minute by the sweep if that is not there.
    """
    at = now or timezone.now()
    silent = LiveSession.objects.filter(state=State.LIVE, last_media_at__lt=at - SILENCE)
    interrupted = sum(interrupt(session=each, now=at) for each in silent)
    grace = ExpressionWrapper(F("grace_seconds") * timedelta(seconds=1), output_field=DurationField())
    away = LiveSession.objects.filter(state=State.INTERRUPTED, last_media_at__lt=at - grace)
    over = sum(_end_where(each, State.INTERRUPTED, each.last_media_at or at, End.GRACE) for each in away)
    has_parts = Exists(MediaPart.objects.filter(session=OuterRef("pk")))
    unused = LiveSession.objects.filter(~has_parts, state=State.READY).filter(
        Q(scheduled_at__isnull=True, created_at__lt=at - UNUSED_AFTER) | Q(scheduled_at__lt=at - UNUSED_AFTER)
    )
    never = unused.update(state=State.FAILED, ended_at=at, end_reason=End.NEVER_BEGUN)
    return {"interrupted": interrupted, "ended": over, "never_begun": never}


@transaction.atomic
def _end_where(session: LiveSession, state: str, ended_at: datetime, reason: str) -> bool:
    """End a session if it is still in `state` and nothing was heard since we looked."""
    rows = LiveSession.objects.filter(pk=session.pk, state=state, last_media_at=session.last_media_at)
    if not rows.update(state=State.ENDED, ended_at=ended_at, end_reason=reason):
        return False
    _close_connection(session, IngestAttempt.End.LOST, ended_at)
    return True


def _close_connection(session: LiveSession, reason: str, at: datetime) -> None:
    heard = LiveSession.objects.values_list("last_media_at", flat=True).get(pk=session.pk)
    IngestAttempt.objects.filter(session=session, ended_at__isnull=True).update(
        ended_at=at, end_reason=reason, last_media_at=heard or at
    )
