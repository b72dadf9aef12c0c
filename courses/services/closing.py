"""Closing classes: from its last day on a class counts (R7)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from courses.errors import ClassNotBegun, ClassNotHeld, SittingsNotConfirmed, WrongStep
from courses.models import ClassDuty, Sitting, TrainingClass
from courses.services.completion import complete_class
from courses.services.duties import take_duty
from courses.services.enrolment import lock_county
from registry.models import AuditAction, User
from registry.services import record


@transaction.atomic
def close_class(
    *, training_class: TrainingClass, by: User | None = None, now: datetime | None = None
) -> TrainingClass:
    """Close a class; closed before its last day, that day becomes the day it is closed.

    Later enrolments open a new class, and those in an online one may learn on. Closing a taught class
    evaluates R4 for each place, once; all its sittings are confirmed, moved or cancelled by then.
    Closing again changes nothing. Closing approves the class and its count.
    Raises ClassNotBegun, SittingsNotConfirmed, ClassNotHeld, WrongStep and DutiesMustDiffer (A14).
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    lock_county(training_class.county)
    training_class.refresh_from_db()
    if training_class.is_ahead:
        raise WrongStep
    if training_class.state != TrainingClass.State.OPEN:
        return training_class
    if today < training_class.starts_on:
        raise ClassNotBegun
    if by is not None:
        take_duty(training_class=training_class, duty=ClassDuty.Duty.APPROVE, by=by, now=now)
    if training_class.is_taught:
        TrainingClass.objects.select_for_update(no_key=True).get(pk=training_class.pk)
        _refuse_unconfirmed(training_class)
    training_class.state = TrainingClass.State.CLOSED
    training_class.ends_on = min(training_class.ends_on, today)
    training_class.closed_at = now
    training_class.closed_by = by
    training_class.save(update_fields=["state", "ends_on", "closed_at", "closed_by"])
    if training_class.is_taught:
        complete_class(training_class=training_class, now=now)
    log(instance=training_class, action="courses.close_class", user=by)
    record(
        actor=by,
        action=AuditAction.CLASS_CLOSED,
        region_code=training_class.county_code,
        detail={"class": training_class.label, "last_day": training_class.ends_on.isoformat()},
        now=now,
    )
    return training_class


def close_online_classes(*, now: datetime | None = None) -> int:
    """Close every online class whose last day has passed; return how many."""
    now = now or timezone.now()
    due = TrainingClass.objects.filter(
        kind=TrainingClass.Kind.ONLINE, state=TrainingClass.State.OPEN, ends_on__lt=timezone.localdate(now)
    ).select_related("county")
    for training_class in due:
        close_class(training_class=training_class, now=now)
    return len(due)


def _refuse_unconfirmed(training_class: TrainingClass) -> None:
    """A class with a timetable is closed once every sitting that took place is confirmed."""
    states = set(training_class.sittings.values_list("state", flat=True))
    if states & {Sitting.State.PLANNED, Sitting.State.HELD}:
        raise SittingsNotConfirmed
    if states and Sitting.State.CONFIRMED not in states:
        raise ClassNotHeld
