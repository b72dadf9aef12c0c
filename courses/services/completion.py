"""R4 for self-paced courses: evaluated whenever it may first hold, stored once."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from courses.hours import hours_of_minutes, is_complete
from courses.models import Attendance, Enrolment
from courses.queries import graded_tasks_of, practical_of
from courses.signals import course_completed


@transaction.atomic
def complete_if_due(*, enrolment: Enrolment, now: datetime | None = None) -> bool:
    """Complete the enrolment if R4 holds for the first time; return whether it did so now.

    The figures of that moment are stored, and `course_completed` is sent in the same transaction: what a
    listener writes stands or falls with the completion.
    """
    now = now or timezone.now()
    locked = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("training_class__course", "person")
        .get(pk=enrolment.pk)
    )
    course = locked.training_class.course
    if locked.completed_at is not None:
        return False
    minutes = Attendance.objects.filter(enrolment=locked).aggregate(total=Sum("minutes"))["total"] or 0
    if not is_complete(minutes, course.hours, practical=Decimal(100), red_line=False):
        return False  # Too few hours: the lessons need not be read for their tasks.
    tasks = [(lesson_key, task.key) for lesson_key, task in graded_tasks_of(course)]
    practical = practical_of(locked, tasks)
    if not is_complete(minutes, course.hours, practical.mark, practical.has_red_line):
        return False
    locked.completed_at = now
    locked.completed_hours = hours_of_minutes(minutes)
    locked.completed_practical = practical.mark
    locked.save(update_fields=["completed_at", "completed_hours", "completed_practical"])
    course_completed.send(sender=Enrolment, enrolment=locked)
    return True
