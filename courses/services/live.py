"""Minutes of a live class in the ledger: written once, when it is over."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from courses.hours import minutes_to_earn
from courses.models import Attendance, Enrolment
from courses.queries import minutes_of_day
from courses.services.completion import complete_if_due
from courses.services.learning import lock_person


@transaction.atomic
def record_live_minutes(
    *, enrolment: Enrolment, live_key: uuid.UUID, on_date: date, minutes: int, now: datetime | None = None
) -> int:
    """Book the minutes somebody followed one live class, as far as the day allows (E22); return them.

    `live_key` names the live class: it is booked once, whatever is asked later; a correction is a new row.
    """
    now = now or timezone.now()
    lock_person(enrolment)
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
