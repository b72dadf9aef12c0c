"""The steps of a taught class: planned, submitted, checked, approved, or cancelled. Closing: `closing.py`."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from courses.errors import CapacityTooSmall, ReasonMissing, TeacherUnknown, TimetableTooShort, WrongStep
from courses.hours import minutes_of
from courses.models import ClassDuty, Course, TrainingClass
from courses.queries.teachers import accounts_to_teach
from courses.services.duties import take_duty
from courses.services.enrolment import lock_county, next_number
from courses.services.places import fill_places, places_taken
from registry.models import AuditAction, Organisation, Region, User
from registry.queries.places import county_of, version_on
from registry.services import record

State, Duty = TrainingClass.State, ClassDuty.Duty


@dataclass(frozen=True)
class ClassPlan:
    """What the office approves: when, where, how long, for how many, who pays and who teaches."""

    starts_on: date
    ends_on: date
    planned_hours: Decimal
    capacity: int
    venue: str
    room_capacity: int | None = None
    budget_line: str = ""
    funding_region: Region | None = None
    lead_teacher: str = ""
    is_for_cadres: bool = False
    training_body: Organisation | None = None


@transaction.atomic
def plan_class(
    *, course: Course, place: Region, plan: ClassPlan, by: User, now: datetime | None = None
) -> TrainingClass:
    """Plan a taught class of `course` held in `place`; it gets the next number of the county and year.

    Planning enters data (A14). Raises ValueError for a place in no county.
    """
    now = now or timezone.now()
    county, version = county_of(place, plan.starts_on), version_on(place, plan.starts_on)
    if county is None or version is None:
        raise ValueError(place)
    lock_county(county.region)
    training_class = TrainingClass.objects.create(
        course=course,
        county=county.region,
        county_code=county.code,
        place_region=place,
        place_code=version.code,
        year=plan.starts_on.year,
        number=next_number(county.region, plan.starts_on.year),
        kind=TrainingClass.Kind.TAUGHT,
        state=State.PLANNED,
        planned_by=by,
        **vars(plan),
    )
    take_duty(training_class=training_class, duty=Duty.ENTER, by=by, now=now)
    log_step(training_class, AuditAction.CLASS_PLANNED, by, now)
    return training_class


@transaction.atomic
def change_plan(
    *, training_class: TrainingClass, plan: ClassPlan, by: User, now: datetime | None = None
) -> TrainingClass:
    """Write a new plan over one that is not submitted; its number stays. Raises WrongStep."""
    locked = lock_class(training_class, State.PLANNED)
    take_duty(training_class=locked, duty=Duty.ENTER, by=by, now=now)
    for name, value in vars(plan).items():
        setattr(locked, name, value)
    locked.save(update_fields=list(vars(plan)))
    return locked


@transaction.atomic
def submit_class(*, training_class: TrainingClass, by: User, now: datetime | None = None) -> TrainingClass:
    """Hand the plan in. Its sittings must hold the planned hours: raises TimetableTooShort, WrongStep."""
    now = now or timezone.now()
    locked = lock_class(training_class, State.PLANNED)
    take_duty(training_class=locked, duty=Duty.ENTER, by=by, now=now)
    taught = locked.sittings.exclude(state__in=["moved", "cancelled"]).aggregate(sum=Sum("planned_minutes"))
    if (taught["sum"] or 0) < minutes_of(locked.plan_hours):
        raise TimetableTooShort
    locked.submitted_by, locked.submitted_at = by, now
    return _step(
        locked, State.SUBMITTED, AuditAction.CLASS_SUBMITTED, by, now, "submitted_by", "submitted_at"
    )


@transaction.atomic
def check_class(*, training_class: TrainingClass, by: User, now: datetime | None = None) -> TrainingClass:
    """Say that roster and poverty status were checked. Raises WrongStep, DutiesMustDiffer (A14)."""
    now = now or timezone.now()
    locked = lock_class(training_class, State.SUBMITTED)
    take_duty(training_class=locked, duty=Duty.CHECK, by=by, now=now)
    locked.checked_by, locked.checked_at = by, now
    return _step(locked, State.CHECKED, AuditAction.CLASS_CHECKED, by, now, "checked_by", "checked_at")


@transaction.atomic
def send_back_class(
    *, training_class: TrainingClass, reason: str, by: User, now: datetime | None = None
) -> TrainingClass:
    """Return a submitted or checked plan to whoever made it, with a reason.

    Before the check this is the checker's, after it the approver's step (A14).
    Raises WrongStep, ReasonMissing, DutiesMustDiffer.
    """
    now = now or timezone.now()
    locked = lock_class(training_class, State.SUBMITTED, State.CHECKED)
    duty = Duty.CHECK if locked.state == State.SUBMITTED else Duty.APPROVE
    take_duty(training_class=locked, duty=duty, by=by, now=now)
    why = asked_reason(reason)
    return _step(locked, State.PLANNED, AuditAction.CLASS_SENT_BACK, by, now, reason=why)


@transaction.atomic
def approve_class(
    *,
    training_class: TrainingClass,
    approval_number: str,
    by: User,
    scan: ContentFile | None = None,
    now: datetime | None = None,
) -> TrainingClass:
    """Approve a checked class: from now on people may join it by themselves.

    `scan` is what `registry.scans.check_scan` returned. Raises WrongStep, DutiesMustDiffer (A14).
    """
    now = now or timezone.now()
    locked = lock_class(training_class, State.CHECKED)
    take_duty(training_class=locked, duty=Duty.APPROVE, by=by, now=now)
    locked.approved_by, locked.approved_at = by, now
    locked.approval_number = approval_number.strip()
    if scan is not None:
        locked.approval_scan.save("approval", scan, save=False)
    fields = ("approved_by", "approved_at", "approval_number", "approval_scan")
    return _step(locked, State.OPEN, AuditAction.CLASS_APPROVED, by, now, *fields)


@transaction.atomic
def cancel_class(
    *, training_class: TrainingClass, reason: str, by: User, now: datetime | None = None
) -> TrainingClass:
    """End a class that does not take place (未成班). Who came keeps her hours, and nothing counts (E18).

    Cancelling is the approver's (A14). Raises WrongStep, ReasonMissing, DutiesMustDiffer.
    """
    now = now or timezone.now()
    locked = lock_class(training_class, State.PLANNED, State.SUBMITTED, State.CHECKED, State.OPEN)
    if not locked.is_taught:
        raise WrongStep
    take_duty(training_class=locked, duty=Duty.APPROVE, by=by, now=now)
    locked.cancelled_by, locked.cancelled_at = by, now
    locked.cancelled_reason = asked_reason(reason)
    fields = ("cancelled_by", "cancelled_at", "cancelled_reason")
    locked.sittings.filter(state="planned").update(state="cancelled", reason=locked.cancelled_reason)
    return _step(
        locked, State.CANCELLED, AuditAction.CLASS_CANCELLED, by, now, *fields, reason=locked.cancelled_reason
    )


@transaction.atomic
def change_capacity(
    *, training_class: TrainingClass, capacity: int, reason: str, by: User, now: datetime | None = None
) -> TrainingClass:
    """Give an open class more or fewer places, the approver's step; who waits moves up.

    The log keeps what was approved before, with the reason. Raises WrongStep, CapacityTooSmall,
    ReasonMissing, DutiesMustDiffer (A14).
    """
    now, why = now or timezone.now(), asked_reason(reason)
    locked = lock_class(training_class, State.OPEN)
    take_duty(training_class=locked, duty=Duty.APPROVE, by=by, now=now)
    if not locked.is_taught or capacity < max(1, places_taken(locked)):
        raise CapacityTooSmall
    before, locked.capacity = locked.capacity or 0, capacity
    locked.save(update_fields=["capacity"])
    moved_up = len(fill_places(training_class=locked, now=now))
    detail: dict[str, str | int] = {"from": before, "to": capacity, "moved_up": moved_up, "reason": why}
    log_step(locked, AuditAction.CLASS_CAPACITY_CHANGED, by, now, **detail)
    return locked


@transaction.atomic
def name_teacher(
    *, training_class: TrainingClass, account: User | None, by: User, now: datetime | None = None
) -> TrainingClass:
    """Name the login of the lead teacher, or none, until the class is over. It enters data (A14).

    With it a teacher in two places at once shows, whatever her name is written like. Raises WrongStep,
    DutiesMustDiffer, and TeacherUnknown for an account that may not teach here.
    """
    now = now or timezone.now()
    locked = lock_class(training_class, State.PLANNED, State.SUBMITTED, State.CHECKED, State.OPEN)
    take_duty(training_class=locked, duty=Duty.ENTER, by=by, now=now)
    if account is not None and not accounts_to_teach(locked, now=now).filter(pk=account.pk).exists():
        raise TeacherUnknown
    locked.lead_account = account
    locked.save(update_fields=["lead_account"])
    log_step(locked, AuditAction.CLASS_TEACHER_NAMED, by, now, login=account.pk if account else 0)
    return locked


def lock_class(training_class: TrainingClass, *states: str) -> TrainingClass:
    """Return the class under its lock; raises WrongStep unless it is in one of `states`."""
    locked = (
        TrainingClass.objects.select_for_update(no_key=True, of=("self",))
        .select_related("course", "county")
        .get(pk=training_class.pk)
    )
    if locked.state not in states:
        raise WrongStep
    return locked


def asked_reason(reason: str) -> str:
    """Return a reason without blanks around it; raises ReasonMissing when there is none."""
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()[:200]


def log_step(
    training_class: TrainingClass, action: str, by: User | None, now: datetime, **detail: str | int
) -> None:
    """Write a step of the class into the audit log."""
    record(
        actor=by,
        action=action,
        region_code=training_class.county_code,
        detail={"class": training_class.label, **detail},
        now=now,
    )


def _step(
    locked: TrainingClass, state: str, action: str, by: User, now: datetime, *fields: str, reason: str = ""
) -> TrainingClass:
    locked.state = state
    locked.save(update_fields=["state", *fields])
    log_step(locked, action, by, now, **({"reason": reason} if reason else {}))
    return locked
