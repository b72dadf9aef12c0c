"""Counting a province: 160,000 trainees, 220,000 person-times a year, 1.3 million rows of attendance.

The set of domain brief section 7, M, made once by a few statements in the bench's own database: 107 counties
of 12 towns and 190 villages each in province 97, which does not exist. Beside the facts stand, in the same
run, one statement with COUNT(DISTINCT) over the facts and the count from scratch; and what the triggers cost
who writes attendance.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from django.db import connection, transaction
from django.utils import timezone

from county.counting import FUNDING, NOW, PLACE, THEN
from county.facts import note_everything, refresh_facts
from county.maps import Asked
from county.queries import answer, recount
from courses.models import Attendance, Course, Enrolment
from tests.bench.bulk import in_bulk
from tests.bench.run import Figure, figure

PROVINCE, COUNTIES, TOWNS, VILLAGES = "97", 107, 12, 190
TRAINEES, PLACES, CLASSES = 160_000, 220_000, 4_400
ROUNDS = 12
COUNTY_MS, PROVINCE_MS, WRITE_RATIO, BUILD_SECONDS = 50, 300, 1.25, 60
YEAR = (date(2025, 1, 1), date(2025, 12, 1))

_REGIONS = """
WITH counties AS (
    SELECT '97' || lpad((1 + c / 10)::text, 2, '0') || lpad((1 + c % 10)::text, 2, '0') AS county
    FROM generate_series(0, 106) c
), codes AS (
    SELECT '97' AS code, 1 AS level, NULL AS above
    UNION ALL SELECT '97' || lpad(p::text, 2, '0'), 2, '97' FROM generate_series(1, 11) p
    UNION ALL SELECT left(county, 6), 3, left(county, 4) FROM counties
    UNION ALL SELECT county || lpad((100 + t)::text, 3, '0'), 4, county
              FROM counties, generate_series(0, 11) t
    UNION ALL SELECT county || lpad((100 + v % 12)::text, 3, '0') || lpad((200 + v / 12)::text, 3, '0'), 5,
                     county || lpad((100 + v % 12)::text, 3, '0')
              FROM counties, generate_series(0, 189) v
), numbered AS (SELECT code, level, above, row_number() OVER (ORDER BY code) AS n FROM codes),
made AS (INSERT INTO registry_region (id)
    SELECT nextval(pg_get_serial_sequence('registry_region', 'id')) FROM numbered RETURNING id),
ids AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM made)
INSERT INTO registry_regionversion
    (region_id, code, name, level, parent_id, valid, source, is_provisional, is_administrative)
SELECT ids.id, numbered.code, '地区' || numbered.code, level, above.id, daterange('1990-01-01', NULL),
       'bench', false, true
FROM numbered JOIN ids USING (n)
LEFT JOIN (SELECT code, ids.id FROM numbered JOIN ids USING (n)) above ON above.code = numbered.above
"""


def measure() -> Iterator[Figure]:
    """Yield the figures; the province is made when it is not there, which takes some minutes."""
    make_province()
    size = f"{PLACES} person-times"
    yield figure("counting_facts_built", _built(), "s", against=BUILD_SECONDS, size=size)
    yield from _questions(size)
    yield from _narrowed(size)
    yield from _against(size)
    yield from _writing()


def _built() -> float:
    """Work out all facts and cells from nothing; return the seconds it took."""
    note_everything()
    began = time.perf_counter()
    refresh_facts(timezone.localdate())
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE county_countedplace, county_countcell, county_classcell")
    return seconds


def _questions(size: str) -> Iterator[Figure]:
    for name, code, bar, places in (
        ("county", "970101", COUNTY_MS, ("town", "village")),
        ("province", PROVINCE, PROVINCE_MS, ("prefecture", "county", "town", "village")),
    ):
        for by in (None, *places, "month", "course", "category"):
            for on_map in (THEN, NOW):
                asked = Asked(code, *YEAR, on_map)
                value = p95(partial(answer, asked, by))
                label = f"counting_{name}_by_{by or 'nothing'}_{on_map}_p95"
                yield figure(label, value, "ms", against=bar, n=ROUNDS, size=size)


def _narrowed(size: str) -> Iterator[Figure]:
    """Yield the questions of one course or category, and of where a class was held and who paid."""
    course = Course.objects.get(code="B03")
    asked = {
        "one_course_by_county": (Asked(PROVINCE, *YEAR, course=course.code), "county"),
        "one_category_by_county": (Asked(PROVINCE, *YEAR, category=course.category), "county"),
        "one_course_by_month": (Asked(PROVINCE, *YEAR, course=course.code), "month"),
        "one_course_by_village": (Asked(PROVINCE, *YEAR, course=course.code), "village"),
        "one_category_by_village": (Asked(PROVINCE, *YEAR, category=course.category), "village"),
        "held_by_county": (Asked(PROVINCE, *YEAR, view=PLACE), "county"),
        "held_by_town": (Asked(PROVINCE, *YEAR, view=PLACE), "town"),
        "paid_by_county": (Asked(PROVINCE, *YEAR, view=FUNDING), "county"),
        "paid_by_town": (Asked(PROVINCE, *YEAR, view=FUNDING), "town"),
    }
    for name, question in asked.items():
        value = p95(partial(answer, *question))
        yield figure(f"counting_province_{name}_p95", value, "ms", against=PROVINCE_MS, n=ROUNDS, size=size)


def _against(size: str) -> Iterator[Figure]:
    asked = Asked(PROVINCE, *YEAR)
    facts = p95(lambda: answer(asked, "county"))
    plain = p95(_plain)
    yield figure("counting_province_count_distinct", plain, "ms", against=round(facts, 4), size=size)
    began = time.perf_counter()
    scratch = recount(asked, "county")
    yield figure("counting_province_from_scratch", (time.perf_counter() - began) * 1000, "ms", against=facts)
    yield figure("counting_differences", float(scratch != answer(asked, "county")), "differences", against=1)


def _plain() -> None:
    sql = """SELECT left(then_within, 6), count(*), count(DISTINCT person_id),
        count(DISTINCT person_id) FILTER (WHERE was_registered),
        count(DISTINCT person_id) FILTER (WHERE was_ever_registered),
        count(DISTINCT person_id) FILTER (WHERE was_monitored),
        count(DISTINCT person_id) FILTER (WHERE was_ever_registered OR was_monitored),
        count(DISTINCT person_id) FILTER (WHERE sex = 'F'),
        count(DISTINCT person_id) FILTER (WHERE identity_level < 2),
        count(DISTINCT training_class_id)
        FROM county_countedplace WHERE counts AND then_within >= '97' AND then_within < '97:'
        AND ends_on >= '2025-01-01' AND ends_on < '2026-01-01'
        GROUP BY GROUPING SETS ((), (left(then_within, 6)))"""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.fetchall()


def _writing() -> Iterator[Figure]:
    """Compare rows of attendance written one by one, each its own transaction, with and without notes."""
    enrolments = list(Enrolment.objects.filter(training_class__county_code="970102")[:200])
    with_notes, without = [], []
    for _ in range(5):
        with_notes.append(_write(enrolments))
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE courses_attendance DISABLE TRIGGER note_insert")
        without.append(_write(enrolments))
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE courses_attendance ENABLE ALWAYS TRIGGER note_insert")
    ratio = statistics.median(with_notes) / statistics.median(without)
    yield figure("counting_write_cost", ratio, "times", against=WRITE_RATIO, n=2000)
    began = time.perf_counter()
    note_everything_of(enrolments)
    refresh_facts(timezone.localdate())
    yield figure("counting_refresh_200_people", (time.perf_counter() - began) * 1000, "ms")


def note_everything_of(enrolments: list[Enrolment]) -> None:
    """Note the enrolments whose attendance was written while the triggers were off."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO county_stalefact (kind, key) SELECT 'E', unnest(%s)",
            [[one.pk for one in enrolments]],
        )


def _write(enrolments: list[Enrolment]) -> float:
    began = time.perf_counter()
    for enrolment in enrolments:
        with transaction.atomic():
            Attendance.objects.create(
                enrolment=enrolment,
                on_date=date(2025, 1, 1) + timedelta(days=random.randrange(300)),
                minutes=45,
                evidence="live",
                recorded_at=timezone.now(),
            )
    return time.perf_counter() - began


def p95(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the 95th percentile in milliseconds of some calls; the first is not counted."""
    call()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)[round(len(taken) * 0.95) - 1]


def make_province() -> None:
    """Make the province once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM courses_enrolment e JOIN courses_trainingclass c"
            " ON c.id = e.training_class_id WHERE c.county_code >= '97' AND c.county_code < '97:'"
        )
        if cursor.fetchone()[0]:
            return
        with transaction.atomic():
            cursor.execute(_REGIONS)
            for table, make in (
                ("courses_trainingclass", _make_classes),
                ("registry_person", partial(cursor.execute, _PEOPLE)),
                ("courses_enrolment", partial(cursor.execute, _PLACES)),
                ("courses_attendance", partial(cursor.execute, _ATTENDANCE)),
            ):
                with in_bulk(table):
                    make()
                cursor.execute(f"ANALYZE registry_regionversion, {table}")
        cursor.execute("ANALYZE")
    _built()


def _make_classes() -> None:
    courses = [
        Course.objects.get_or_create(
            code=f"B{n:02d}",
            defaults={"name": "课程", "name_en": "Course", "category": category, "hours": 24},
        )[0]
        for n, category in enumerate(Course.Category.values * 5)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_CLASSES, {"courses": [course.pk for course in courses], "classes": CLASSES})


_CLASSES = """
INSERT INTO courses_trainingclass
    (uid, course_id, county_id, county_code, year, number, kind, state, starts_on, ends_on, is_for_cadres,
     venue, place_code, budget_line, lead_teacher, approval_number, approval_scan, cancelled_reason,
     ledger_name, ledger_sha256, approved_at)
SELECT gen_random_uuid(), (%(courses)s::bigint[])[1 + n %% 20], c.region_id, c.code, 2025, 1 + n, 'taught',
       'closed', '2025-01-01'::date + (n * 7 %% 335), '2025-01-01'::date + (n * 7 %% 335) + 5, n %% 50 = 0,
       '', '', '', '', '', '', '', '', '', now()
FROM generate_series(0, %(classes)s - 1) n
JOIN (SELECT region_id, code, row_number() OVER (ORDER BY code) - 1 AS k FROM registry_regionversion
      WHERE level = 3 AND code >= '97' AND code < '97:') c ON c.k = n %% 107
"""
_PEOPLE = """
INSERT INTO registry_person
    (uid, name, name_key, sex, birth_year, village_id, identity_level, phone_owner, created_at)
SELECT gen_random_uuid(), '学员' || n, 'bench97', CASE WHEN n % 5 < 3 THEN 'F' ELSE 'M' END, 1945 + n % 60,
       v.region_id, CASE WHEN n % 40 = 0 THEN 1 ELSE 2 END, '', now()
FROM generate_series(0, 159999) n
JOIN (SELECT region_id, row_number() OVER (ORDER BY code) - 1 AS k FROM registry_regionversion
      WHERE level = 5 AND code >= '97' AND code < '97:') v ON v.k = n % 20330
"""
# Everybody has one place, three in eight a second one; the class lies in her own county.
_PLACES = """
INSERT INTO courses_enrolment
    (uid, person_id, training_class_id, category, enrolled_at, village_id, village_version_id, was_registered,
     was_ever_registered, was_monitored, completed_at, completed_hours, completed_practical, withdrawn_reason)
SELECT gen_random_uuid(), p.id, c.id, 'villager', c.starts_on, v.region_id, v.id, p.k % 4 = 0, p.k % 4 < 2,
       p.k % 9 = 0, CASE WHEN p.k % 5 > 0 THEN c.ends_on END, CASE WHEN p.k % 5 > 0 THEN 24 END,
       CASE WHEN p.k % 5 > 0 THEN 80 END, ''
FROM (SELECT id, village_id, row_number() OVER (ORDER BY id) AS k
      FROM registry_person WHERE name_key = 'bench97') p
JOIN registry_regionversion v ON v.region_id = p.village_id
CROSS JOIN generate_series(0, 1) again
JOIN (SELECT id, county_code, starts_on, ends_on,
             row_number() OVER (PARTITION BY county_code ORDER BY id) - 1 AS j FROM courses_trainingclass
      WHERE county_code >= '97' AND county_code < '97:') c
    ON c.county_code = left(v.code, 6) AND c.j = (p.k + again * 11) % 40
WHERE again = 0 OR p.k % 8 < 3
"""
_ATTENDANCE = """
INSERT INTO courses_attendance (enrolment_id, on_date, minutes, evidence, recorded_at, reason)
SELECT e.id, c.starts_on + s / 2, 180, 'pen', now(), ''
FROM courses_enrolment e JOIN courses_trainingclass c ON c.id = e.training_class_id
CROSS JOIN generate_series(0, 5) s
WHERE c.county_code >= '97' AND c.county_code < '97:' AND (e.id % 30 > 0 OR s = 0)
"""
