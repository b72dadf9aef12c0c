"""As then and as now: cases E13 to E15 of the brief at the level of places, and the two ways agree."""

from contextlib import suppress
from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.errors import ChangeRefused
from registry.models import Person, RegionVersion
from registry.queries.place_now import PLACES_NOW, in_subtree_now, place_now, places_now
from registry.queries.places import version_on
from tests.factories.registry import PersonFactory
from tests.registry.places_in_time import TODAY, change, plant

pytestmark = pytest.mark.django_db

COUNTRY = {
    "99": "示例省",
    "9901": "示例市",
    "990101": "甲县",
    "990102": "乙县",
    "990101100": "东镇",
    "990101101": "西镇",
    "990102100": "南镇",
    "990101100200": "一村",
    "990101100201": "二村",
    "990101101200": "四村",
    "990102100200": "五村",
}

COUNT = f"""
    WITH fact (person, region_id, day, class) AS (
        SELECT * FROM unnest(%(person)s, %(region)s, %(day)s::date[], %(class)s)
    ),
    places_now AS ({PLACES_NOW}),
    placed AS (
        SELECT fact.*, CASE WHEN n.region_id IS NULL THEN fact.region_id ELSE n.place_id END AS place_id
        FROM fact LEFT JOIN places_now n
          ON n.region_id = fact.region_id AND fact.day >= n.since AND fact.day < n.until
    )
    SELECT coalesce(version.code, ''), count(DISTINCT person), count(DISTINCT (person, class))
    FROM placed LEFT JOIN registry_regionversion version
      ON version.region_id = place_id AND version.valid @> %(today)s
    GROUP BY 1
"""


def counted_now(facts: list[tuple]) -> dict[str, tuple[int, int]]:
    """Heads and person-times by code as now, in SQL as a count does it; "" is 待归属."""
    columns = zip(("person", "region", "day", "class"), map(list, zip(*facts, strict=True)), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {**dict(columns), "today": TODAY})
        return {code: (heads, times) for code, heads, times in cursor.fetchall()}


def counted_then(facts: list[tuple], regions: dict[int, object], length: int = 12) -> dict[str, int]:
    """Heads by code as then: the version in force on the fact's day."""
    heads: dict[str, set[str]] = {}
    for person, region, day, _class in facts:
        heads.setdefault(version_on(regions[region], day).code[:length], set()).add(person)
    return {code: len(people) for code, people in heads.items()}


def below(counts: dict[str, tuple[int, int]], code: str) -> tuple[int, int]:
    """The sum of what lies below a code; no person of these cases lies in two places of it."""
    found = [count for place, count in counts.items() if place.startswith(code) and place]
    return sum(heads for heads, _ in found), sum(times for _, times in found)


@pytest.fixture
def country():
    return plant(COUNTRY)


def test_e13_villages_merge(country):
    """V1+V2 merge into V3 on 1 June 2016: as then V1 1, V3 1; as now V3 2; the county 2 either way."""
    v1, v2 = country["990101100200"], country["990101100201"]
    merged = change("merge", date(2016, 6, 1), [v1, v2], [("990101100203", "新村")])
    v3 = merged.to_regions.get()
    facts = [("P1", v1.pk, date(2016, 3, 31), "三月班"), ("P2", v3.pk, date(2016, 9, 30), "九月班")]
    regions = {region.pk: region for region in (v1, v3)}

    then, now = counted_then(facts, regions), counted_now(facts)

    assert then == {"990101100200": 1, "990101100203": 1}
    assert now == {"990101100203": (2, 2)}
    assert sum(then.values()) == below(now, "990101")[0] == 2


def test_e14_village_moves_to_another_county(country):
    """P1 trained in A in May 2025 and in B in December: as then A 1, B 1; as now A 0, B 1 person, 2 times."""
    village = country["990101101200"]
    change("transfer", date(2025, 11, 6), [country["990101101"]], ["990102"])
    facts = [
        ("P1", village.pk, date(2025, 5, 31), "五月班"),
        ("P1", village.pk, date(2025, 12, 31), "十二月班"),
    ]

    then, now = counted_then(facts, {village.pk: village}, 6), counted_now(facts)

    assert then == {"990101": 1, "990102": 1}
    assert now == {"990102101200": (1, 2)}
    assert below(now, "990101") == (0, 0)
    assert len({person for person, *_ in facts}) == 1  # the province counts the person once either way


def test_e14_one_village_moves_to_another_county(country):
    village = country["990101101200"]
    change("transfer", date(2025, 11, 6), [village], ["990102100"])

    assert counted_now([("P1", village.pk, date(2025, 5, 31), "五月班")]) == {"990102100900": (1, 1)}
    assert counted_now([("P2", country["990101101"].pk, date(2025, 5, 31), "五月班")]) == {"": (1, 1)}


def test_e15_county_splits(country):
    """P1 is known only in the county: 待归属 1, and the sum still equals the old county."""
    county, town, other = country["990101"], country["990101100"], country["990101101"]
    day = date(2016, 3, 31)
    facts = [("P1", county.pk, day, "班"), ("P2", town.pk, day, "班"), ("P3", other.pk, day, "班")]
    before = counted_then(facts, {region.pk: region for region in (county, town, other)}, 6)

    change(
        "split",
        date(2016, 6, 1),
        [county],
        [("990103", "丙县"), ("990104", "丁县")],
        pieces={"990101100": "990103", "990101101": "990104"},
    )
    now = counted_now(facts)

    assert now == {"": (1, 1), "990103100": (1, 1), "990104101": (1, 1)}
    assert sum(heads for heads, _ in now.values()) == before["990101"] == 3


def test_fact_noted_in_a_place_after_it_ended_belongs_to_its_heir(country):
    v1, v2 = country["990101100200"], country["990101100201"]
    change("merge", date(2016, 6, 1), [v1], ["990101100201"])
    late = date(2016, 9, 30)

    assert place_now(v1, late, TODAY) == v2
    assert counted_now([("P1", v1.pk, late, "九月班")]) == {"990101100201": (1, 1)}


def test_places_now_holds_only_what_was_divided_or_ended(country):
    assert places_now(TODAY) == {}

    change("transfer", date(2025, 11, 6), [country["990101101"]], ["990102"])

    assert places_now(TODAY) == {country["990101"].pk: [(None, date(2025, 11, 6), None)]}
    assert places_now(date(2025, 11, 5)) == {}


def test_in_subtree_now_finds_facts_where_they_lie_now(country):
    v1, v2, moved = country["990101100200"], country["990101100201"], country["990101101200"]
    people = [PersonFactory(village=village) for village in (v1, moved, country["990101101"], None)]
    Person.objects.update(listed_on=date(2016, 3, 31))
    merge = ("merge", date(2016, 6, 1), [v1], ["990101100201"])
    change(*merge)
    Person.objects.filter(pk=people[0].pk).update(village=v1)  # as a fact that keeps its place
    change("transfer", date(2025, 11, 6), [moved], ["990102100"])

    def found(code: str) -> list[Person]:
        condition = in_subtree_now(code, TODAY, place="village", on="listed_on")
        return list(Person.objects.filter(condition).order_by("pk"))

    assert found(version_on(v2, TODAY).code) == [people[0]]
    assert found("990101") == [people[0]]
    assert found("990102") == [people[1]]
    assert found("99") == people[:2]  # the third may have moved with the village: unallocated
    Person.objects.update(listed_on=date(2026, 1, 1))
    assert found("990101") == [people[0], people[2]]


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["merge", "transfer", "split", "abolish", "recode"]),
        st.integers(0, 30),
        st.integers(0, 30),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=7,
)


def _try_change(number: int, step: tuple, on: date) -> None:
    """Record some change of what is there, if the places fit it."""
    kind, first, second, _gap = step
    there = list(RegionVersion.objects.filter(valid__endswith=None, level__gte=3).order_by("code"))
    if not there:  # all abolished by now
        return
    source = there[first % len(there)]
    level = source.level - (kind == "transfer")  # most steps shall fit
    fitting = [version for version in there if version.level == level and version != source] or there
    other = fitting[second % len(fitting)]
    suffix = f"{(700 if source.level > 3 else 30) + number}"
    new = source.code[: -len(suffix)] + suffix
    targets = {
        "merge": [other.code],
        "transfer": [other.code],
        "split": [source.code, (new, f"新{number}")],
        "abolish": [],
        "recode": [new],
    }[kind]
    children = RegionVersion.objects.filter(parent=source.region, valid__endswith=None).order_by("code")
    pieces = {v.code: (source.code, new)[n % 2] for n, v in enumerate(children)} if kind == "split" else {}
    with suppress(ChangeRefused):
        change(kind, on, [source.region], targets, f"{number}号", pieces=pieces)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=CHANGES)
def test_both_ways_to_ask_where_a_fact_lies_now_agree(steps):
    """Whatever happens: Python and SQL say the same, and no version overlaps or is lost."""
    with transaction.atomic():
        regions = list(plant(COUNTRY).values())
        days = [date(2016, 1, 1)]
        for number, step in enumerate(steps):
            days.append(date.fromordinal(days[-1].toordinal() + 30 * step[3]))
            _try_change(number, step, days[-1])
        asked = {date.fromordinal(day.toordinal() + shift) for day in days for shift in (-1, 0, 15)}
        facts = [("P", region.pk, day, "班") for region in regions for day in sorted(asked)]
        for fact in facts:
            region = next(region for region in regions if region.pk == fact[1])
            place = place_now(region, fact[2], TODAY)
            code = version_on(place, TODAY).code if place else ""
            assert counted_now([fact]) == {code: (1, 1)}, (fact, steps)
        transaction.set_rollback(True)
