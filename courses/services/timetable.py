"""The timetable of a taught class: sittings added, moved, cancelled; the sites where they are heard."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from courses.errors import ClassNotJoinable, SittingFixed, TutorMissing
from courses.models import ClassDuty, Sitting, SittingSite, TrainingClass
from courses.services.classes import asked_reason, lock_class, log_step
from courses.services.duties import take_duty
from registry.models import AuditAction, Region, User

State = TrainingClass.State
_STANDING = (Sitting.State.PLANNED, Sitting.State.HELD, Sitting.State.CONFIRMED)


@dataclass(frozen=True)
class SittingPlan:
    """When a sitting is, what it is about, and how many of its minutes are taught (R1)."""

    kind: str
    starts_at: datetime
    ends_at: datetime
    planned_minutes: int
    topic: str = ""


@dataclass(frozen=True)
class SitePlan:
    """A place where a sitting is heard, with its tutor."""

    name: str
    region: Region | None = None
    room_capacity: int | None = None
    tutor: User | None = None
    tutor_name: str = ""


@transaction.atomic
def add_sitting(
    *,
    training_class: TrainingClass,
    plan: SittingPlan,
    by: User,
    site: SitePlan | None = None,
    now: datetime | None = None,
) -> Sitting:
    """Add a sitting to a class that is being planned, with its room as the first site.

    The first and last day of the class follow its sittings (R7). Raises WrongStep, DutiesMustDiffer.
    """
    locked = lock_class(training_class, State.PLANNED)
    take_duty(training_class=locked, duty=ClassDuty.Duty.ENTER, by=by, now=now)
    last = locked.sittings.aggregate(last=Max("number"))["last"] or 0
    sitting = Sitting.objects.create(training_class=locked, number=last + 1, **vars(plan))
    room = site or SitePlan(locked.venue, locked.place_region, locked.room_capacity)
    SittingSite.objects.create(sitting=sitting, **vars(room))
    follow_sittings(locked)
    return sitting


@transaction.atomic
def remove_sitting(*, sitting: Sitting, by: User, now: datetime | None = None) -> None:
    """Take a sitting out of a plan that is not submitted. Raises WrongStep, DutiesMustDiffer."""
    locked = lock_class(sitting.training_class, State.PLANNED)
    take_duty(training_class=locked, duty=ClassDuty.Duty.ENTER, by=by, now=now)
    sitting.sites.all().delete()
    sitting.delete()
    for number, each in enumerate(locked.sittings.order_by("number"), start=1):
        if each.number != number:
            Sitting.objects.filter(pk=each.pk).update(number=number)
    follow_sittings(locked)


@transaction.atomic
def move_sitting(
    *,
    sitting: Sitting,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: User,
    now: datetime | None = None,
) -> Sitting:
    """Hold a sitting at another time: the old one stays as moved, the new one bears its number and sites.

    Raises SittingFixed once somebody attended, ReasonMissing, WrongStep, DutiesMustDiffer.
    """
    now = now or timezone.now()
    locked, old = lock_sitting(sitting, by, now)
    why = asked_reason(reason)
    old.state, old.reason = Sitting.State.MOVED, why
    old.save(update_fields=["state", "reason"])
    new = Sitting.objects.create(
        training_class=locked,
        number=old.number,
        kind=old.kind,
        topic=old.topic,
        starts_at=starts_at,
        ends_at=ends_at,
        planned_minutes=old.planned_minutes,
        moved_from=old,
    )
    for site in old.sites.all():
        SittingSite.objects.create(
            sitting=new,
            name=site.name,
            region=site.region,
            room_capacity=site.room_capacity,
            tutor=site.tutor,
            tutor_name=site.tutor_name,
        )
    follow_sittings(locked)
    log_step(locked, AuditAction.SITTING_MOVED, by, now, sitting=old.number, reason=why)
    return new


@transaction.atomic
def cancel_sitting(*, sitting: Sitting, reason: str, by: User, now: datetime | None = None) -> Sitting:
    """Drop one sitting; the class goes on. Raises as `move_sitting` does."""
    now = now or timezone.now()
    locked, held = lock_sitting(sitting, by, now)
    held.state, held.reason = Sitting.State.CANCELLED, asked_reason(reason)
    held.save(update_fields=["state", "reason"])
    follow_sittings(locked)
    log_step(locked, AuditAction.SITTING_CANCELLED, by, now, sitting=held.number, reason=held.reason)
    return held


@transaction.atomic
def add_site(
    *, sitting: Sitting, site: SitePlan, to_all: bool = False, by: User, now: datetime | None = None
) -> SittingSite:
    """Add a receiving site (听课点) to a sitting, or to every one that is still to come.

    A site that is there by that name keeps its sheet and gets the tutor and room. Raises WrongStep.
    """
    locked = lock_class(sitting.training_class, State.PLANNED, State.OPEN)
    take_duty(training_class=locked, duty=ClassDuty.Duty.ENTER, by=by, now=now)
    wanted: QuerySet[Sitting] = locked.sittings.filter(state__in=("planned", "held"))
    for each in wanted if to_all else wanted.filter(pk=sitting.pk):
        SittingSite.objects.update_or_create(
            sitting=each, name=site.name, defaults={k: v for k, v in vars(site).items() if k != "name"}
        )
    found = SittingSite.objects.filter(sitting=sitting, name=site.name).first()
    if found is None:
        raise SittingFixed
    return found


@transaction.atomic
def play_recording(*, site: SittingSite, since: datetime, by: User, now: datetime | None = None) -> None:
    """Note that the link was lost and the recording is played (录播); it counts with a tutor in the room.

    Raises TutorMissing, SittingFixed, ClassNotJoinable, DutiesMustDiffer.
    """
    sitting = site.sitting
    if sitting.training_class.state != State.OPEN:
        raise ClassNotJoinable
    take_duty(training_class=sitting.training_class, duty=ClassDuty.Duty.ENTER, by=by, now=now)
    if sitting.state not in (Sitting.State.PLANNED, Sitting.State.HELD):
        raise SittingFixed
    if not site.tutor_label:
        raise TutorMissing
    SittingSite.objects.filter(pk=site.pk).update(recorded_since=since)


def lock_sitting(sitting: Sitting, by: User, now: datetime) -> tuple[TrainingClass, Sitting]:
    """Return class and sitting under their locks, for a change of a sitting nobody attended."""
    locked = lock_class(sitting.training_class, State.PLANNED, State.SUBMITTED, State.CHECKED, State.OPEN)
    take_duty(training_class=locked, duty=ClassDuty.Duty.ENTER, by=by, now=now)
    held = Sitting.objects.select_for_update(no_key=True).get(pk=sitting.pk)
    if held.state not in (Sitting.State.PLANNED, Sitting.State.HELD) or held.attendances.exists():
        raise SittingFixed
    return locked, held


def follow_sittings(training_class: TrainingClass) -> None:
    """Let the first and last day of the class be those of its sittings (R7, E17)."""
    days = training_class.sittings.filter(state__in=_STANDING).aggregate(
        first=Min("starts_at"), last=Max("starts_at")
    )
    if days["first"] is None:
        return
    training_class.starts_on = timezone.localdate(days["first"])
    training_class.ends_on = timezone.localdate(days["last"])
    training_class.save(update_fields=["starts_on", "ends_on"])
