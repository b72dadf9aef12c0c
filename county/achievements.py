"""What officials achieved, computed from the records of classes; nobody types it in (domain.md 1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from registry.models import Appointment

# What an account did on a day (Asia/Shanghai) on which the appointment held.
_DONE = """
SELECT a.id,
       (SELECT count(*) FROM courses_classduty d
        WHERE d.user_id = a.user_id AND (d.taken_at AT TIME ZONE 'Asia/Shanghai')::date <@ a.valid),
       (SELECT count(*) FROM courses_assessment m
        WHERE m.marker_id = a.user_id AND (m.decided_at AT TIME ZONE 'Asia/Shanghai')::date <@ a.valid),
       (SELECT count(*) FROM courses_trainingclass c
        WHERE c.closed_by_id = a.user_id AND (c.closed_at AT TIME ZONE 'Asia/Shanghai')::date <@ a.valid),
       (SELECT count(*) FROM certificates_certificate k
        WHERE k.issued_by_id = a.user_id AND (k.issued_at AT TIME ZONE 'Asia/Shanghai')::date <@ a.valid)
FROM registry_appointment a WHERE a.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Achievements:
    """What was done in an appointment: classes with a duty, works marked, classes closed, papers issued."""

    classes: int
    marked: int
    closed: int
    issued: int


def achievements_of(appointments: Sequence[Appointment]) -> dict[int, Achievements]:
    """Return the achievements by appointment id; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [[appointment.pk for appointment in appointments]])
        return {pk: Achievements(*figures) for pk, *figures in cursor.fetchall()}
