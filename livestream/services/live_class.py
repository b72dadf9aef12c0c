"""A live class from the day it is scheduled to the attendance it leaves behind."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from courses.models import Enrolment, TrainingClass
from courses.services.live import record_live_minutes
from livestream.errors import ClassHasBegun, ClassNotOpen
from livestream.events.publishing import publish_on_commit
from livestream.models import LiveClass, LiveSession
from livestream.queries.viewers import attended
from livestream.services.sessions import end_session, note_media
from livestream.tasks import write_class_attendance_task
from registry.models import AuditAction, Person, User
from registry.queries.people import records_of
from registry.queries.places import version_on
from registry.services import record

GRACE_SECONDS = 15 * 60
_NOT_BEGUN = [LiveSession.State.SCHEDULED, LiveSession.State.READY]


@dataclass(frozen=True)
class Plan:
    """What a teacher decides about a live class beforehand."""

    title: str
    starts_at: datetime
    planned_minutes: int


@transaction.atomic
def schedule_class(
    *,
    training_class: TrainingClass,
    plan: Plan,
    by: User,
    client_token: uuid.UUID,
    now: datetime | None = None,
) -> LiveClass:
    """Plan a live hour of a training class, taught by `by`; the same token again returns the same one."""
    now = now or timezone.now()
    known = LiveClass.objects.filter(created_by=by, client_token=client_token).first()
    if known:
        return known
    session = LiveSession.objects.create(
        kind=LiveSession.Kind.CLASS,
        user=by,
        place=version_on(training_class.county, timezone.localdate(now)),
        state=LiveSession.State.SCHEDULED,
        grace_seconds=GRACE_SECONDS,
        created_at=now,
        scheduled_at=plan.starts_at,
    )
    live_class = LiveClass.objects.create(
        session=session,
        training_class=training_class,
        title=plan.title,
        teacher=by,
        planned_minutes=plan.planned_minutes,
        client_token=client_token,
        created_by=by,
    )
    _log(live_class, AuditAction.LIVE_CLASS_SCHEDULED, by, now)
    return live_class


@transaction.atomic
def change_class(*, live_class: LiveClass, plan: Plan, by: User, now: datetime | None = None) -> None:
    """Move or rename a class that has not begun; who was reminded of the old time is reminded again.

    Raises ClassHasBegun.
    """
    now = now or timezone.now()
    waiting = LiveSession.objects.filter(
        pk=live_class.session_id, state__in=_NOT_BEGUN, live_class__cancelled_at__isnull=True
    )
    if not waiting.update(scheduled_at=plan.starts_at):
        raise ClassHasBegun
    LiveClass.objects.filter(pk=live_class.pk).update(title=plan.title, planned_minutes=plan.planned_minutes)
    _log(live_class, AuditAction.LIVE_CLASS_CHANGED, by, now)
    publish_on_commit(room=str(live_class.uid), kind="state", state="moved")


@transaction.atomic
def cancel_class(*, live_class: LiveClass, by: User, now: datetime | None = None) -> None:
    """Call a class off that has not begun; a repeat changes nothing. Raises ClassHasBegun."""
    now = now or timezone.now()
    if live_class.is_cancelled:
        return
    waiting = LiveSession.objects.filter(pk=live_class.session_id, state__in=_NOT_BEGUN)
    over = {"ended_at": now, "end_reason": LiveSession.End.STAFF, "state": LiveSession.State.FAILED}
    if not waiting.update(**over):
        raise ClassHasBegun
    LiveClass.objects.filter(pk=live_class.pk).update(cancelled_at=now, attendance_written_at=now)
    _log(live_class, AuditAction.LIVE_CLASS_CANCELLED, by, now)
    publish_on_commit(room=str(live_class.uid), kind="state", state="cancelled")


@transaction.atomic
def begin_class(*, live_class: LiveClass, now: datetime | None = None) -> None:
    """Begin: from now on minutes count. One that has begun goes on. Raises ClassNotOpen."""
    now = now or timezone.now()
    if not live_class.is_open(now):
        raise ClassNotOpen
    if live_class.session.started_at is not None:
        return
    note_media(session=live_class.session, client="desk", now=now)
    publish_on_commit(room=str(live_class.uid), kind="state", state="live")


def keep_class_on(*, live_class: LiveClass, now: datetime | None = None) -> None:
    """Note that the teacher is at her desk: a class without a picture is not over while she is there."""
    LiveSession.objects.filter(
        pk=live_class.session_id, state=LiveSession.State.INTERRUPTED, last_media_at__lt=now or timezone.now()
    ).update(last_media_at=now or timezone.now())


@transaction.atomic
def end_class(*, live_class: LiveClass, by: User, now: datetime | None = None) -> None:
    """End the class; minutes stop, and attendance is written. A repeat changes nothing."""
    now = now or timezone.now()
    if live_class.session.started_at is None:
        raise ClassNotOpen
    if end_session(session=live_class.session, now=now):
        _log(live_class, AuditAction.LIVE_CLASS_ENDED, by, now)
        publish_on_commit(room=str(live_class.uid), kind="state", state="over")
        transaction.on_commit(lambda: write_class_attendance_task.delay(live_class.pk), robust=True)


@transaction.atomic
def write_attendance(*, live_class: LiveClass, now: datetime | None = None) -> int:
    """Write into the ledger who followed for how long, once; return for how many. Only places count (E21)."""
    now = now or timezone.now()
    rows = LiveClass.objects.select_for_update(of=("self",)).select_related("session")
    locked = rows.get(pk=live_class.pk)
    session = locked.session
    if locked.attendance_written_at is not None or session.ended_at is None:
        return 0
    booked = 0
    for each in attended(locked, now):
        place = _place_of(locked, each.person.pk, list(records_of(each.person)))
        if place and each.minutes and session.started_at:
            day = timezone.localdate(session.started_at)
            span = (session.started_at, session.ended_at)
            booked += bool(
                record_live_minutes(
                    enrolment=place,
                    live_key=locked.uid,
                    on_date=day,
                    minutes=each.minutes,
                    span=span,
                    now=now,
                )
            )
    _close_what_is_open(locked, now)
    LiveClass.objects.filter(pk=locked.pk).update(attendance_written_at=now)
    return booked


def sweep_attendance(*, now: datetime | None = None) -> int:
    """Write the attendance of classes that ended without it: by their grace, or when the message was lost."""
    waiting = LiveClass.objects.filter(attendance_written_at__isnull=True, session__ended_at__isnull=False)
    return sum(write_attendance(live_class=each, now=now) is not None for each in waiting)


def _close_what_is_open(live_class: LiveClass, now: datetime) -> None:
    """Close the question nobody closed and take the hands down: nothing of it can be answered any more."""
    live_class.checks.filter(closed_at__isnull=True).update(closed_at=now)
    live_class.hands.filter(lowered_at__isnull=True).update(lowered_at=now)


def _place_of(live_class: LiveClass, root: int, records: list[Person]) -> Enrolment | None:
    """Return the place of a human being in the class; of two records the one that stands for her counts."""
    places = Enrolment.objects.filter(
        training_class=live_class.training_class_id, person__in=records
    ).select_related("training_class__course", "person")
    own_first = sorted(places, key=lambda place: (place.person_id != root, place.pk))
    return own_first[0] if own_first else None


def _log(live_class: LiveClass, action: str, by: User, now: datetime) -> None:
    record(
        actor=by,
        action=action,
        region_code=live_class.training_class.county_code,
        detail={"class": str(live_class.uid), "starts": live_class.starts_at.isoformat()},
        now=now,
    )
