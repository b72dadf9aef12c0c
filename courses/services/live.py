"""Minutes of a live class in the ledger: written once, when it is over.

In a taught class with a live hour on its timetable at that time they are one more piece of evidence for that
sitting, of which the longest counts (E4); otherwise they are a line of their own.
"""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from courses.errors import CourseError
from courses.hours import minutes_to_earn
from courses.models import Attendance, Enrolment, Evidence, Sitting
from courses.queries import minutes_of_day
from courses.queries.sittings import live_sitting_at
from courses.services.completion import complete_if_due
from courses.services.learning import lock_person
from courses.services.sign_in import Proof, sign_in

Span = tuple[datetime, datetime]


@transaction.atomic
def record_live_minutes(
    *,
    enrolment: Enrolment,
    live_key: uuid.UUID,
    on_date: date,
    minutes: int,
    span: Span | None = None,
    now: datetime | None = None,
) -> int:
    """Book the minutes somebody followed one live class, as far as the day allows (E22); return them.

    `live_key` names the live class: it is booked once, whatever is asked later; a correction is a new row.
    `span` is when it was on: of a live hour on the timetable then, it proves what nothing longer proved.
    """
    now = now or timezone.now()
    lock_person(enrolment)
    sitting = live_sitting_at(enrolment.training_class, *span) if span else None
    if sitting is not None:
        return _prove_sitting(enrolment, sitting, live_key, minutes, now)
    if Attendance.objects.filter(enrolment=enrolment, lesson_key=live_key).exists():
        return 0
    booked = minutes_to_earn(lesson=minutes, earned=0, today=minutes_of_day(enrolment.person, on_date))
    if booked == 0:
        return 0
    Attendance.objects.create(
        enrolment=enrolment,
        lesson_key=live_key,
        on_date=on_date,
        minutes=booked,
        evidence=Attendance.Evidence.LIVE,
        recorded_at=now,
    )
    complete_if_due(enrolment=enrolment, now=now)
    return booked


def _prove_sitting(
    enrolment: Enrolment, sitting: Sitting, live_key: uuid.UUID, minutes: int, now: datetime
) -> int:
    """Sign her in to the sitting online; nothing is added to one that is confirmed, or to a closed class."""
    rows = Attendance.objects.filter(enrolment=enrolment, sitting=sitting)
    before = rows.aggregate(sum=Sum("minutes"))["sum"] or 0
    proof = Proof(Evidence.LIVE, minutes, client_token=uuid.uuid5(live_key, str(enrolment.uid)))
    try:
        with transaction.atomic():
            sign_in(enrolment=enrolment, sitting=sitting, proof=proof, now=now)
    except CourseError:
        return 0
    return int(rows.aggregate(sum=Sum("minutes"))["sum"] or 0) - before
