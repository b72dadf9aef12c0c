"""One person, once, at province size: looking somebody up by number, and the duplicate desk.

1,260,000 fictional people of 29 counties (domain brief, section 7) are made once and stay in the bench's own
database: real sealed numbers with the unassigned prefix 99 and real keyed hashes. One in a hundred has no ID
number; half of these look like a neighbour, and the number of 300 others is a neighbour's with a slip.
"""

import random
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from registry import second_factor
from registry.id_numbers import check_character
from registry.models import Appointment, Person, Region, RegionVersion, User
from registry.queries.duplicates import likely_pairs
from registry.queries.people import person_by_id_number
from registry.roster.copying import copy_rows
from registry.services import appoint
from tests.bench.run import Figure, figure

PEOPLE, COUNTIES, VILLAGES = 1_260_000, 29, 200  # villages a county
NUMBERLESS_EVERY, SLIPS = 100, 300
PROVINCE, COUNTY = "98", "980101"  # no such province: nothing of the demo lies there
LOOKUPS, VISITS, SAMPLE = 400, 15, 2_000
LOOKUP_MS = 5  # the bar of issue 3
_BORN = date(1940, 1, 1)
_DAYS = 25_000
_GIVEN = "安宝春德恩芳贵海和华吉佳建金兰丽林玲明宁平琴青荣瑞山顺泰文祥新秀学雅勇玉云珍志中"


def measure() -> Iterator[Figure]:
    """Yield the figures; the people are made when they are not there, which takes a minute or two."""
    seconds = _make_people()
    size = f"{PEOPLE} people"
    if seconds:
        yield figure("people_made", seconds, "s", against=120, size=size)
    bearers = [n for n in range(PEOPLE) if n % NUMBERLESS_EVERY > 2]
    numbers = [id_number(n) for n in random.Random(1).sample(bearers, LOOKUPS)]
    _found(numbers[0])
    lookups = [_milliseconds(lambda n=number: _found(n)) for number in numbers]
    lookup = _p95(lookups)
    yield figure("person_lookup_median", statistics.median(lookups), "ms", n=LOOKUPS, size=size)
    yield figure("person_lookup_p95", lookup, "ms", against=LOOKUP_MS, n=LOOKUPS, size=size)
    opened = _milliseconds(_open_sample) / SAMPLE * PEOPLE
    yield figure("person_lookup_by_opening", opened, "ms", against=round(lookup, 4), size=f"from {SAMPLE}")
    yield from _desk_figures(size)


def id_number(n: int, serial: str = "9") -> str:
    """Return the ID number of person `n`; another first digit of `serial` makes one a slip away from it."""
    born = _born(n)
    first = f"990000{born:%Y%m%d}{serial}{99 - n // _DAYS}"  # the demo's serials are below
    return first + check_character(first)


def _born(n: int) -> date:
    return _BORN + timedelta(days=n * 7919 % _DAYS)  # a prime: each day once before any comes again


def _desk_figures(size: str) -> Iterator[Figure]:
    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="zh-CN")
    _sign_in(client)
    _visit(client)  # content types and templates are read once a process
    with CaptureQueriesContext(connection) as captured:
        _visit(client)
        queries = len(captured)
    page = _p95([_milliseconds(lambda: _visit(client)) for _ in range(VISITS)])
    county = _p95([_milliseconds(lambda: likely_pairs([COUNTY])) for _ in range(VISITS)])
    joined = _milliseconds(lambda: _self_join(COUNTY))
    province = _p95([_milliseconds(lambda: likely_pairs([PROVINCE])) for _ in range(5)])
    found = len(likely_pairs([COUNTY]))
    yield figure("duplicate_desk_queries", queries, "queries", size=size)
    yield figure(
        "duplicate_desk_p95", page, "ms", n=VISITS, size=f"one of {COUNTIES} counties, {found} pairs"
    )
    yield figure("duplicate_query_p95", county, "ms", against=round(joined, 1), n=VISITS, size="self-join")
    joined = _milliseconds(lambda: _self_join(PROVINCE))
    yield figure("duplicate_query_province_p95", province, "ms", against=round(joined, 1), n=5, size=size)
    each = _milliseconds(_orm_loop) / SAMPLE
    loop = each * PEOPLE / COUNTIES
    yield figure(
        "duplicate_query_orm_loop", loop, "ms", against=round(county, 1), size=f"from {SAMPLE} people"
    )


def _found(number: str) -> None:
    if person_by_id_number(number) is None:
        raise RuntimeError("A person is not found by her number.")


def _open_sample() -> None:
    """The obvious way without a keyed hash: open every number and compare."""
    for person in Person.objects.filter(id_number_sealed__isnull=False).order_by("pk")[:SAMPLE]:
        if person.id_number == "":
            raise RuntimeError("A number cannot be opened.")


def _sign_in(client: Client) -> None:
    client.force_login(_office(), backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[second_factor.SESSION_KEY] = second_factor.PASSED
    session.save()


def _visit(client: Client) -> None:
    response = client.get(reverse("duplicate_list"))
    if response.status_code != 200 or response.content.count(b"duplicates__names") != 20:
        raise RuntimeError(f"The desk answered {response.status_code}")


def _self_join(code: str) -> None:
    """The obvious way: the register joined with itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT a.id, b.id FROM registry_person a
               JOIN registry_person b ON b.name_key = a.name_key AND b.village_id = a.village_id
                    AND (b.birth_year = a.birth_year OR b.birth_year IS NULL OR a.birth_year IS NULL)
                    AND (a.id_number_hash IS NULL OR b.id_number_hash IS NULL) AND a.id < b.id
               JOIN registry_regionversion v ON v.region_id = a.village_id
               WHERE v.code >= %s AND v.code < %s
               ORDER BY b.id DESC""",
            [code, f"{code}:"],
        )
        cursor.fetchall()


def _orm_loop() -> None:
    """The obvious way in Python: for everybody, ask for others like her."""
    for person in Person.objects.filter(village__versions__code__startswith=COUNTY)[:SAMPLE]:
        like = Person.objects.filter(name_key=person.name_key, village=person.village_id)
        list(like.exclude(pk=person.pk))


def _office() -> User:
    user, _is_new = User.objects.get_or_create(username="bench-duplicates")
    county = RegionVersion.objects.get(code=COUNTY).region
    appoint(user=user, role=Appointment.Role.OFFICE, region=county, since=date(2020, 1, 1))
    return user


def _milliseconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def _make_people() -> float:
    """Make them unless they are there; return the seconds it took, 0 when nothing was to do."""
    if RegionVersion.objects.filter(code=PROVINCE).exists():
        return 0
    began = time.perf_counter()
    with transaction.atomic(), _indexed_afterwards("registry_person"):
        copy_rows("registry_person", _COLUMNS, _rows(_make_places()))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE registry_person")
        cursor.execute("ANALYZE registry_regionversion")
    return time.perf_counter() - began


@contextmanager
def _indexed_afterwards(table: str) -> Iterator[None]:
    """Build the indexes of `table` that carry no constraint after the rows are in, all in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s
               AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass)""",
            [table, table],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no index while checks are pending
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for _name, definition in indexes:
            cursor.execute(definition)


_COLUMNS = (
    "uid", "name", "name_key", "sex", "birth_year", "village_id", "id_number_sealed", "id_number_hash",
    "temporary_number", "identity_level", "phone_sealed", "phone_hash", "phone_owner", "listed_on",
    "created_at",
)  # fmt: skip


def _make_places() -> list[int]:
    """Make the province, its counties and villages; return the villages, county by county."""
    codes = [(PROVINCE, RegionVersion.Level.PROVINCE)]
    for county in range(COUNTIES):
        prefix = f"{PROVINCE}01{county + 1:02d}"
        codes.append((prefix, RegionVersion.Level.COUNTY))
        codes += [(f"{prefix}100{200 + n}", RegionVersion.Level.VILLAGE) for n in range(VILLAGES)]
    regions = Region.objects.bulk_create(Region() for _code in codes)
    RegionVersion.objects.bulk_create(
        RegionVersion(
            region=region,
            code=code,
            name=f"示例{code}",
            level=level,
            valid=DateRange(None, None),
            source="bench",
        )
        for region, (code, level) in zip(regions, codes, strict=True)
    )
    return [
        region.pk
        for region, (_code, level) in zip(regions, codes, strict=True)
        if level == RegionVersion.Level.VILLAGE
    ]


def _rows(villages: list[int]) -> Iterator[tuple[Any, ...]]:
    dice, now = random.Random(2026), timezone.now()
    before = ("学安安安", 1990)
    for n in range(PEOPLE):
        name, year = _name(dice), _born(n).year
        number = "" if n % NUMBERLESS_EVERY == 0 else id_number(n)
        if not number and n // NUMBERLESS_EVERY % 2:  # half of those without a number look like a neighbour
            name, year = before
        if n % (PEOPLE // SLIPS) == 2:
            number, (name, year) = id_number(n - 1, "8"), before
        yield _row(n, name, year, villages[n * len(villages) // PEOPLE], number, now)
        before = (name, year)


def _row(n: int, name: str, year: int, village: int, number: str, now: Any) -> tuple[Any, ...]:
    person = Person(uid=uuid.UUID(int=(98 << 120) + n))
    person.id_number = number
    person.phone = f"+8619{n % 10**9:09d}" if n % 3 else ""
    return (
        person.uid, name, name, "F", year, village, person.id_number_sealed, person.id_number_hash,
        None if number else f"T-980101-2025-{n:07d}", 2 if number else 1, person.phone_sealed,
        person.phone_hash, "", date(2025, 12, 31), now,
    )  # fmt: skip


def _name(dice: random.Random) -> str:
    """Return one of some 64,000 fictional names, some far more frequent than others."""
    picks = [_GIVEN[int(dice.random() ** 1.5 * len(_GIVEN))] for _ in range(2)]
    return f"学{''.join(picks)}{dice.choice(_GIVEN)}"
