"""R4: in self-paced courses evaluated whenever it may first hold, in taught classes once, at closing."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from courses.hours import hours_of_minutes, is_complete
from courses.models import Attendance, Enrolment, TrainingClass
from courses.queries import graded_tasks_of, practical_of, practical_test_of
from courses.signals import course_completed
from registry.queries.people import root_of
from registry.queries.status import status_on


@transaction.atomic
def complete_if_due(*, enrolment: Enrolment, now: datetime | None = None) -> bool:
    """Complete the enrolment if R4 holds for the first time; return whether it did so now.

    A place in a taught class is judged by `complete_class` alone. The figures of that moment are stored, and
    `course_completed` is sent in the same transaction: what a listener writes stands or falls with the
    completion.
    """
    locked = _locked(enrolment)
    if locked.training_class.is_taught:
        return False
    return _complete(locked, now or timezone.now())


def complete_class(*, training_class: TrainingClass, now: datetime) -> int:
    """Evaluate R4 for every place of a taught class, once; return how many completed."""
    places = training_class.enrolments.filter(withdrawn_at__isnull=True).order_by("seat", "pk")
    return sum(_complete(_locked(place), now) for place in places)


def _locked(enrolment: Enrolment) -> Enrolment:
    return (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("training_class__course", "person__kept_as")
        .get(pk=enrolment.pk)
    )


def _complete(locked: Enrolment, now: datetime) -> bool:
    training_class = locked.training_class
    if locked.completed_at is not None:
        return False
    minutes = Attendance.objects.filter(enrolment=locked).aggregate(total=Sum("minutes"))["total"] or 0
    if not is_complete(minutes, training_class.plan_hours, practical=Decimal(100), red_line=False):
        return False  # Too few hours: the lessons need not be read for their tasks.
    practical = practical_test_of(locked) if training_class.is_taught else None
    if practical is None:
        tasks = [(lesson_key, task.key) for lesson_key, task in graded_tasks_of(training_class.course)]
        practical = practical_of(locked, tasks)
    if not is_complete(minutes, training_class.plan_hours, practical.mark, practical.has_red_line):
        return False
    locked.completed_at = now
    locked.completed_hours = hours_of_minutes(minutes)
    locked.completed_practical = practical.mark
    day = training_class.ends_on if training_class.is_taught else timezone.localdate(now)
    locked.completed_registered = status_on(root_of(locked.person), day).is_registered
    locked.save(
        update_fields=["completed_at", "completed_hours", "completed_practical", "completed_registered"]
    )
    course_completed.send(sender=Enrolment, enrolment=locked)
    return True
