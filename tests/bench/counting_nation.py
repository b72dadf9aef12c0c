"""Counting the nation, on demand: `make bench BENCH=counting_nation`, an hour and 50 GB the first time.

Set L (domain.md 7), made once in the bench's own database: the published list of all places,
1,489 of its counties with 150,000 classes in three years, 5 million trainees in 7.5 million person-times and
45 million rows of attendance. Three in a hundred second classes lie in another county, three in a hundred
trainees belong to no village. The server writes the rows itself, quicker than COPY could hand them over.
Later runs only ask. The count from scratch, which takes minutes, comes with the set, and with NATION_CHECK=1.
NATION_SHARE=0.1 makes a tenth of it.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from county.counting import NOW, PLACE, THEN
from county.facts import note_everything, refresh_facts
from county.ledger import LEDGER, places_on
from county.maps import Asked
from county.queries import answer, recount
from courses.models import Course
from registry import region_edition
from tests.bench.bulk import in_bulk
from tests.bench.counting import COUNTY_MS, PROVINCE_MS, p95
from tests.bench.nation_set import STEPS
from tests.bench.regions import fetched
from tests.bench.run import Figure, figure

NATION_MS = 1000
ROUNDS = 12
ALL_YEARS = (date(2023, 1, 1), date(2025, 12, 1))
YEAR = (date(2025, 1, 1), date(2025, 12, 1))
_MARK = "bench-nation"  # the name_key of its people


def measure() -> Iterator[Figure]:
    """Yield the figures; the nation is made when it is not there."""
    is_new = not _is_made()
    if is_new:
        yield from _make()
    size = _size()
    yield from _questions(size)
    yield from _plain(size)
    if is_new or os.environ.get("NATION_CHECK"):
        yield from _differences(size)


def _questions(size: str) -> Iterator[Figure]:
    """Yield what each scope costs: of the regions that lie in the set, the fullest."""
    below = ("month", "course", "category")
    province, county = _fullest(2), _fullest(6)
    for name, code, bar, groupings in (
        ("nation", "", NATION_MS, (None, "province", "prefecture", "county", *below)),
        ("province", province, PROVINCE_MS, (None, "county", "town", "village", *below)),
        ("county", county, COUNTY_MS, (None, "town", "village", *below)),
    ):
        for by in groupings:
            for on_map in (THEN, NOW):
                yield _asked(
                    f"{name}_by_{by or 'nothing'}_{on_map}", bar, Asked(code, *ALL_YEARS, on_map), by, size
                )
    course = Course.objects.get(code="B03")
    for name, asked, by in (
        ("nation_one_year_by_province", Asked("", *YEAR), "province"),
        ("nation_one_course_by_province", Asked("", *ALL_YEARS, course=course.code), "province"),
        ("nation_one_category_by_month", Asked("", *ALL_YEARS, category=course.category), "month"),
        ("nation_held_by_province", Asked("", *ALL_YEARS, view=PLACE), "province"),
    ):
        yield _asked(name, NATION_MS, asked, by, size)


def _asked(name: str, bar: float, asked: Asked, by: str | None, size: str) -> Figure:
    value = p95(partial(answer, asked, by), ROUNDS)
    return figure(f"counting_l_{name}_p95", value, "ms", against=bar, n=ROUNDS, size=size)


def _plain(size: str) -> Iterator[Figure]:
    """Yield the obvious way, COUNT(DISTINCT) over the facts, though of three figures only."""
    sql = """SELECT left(then_within, 2), count(*), count(DISTINCT person_id),
        count(DISTINCT person_id) FILTER (WHERE was_registered),
        count(DISTINCT person_id) FILTER (WHERE sex = 'F')
        FROM county_countedplace WHERE counts AND ends_on >= '2023-01-01' AND ends_on < '2026-01-01'
        GROUP BY GROUPING SETS ((), (left(then_within, 2)))"""
    cells = p95(lambda: answer(Asked("", *ALL_YEARS), "province"), 3)
    value = _milliseconds(partial(_execute, sql))
    yield figure("counting_l_nation_count_distinct", value, "ms", against=round(cells, 4), size=size)


def _differences(size: str) -> Iterator[Figure]:
    """Yield in how many rows the answers differ from a count from scratch over all rows of attendance."""
    began = time.perf_counter()
    today = timezone.localdate()
    _execute("SET work_mem = '256MB'")
    _execute(f"CREATE TEMPORARY TABLE scratch AS {LEDGER.format(only='')}", places_on(today))
    yield figure("counting_l_from_scratch", time.perf_counter() - began, "s", size=size)
    for code, by, on_map in (
        ("", "province", THEN),
        ("", "province", NOW),
        ("", "county", THEN),
        ("", "month", THEN),
        ("", "course", NOW),
        (_fullest(2), "town", THEN),
        (_fullest(2), "town", NOW),
        (_fullest(6), "village", THEN),
    ):
        asked = Asked(code, *ALL_YEARS, on_map, today=today)
        found, expected = answer(asked, by), recount(asked, by, rows="scratch")
        wrong = sum(a != b for a, b in zip(found.rows, expected.rows, strict=True))
        wrong += found.total != expected.total
        name = f"counting_l_differences_{code or 'nation'}_by_{by}_{on_map}"
        yield figure(name, float(wrong), "rows", n=len(found.rows) + 1, size=size)
    _execute("RESET work_mem")


def _make() -> Iterator[Figure]:
    began = time.perf_counter()
    _say("places")
    folder = region_edition.find_folder(None, settings.BASE_DIR) or fetched()
    call_command("import_regions", all=True, source=Path(folder), stdout=sys.stderr)
    courses = [
        Course.objects.get_or_create(
            code=f"B{n:02d}",
            defaults={"name": "课程", "name_en": "Course", "category": category, "hours": 24},
        )[0].pk
        for n, category in enumerate(Course.Category.values * 5)
    ]
    _execute("ANALYZE registry_regionversion")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        cursor.execute("SELECT setseed(0.5)")
        for table, statements in STEPS:
            _say(table)
            with in_bulk(table):
                for statement in statements:
                    cursor.execute(statement, {"courses": courses, "mark": _MARK})
                _say(f"indexes of {table}")
    note_everything()
    _execute("VACUUM ANALYZE courses_enrolment, courses_attendance, registry_person, courses_trainingclass")
    yield figure("counting_l_made", time.perf_counter() - began, "s", size=_size())
    _say("facts and cells")
    seconds = _milliseconds(partial(refresh_facts, timezone.localdate())) / 1000
    yield figure("counting_l_facts_built", seconds, "s", size=_size())
    _execute("VACUUM ANALYZE county_countedplace, county_countcell, county_classcell")


def _is_made() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM registry_person WHERE name_key = %s)", [_MARK])
        return bool(cursor.fetchone()[0])


def _size() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reltuples::bigint FROM pg_class WHERE relname = ANY(%s)", [list(_COUNTED)]
        )
        rows = dict(cursor.fetchall())
    return ", ".join(f"{rows[table] / 1e6:.2f} m {name}" for table, name in _COUNTED.items())


_COUNTED = {
    "registry_person": "people",
    "courses_enrolment": "places",
    "courses_attendance": "rows of attendance",
}


def _fullest(length: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code FROM county_countcell WHERE view = 't' AND level = %s AND course_id = 0"
            " AND category = '' GROUP BY code ORDER BY sum(heads) DESC, code LIMIT 1",
            [length],
        )
        return str(cursor.fetchone()[0])


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _execute(sql: str, values: object = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _say(step: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {step}", file=sys.stderr, flush=True)
