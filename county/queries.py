"""The count: one exact query over enrolments, classes and the ledger of attendance.

A person-time counts when its class is closed, on the class's last day (R7), for the place the person
was registered in when she enrolled, as that place was coded then (R8), and only if she attended (R3):
minutes of the class stand in the ledger after corrections and, in an online class, a quiz was passed
(E22). Classes not closed are in training, cancelled ones count nowhere (E18). What is learnt after a
class was closed still belongs to that class.
"""

from dataclasses import replace
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from county.counting import UNALLOCATED, Count, CountRow, month_after, months_between
from courses.models import Course
from registry.models import RegionVersion
from registry.queries.places import children_of, version_by_code

# The key of a row in each grouping; NULL where a person's village is unknown or not that precise.
_KEYS = {
    "town": "CASE WHEN length(place) >= 9 THEN left(place, 9) END",
    "village": "CASE WHEN length(place) = 12 THEN place END",
    "month": "to_char(ends_on, 'YYYY-MM')",
    "course": "course_code",
}
GROUPINGS = tuple(_KEYS)

_LEDGER = """
WITH places_in_classes AS (
    SELECT e.person_id, e.training_class_id, c.ends_on, course.code AS course_code, version.code AS place,
           e.was_registered, e.was_ever_registered, e.was_monitored,
           e.completed_at IS NOT NULL AS is_completed,
           p.sex, p.identity_level, c.state = 'closed' AS is_closed,
           coalesce((SELECT sum(a.minutes) FROM courses_attendance a WHERE a.enrolment_id = e.id), 0)
               AS minutes,
           c.kind <> 'online' OR EXISTS (SELECT FROM courses_quizattempt q
                                         WHERE q.enrolment_id = e.id AND q.is_passed) AS has_proof,
           EXISTS (SELECT FROM certificates_certificate k
                   WHERE k.enrolment_id = e.id AND k.state = 'valid') AS is_certified
    FROM courses_enrolment e
    JOIN courses_trainingclass c ON c.id = e.training_class_id
    JOIN courses_course course ON course.id = c.course_id
    JOIN registry_person p ON p.id = e.person_id
    LEFT JOIN registry_regionversion version ON version.id = e.village_version_id
    WHERE c.state IN ('open', 'closed')
      AND c.ends_on >= %(since)s AND c.ends_on < %(end)s
      AND coalesce(version.code, c.county_code) COLLATE "C" >= %(code)s
      AND coalesce(version.code, c.county_code) COLLATE "C" < %(code_end)s
), ledger AS (
    SELECT *, is_closed AND minutes > 0 AND has_proof AS counts FROM places_in_classes
)
"""
_FIGURES = """
    count(DISTINCT training_class_id) FILTER (WHERE counts) AS classes,
    count(*) FILTER (WHERE is_closed) AS enrolled,
    count(*) FILTER (WHERE counts) AS person_times,
    count(DISTINCT person_id) FILTER (WHERE counts) AS heads,
    count(*) FILTER (WHERE counts AND was_registered) AS poor_person_times,
    count(DISTINCT person_id) FILTER (WHERE counts AND was_registered) AS poor_heads,
    count(DISTINCT person_id) FILTER (WHERE counts AND was_ever_registered) AS registered_heads,
    count(DISTINCT person_id) FILTER (WHERE counts AND was_monitored) AS monitored_heads,
    count(DISTINCT person_id) FILTER (WHERE counts AND (was_ever_registered OR was_monitored)) AS aided_heads,
    count(DISTINCT person_id) FILTER (WHERE counts AND sex = 'F') AS women,
    count(DISTINCT person_id) FILTER (WHERE counts AND identity_level < 2) AS unverified,
    count(*) FILTER (WHERE counts AND is_completed) AS completed,
    count(*) FILTER (WHERE counts AND is_certified) AS certificates,
    coalesce(sum(minutes) FILTER (WHERE counts), 0)::bigint AS minutes,
    count(*) FILTER (WHERE NOT is_closed) AS in_training
"""


def count(region_code: str, since_month: date, until_month: date, *, by: str | None = None) -> Count:
    """Return the figures of a region for the classes that ended from one month to the other, both included.

    `by` groups them by town, village, month or course; the total is counted separately. Places below the
    region, and months, appear with zeros too. Raises `RegionVersion.DoesNotExist` for an unknown code
    and `KeyError` for an unknown grouping.
    """
    since = since_month.replace(day=1)
    end = month_after(until_month)
    region = _newest_version(region_code)
    total, rows = _figures(region_code, since, end, by)
    count = Count(region_code, region.name, since, until_month.replace(day=1), by, total)
    if by:
        count.rows.extend(_labelled(count, rows))
    return count


def _figures(code: str, since: date, end: date, by: str | None) -> tuple[CountRow, dict[str, CountRow]]:
    key = _KEYS[by] if by else "NULL"
    grouping = f"GROUPING SETS ((), ({key}))" if by else "()"
    level = f"GROUPING({key})" if by else "1"
    sql = (  # the pieces are constants of this module
        f"{_LEDGER} SELECT {level} AS is_total, {key if by else 'NULL'} AS key, {_FIGURES}"  # noqa: S608
        f" FROM ledger GROUP BY {grouping}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {"since": since, "end": end, "code": code, "code_end": f"{code}:"})
        names = [column.name for column in cursor.description][2:]
        found = cursor.fetchall()
    total = CountRow(key=code)
    rows = {}
    for is_total, row_key, *figures in found:
        row = CountRow(key=row_key or UNALLOCATED, **dict(zip(names, figures, strict=True)))
        if is_total:
            total = replace(row, key=code)
        else:
            rows[row.key] = row
    return total, rows


def _labelled(count: Count, rows: dict[str, CountRow]) -> list[CountRow]:
    """Give each row its name, add the ones that are zero, and sort; the unallocated come last."""
    names = _names(count, list(rows))
    keys = sorted({*rows, *names} - {UNALLOCATED}) + ([UNALLOCATED] if UNALLOCATED in rows else [])
    return [
        replace(rows.get(key, CountRow(key=key)), label=names.get(key, key) or _("Unallocated"))
        for key in keys
    ]


def _names(count: Count, keys: list[str]) -> dict[str, str]:
    if count.by == "month":
        return {month: month for month in months_between(count.since, count.until)}
    if count.by == "course":
        return {course.code: course.title for course in Course.objects.filter(code__in=keys)}
    wanted = RegionVersion.Level.TOWN if count.by == "town" else RegionVersion.Level.VILLAGE
    below = children_of(count.region_code).filter(level=wanted)
    named = RegionVersion.objects.filter(code__in=keys).order_by("valid")
    return {version.code: version.name for version in [*below, *named]}


def _newest_version(code: str) -> RegionVersion:
    """Return the place that bears the code today, or bore it last: old codes keep their counts."""
    try:
        return version_by_code(code)
    except RegionVersion.DoesNotExist:
        found = RegionVersion.objects.filter(code=code).order_by("-valid").first()
        if found is None:
            raise
        return found
