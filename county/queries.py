"""The count: one exact query over enrolments, classes and the ledger of attendance.

A person-time counts when its class is closed, on the class's last day (R7), for the place the person
was registered in when she enrolled, as that place was coded then (R8), and only if she attended (R3):
minutes of the class stand in the ledger after corrections and, in an online class, a quiz was passed
(E22). Classes not closed are in training, cancelled ones count nowhere (E18). What is learnt after a
class was closed still belongs to that class.

On the map of now the same facts lie where their places lie today (E13-E15). What nobody can say is in no
village or town (待归属), but in every region that holds all the places it may be in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection
from django.db.models import Case, Q, QuerySet, When
from django.db.models import Count as CountOf
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.models import Certificate
from county.counting import THEN, UNALLOCATED, Count, CountRow, months_between
from county.maps import Asked
from courses.models import Course, TrainingClass
from registry.masking import mask_name
from registry.models import RegionVersion
from registry.queries.places import (
    COUNTY_CODE_LENGTH,
    children_of,
    in_any_subtree,
    in_subtree,
    version_by_code,
)

# The key of a row in each grouping; NULL where a person's village is unknown or not that precise.
_KEYS = {
    "town": "CASE WHEN length(place) >= 9 THEN left(place, 9) END",
    "village": "CASE WHEN length(place) = 12 THEN place END",
    "month": "to_char(ends_on, 'YYYY-MM')",
    "course": "course_code",
}
GROUPINGS = tuple(_KEYS)
# The human being behind a class's enrolments, however many records she has.
_HUMAN = Coalesce("enrolments__person__kept_as", "enrolments__person")
_INDENT = {1: "", 2: "", 3: "", 4: "　", 5: "　　"}  # ideographic spaces: a select shows no other

# Somebody with several records (registry/models/merge.py) is one head and, in one class, one person-time:
# `records` holds those people only, `seats` their enrolments with the one place they count for: where any
# record names a village, by preference the record that stands for her, else the first. In the ledger her
# minutes in a class are the longest, not the sum (E4), her status and completion what any record has.
_LEDGER = """
WITH {tables} records AS (
    SELECT a.kept_as_id AS root_id, a.id AS record_id FROM registry_person a WHERE a.kept_as_id IS NOT NULL
    UNION SELECT a.kept_as_id, a.kept_as_id FROM registry_person a WHERE a.kept_as_id IS NOT NULL
), identities AS (
    SELECT r.root_id, max(p.identity_level) AS identity_level, max(p.sex) AS any_sex
    FROM records r JOIN registry_person p ON p.id = r.record_id GROUP BY r.root_id
), seats AS (
    SELECT e.id AS enrolment_id, r.root_id, first_value(e.id) OVER (
               PARTITION BY r.root_id, e.training_class_id
               ORDER BY e.village_version_id IS NULL, e.person_id <> r.root_id, e.enrolled_at, e.id
           ) AS seat_id
    FROM records r JOIN courses_enrolment e ON e.person_id = r.record_id
), places_in_classes AS (
    SELECT p.id AS person_id, e.training_class_id, c.ends_on, course.code AS course_code, {place} AS place,
           e.was_registered, e.was_ever_registered, e.was_monitored,
           e.completed_at IS NOT NULL AS is_completed,
           coalesce(nullif(p.sex, ''), i.any_sex, '') AS sex,
           coalesce(i.identity_level, p.identity_level) AS identity_level, c.state = 'closed' AS is_closed,
           coalesce((SELECT sum(a.minutes) FROM courses_attendance a WHERE a.enrolment_id = e.id), 0)
               AS minutes,
           c.kind <> 'online' OR EXISTS (SELECT FROM courses_quizattempt q
                                         WHERE q.enrolment_id = e.id AND q.is_passed) AS has_proof,
           EXISTS (SELECT FROM certificates_certificate k
                   WHERE k.enrolment_id = e.id AND k.state = 'valid') AS is_certified
    FROM courses_enrolment e
    JOIN courses_trainingclass c ON c.id = e.training_class_id
    JOIN courses_course course ON course.id = c.course_id
    LEFT JOIN seats s ON s.enrolment_id = e.id
    LEFT JOIN identities i ON i.root_id = s.root_id
    JOIN registry_person p ON p.id = coalesce(s.root_id, e.person_id)
    JOIN courses_enrolment seat ON seat.id = coalesce(s.seat_id, e.id)
    LEFT JOIN registry_regionversion version ON version.id = seat.village_version_id
    {joins}
    WHERE c.state IN ('open', 'closed')
      AND c.ends_on >= %(since)s AND c.ends_on < %(end)s
      AND {within} COLLATE "C" >= %(code)s AND {within} COLLATE "C" < %(code_end)s
), judged AS (
    SELECT *, is_closed AND minutes > 0 AND has_proof AS counts FROM places_in_classes
), ledger AS (
    SELECT person_id, training_class_id, ends_on, course_code, place, sex, identity_level, is_closed,
           bool_or(was_registered) AS was_registered, bool_or(was_ever_registered) AS was_ever_registered,
           bool_or(was_monitored) AS was_monitored, bool_or(counts) AS counts,
           bool_or(counts AND is_completed) AS is_completed, bool_or(counts AND is_certified) AS is_certified,
           coalesce(max(minutes) FILTER (WHERE counts), 0) AS minutes
    FROM judged GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
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


@dataclass(frozen=True)
class PersonTime:
    """One counted person-time as staff may see it: who (masked), from where, in which class."""

    masked_name: str
    village: str
    training_class: TrainingClass
    minutes: int
    was_registered: bool
    was_ever_registered: bool
    was_monitored: bool
    is_completed: bool
    is_certified: bool
    person_id: int


def count(
    region_code: str,
    since_month: date,
    until_month: date,
    *,
    by: str | None = None,
    on_map: str = THEN,
    today: date | None = None,
) -> Count:
    """Return the figures of a region for the classes that ended from one month to the other, both included.

    `by` groups them by town, village, month or course; the total is counted separately. Places below the
    region, and months, appear with zeros too. `on_map` "then" places people as coded on the day they
    enrolled, "now" as of `today`; of a region that is no more, "now" shows where its people lie since.
    Raises `RegionVersion.DoesNotExist` for an unknown code and `KeyError` for an unknown grouping or map.
    """
    today = today or timezone.localdate()
    region = _newest_version(region_code)
    total, rows = _figures(Asked(region_code, since_month, until_month, on_map, today), by)
    since, until = since_month.replace(day=1), until_month.replace(day=1)
    count = Count(region_code, region.name, since, until, by, total, on_map=on_map)
    if by:
        count.rows.extend(_labelled(count, rows))
    return count


def _figures(asked: Asked, by: str | None) -> tuple[CountRow, dict[str, CountRow]]:
    key = _KEYS[by] if by else "NULL"
    grouping = f"GROUPING SETS ((), ({key}))" if by else "()"
    level = f"GROUPING({key})" if by else "1"
    sql = (  # the pieces are constants of this module
        f"{asked.on_its_map(_LEDGER)} SELECT {level} AS is_total, {key if by else 'NULL'} AS key, {_FIGURES}"  # noqa: S608
        f" FROM ledger GROUP BY {grouping}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, asked.parameters)
        names = [column.name for column in cursor.description][2:]
        found = cursor.fetchall()
    total = CountRow(key=asked.code)
    rows = {}
    for is_total, row_key, *figures in found:
        row = CountRow(key=row_key or UNALLOCATED, **dict(zip(names, figures, strict=True)))
        if is_total:
            total = replace(row, key=total.key)
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
    return {version.code: version.name for version in below} | _place_names(set(keys))


def _place_names(codes: set[str]) -> dict[str, str]:
    named = RegionVersion.objects.filter(code__in=codes).order_by("valid")
    return {version.code: version.name for version in named}


def _newest_version(code: str) -> RegionVersion:
    """Return the place that bears the code today, or bore it last: old codes keep their counts."""
    try:
        return version_by_code(code)
    except RegionVersion.DoesNotExist:
        found = RegionVersion.objects.filter(code=code).order_by("-valid").first()
        if found is None:
            raise
        return found


def regions_to_read(codes: list[str], selected: str = "") -> list[tuple[str, str]]:
    """Return (code, name) of the regions an office may choose: its own, the counties and towns in it.

    Towns are listed for counties only; `selected` is added where it lies deeper. Villages are reached
    from their town.
    """
    today = timezone.localdate()
    current = RegionVersion.objects.filter(valid__contains=today)
    condition = Q(code=selected)
    for code in codes:
        deepest = RegionVersion.Level.TOWN if len(code) >= COUNTY_CODE_LENGTH else RegionVersion.Level.COUNTY
        condition |= in_subtree(code) & Q(level__lte=deepest) | Q(code=code)
    found = current.filter(condition).order_by("code")
    return [(version.code, f"{_INDENT[version.level]}{version.name}") for version in found]


def classes_in(codes: list[str], training_bodies: Sequence[int] = ()) -> QuerySet[TrainingClass]:
    """Return the classes opened in the counties of some regions or taught by some bodies, with their places.

    The open ones come first.
    """
    condition = in_any_subtree(codes, "county_code")
    if condition:  # empty means everywhere
        condition |= Q(training_body__in=training_bodies)
    return (
        TrainingClass.objects.filter(condition)
        .select_related("course")
        .annotate(
            places=CountOf(_HUMAN, distinct=True),
            completions=CountOf(_HUMAN, filter=Q(enrolments__completed_at__isnull=False), distinct=True),
        )
        .order_by(Case(When(state=TrainingClass.State.OPEN, then=0), default=1), "-starts_on", "-number")
    )


def unprintable_in(codes: list[str]) -> QuerySet[Certificate]:
    """Return the certificates of some regions that could not be printed, for the office to look at."""
    inside = in_any_subtree(codes, "county_code")
    return Certificate.objects.filter(inside, rendering=Certificate.Rendering.FAILED).order_by("number")


def class_attendance(training_class: TrainingClass) -> tuple[int, int]:
    """Return how many places a class has, and how many of them will count as person-times when it closes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(DISTINCT coalesce(p.kept_as_id, p.id)),
                      count(DISTINCT coalesce(p.kept_as_id, p.id)) FILTER (
                   WHERE coalesce((SELECT sum(a.minutes) FROM courses_attendance a
                                   WHERE a.enrolment_id = e.id), 0) > 0
                   AND (c.kind <> 'online' OR EXISTS (SELECT FROM courses_quizattempt q
                                                      WHERE q.enrolment_id = e.id AND q.is_passed)))
               FROM courses_enrolment e JOIN courses_trainingclass c ON c.id = e.training_class_id
               JOIN registry_person p ON p.id = e.person_id
               WHERE c.id = %s""",
            [training_class.pk],
        )
        places, attended = cursor.fetchone()
    return places, attended


def people_behind(
    code: str,
    since_month: date,
    until_month: date,
    *,
    first: int = 0,
    most: int = 50,
    on_map: str = THEN,
    today: date | None = None,
) -> list[PersonTime]:
    """Return the person-times behind the figures of a region and period, names masked, newest first.

    `first` is how many to leave out, `most` how many to return at most.
    """
    asked = Asked(code, since_month, until_month, on_map, today or timezone.localdate())
    sql = f"""{asked.on_its_map(_LEDGER)} SELECT p.name, l.place, l.training_class_id, l.minutes,
        l.was_registered, l.was_ever_registered, l.was_monitored, l.is_completed, l.is_certified, l.person_id
        FROM ledger l JOIN registry_person p ON p.id = l.person_id WHERE l.counts
        ORDER BY l.ends_on DESC, l.training_class_id, l.person_id LIMIT %(most)s OFFSET %(first)s"""  # noqa: S608 - constants of this module
    with connection.cursor() as cursor:
        cursor.execute(sql, {**asked.parameters, "most": most, "first": first})
        found = cursor.fetchall()
    classes = TrainingClass.objects.select_related("course").in_bulk({row[2] for row in found})
    names = _place_names({row[1] for row in found if row[1]})
    return [
        PersonTime(mask_name(name), names.get(place, ""), classes[class_id], *facts)
        for name, place, class_id, *facts in found
    ]
