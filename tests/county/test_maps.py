"""Cases E13 to E15: the same people on the map of their day and on the map of today."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from county.counting import NOW, THEN
from county.facts import refresh_facts
from county.maps import Asked
from county.queries import count, people_behind
from registry.models import Appointment
from registry.queries.places import children_of, version_on
from registry.services import appoint
from tests.factories.certificates import CourseFactory, EnrolmentFactory, PersonFactory, TrainingClassFactory
from tests.factories.registry import UserFactory
from tests.registry.places_in_time import change, plant

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


@pytest.fixture
def country():
    return plant(COUNTRY)


@pytest.fixture
def train(country):
    """Return a maker of people trained in a class that ended on a day; the place is that of the day."""
    course = CourseFactory()

    def make(region, day, county="990101", person=None):
        ends_on = date.fromisoformat(day)
        training_class = TrainingClassFactory(
            course=course,
            county=country[county],
            county_code=county,
            starts_on=ends_on.replace(day=1),
            ends_on=ends_on,
            closed=True,
        )
        return EnrolmentFactory(
            person=person or PersonFactory(),
            training_class=training_class,
            village=region,
            village_version=version_on(region, ends_on.replace(day=3)) if region else None,
            minutes=45,
        )

    return make


def counted(code, on_map, year, by="village", **period):
    """Return (heads, person-times) of the total, and heads by row."""
    since = period.get("since", date(year, 1, 1))
    answer = count(code, since, date(year, 12, 1), by=by, on_map=on_map)
    rows = {row.key: row.heads for row in answer.rows if row.heads}
    return (answer.total.heads, answer.total.person_times), rows


def test_e13_villages_merge(country, train):
    v1, v2 = country["990101100200"], country["990101100201"]
    v3 = change("merge", date(2016, 6, 1), [v1, v2], [("990101100203", "新村")]).to_regions.get()
    train(v1, "2016-03-31")
    train(v3, "2016-09-30")

    assert counted("990101", THEN, 2016) == ((2, 2), {"990101100200": 1, "990101100203": 1})
    assert counted("990101", NOW, 2016) == ((2, 2), {"990101100203": 2})


def test_e14_town_moves_to_another_county(country, train):
    """As then A 1, B 1, the province one person; as now A 0, B one person and two person-times."""
    village = country["990101101200"]
    change("transfer", date(2025, 11, 6), [country["990101101"]], ["990102"])
    person = PersonFactory()
    train(village, "2025-05-31", person=person)
    train(village, "2025-12-31", county="990102", person=person)

    then = {code: counted(code, THEN, 2025)[0] for code in ("990101", "990102", "99")}
    now = {code: counted(code, NOW, 2025)[0] for code in ("990101", "990102", "99")}

    assert then == {"990101": (1, 1), "990102": (1, 1), "99": (1, 2)}
    assert now == {"990101": (0, 0), "990102": (1, 2), "99": (1, 2)}


def test_e15_county_splits(country, train):
    """Who is known only in the county is unallocated, and the sum is still that of the old county."""
    for region in (country["990101"], country["990101100200"], country["990101101200"]):
        train(region, "2016-03-31")
    before = counted("990101", THEN, 2016)[0]
    change(
        "split",
        date(2016, 6, 1),
        [country["990101"]],
        [("990103", "丙县"), ("990104", "丁县")],
        pieces={"990101100": "990103", "990101101": "990104"},
    )

    old, prefecture = counted("990101", NOW, 2016), counted("9901", NOW, 2016)

    assert old == prefecture == (before, {"": 1, "990103100200": 1, "990104101200": 1})
    assert [counted(code, NOW, 2016)[0] for code in ("990103", "990104")] == [(1, 1), (1, 1)]
    assert counted("990101", THEN, 2016)[0] == before == (3, 3)


def test_e15_who_may_have_left_with_the_part_is_in_neither_county(country, train):
    train(country["990101"], "2025-05-31")
    train(None, "2025-05-31")
    change("transfer", date(2025, 11, 6), [country["990101101"]], ["990102"])

    assert counted("990101", NOW, 2025)[0] == counted("990102", NOW, 2025)[0] == (0, 0)
    assert counted("9901", NOW, 2025) == ((2, 2), {"": 2})
    assert counted("990101", THEN, 2025) == ((2, 2), {"": 2})


def test_place_abolished_without_heir_stays_in_the_sum(country, train):
    train(country["990101100200"], "2016-03-31")
    change("abolish", date(2016, 6, 1), [country["990101100200"]])

    assert counted("990101", NOW, 2016) == ((1, 1), {"": 1})
    assert counted("990101100", NOW, 2016)[0] == (1, 1)


def test_map_of_now_is_the_same_where_nothing_changed(country, train):
    train(country["990101100200"], "2016-03-31")
    train(None, "2016-03-31")

    assert (
        counted("990101", NOW, 2016) == counted("990101", THEN, 2016) == ((2, 2), {"": 1, "990101100200": 1})
    )


def test_people_behind_stand_on_the_map_that_is_asked_for(country, train):
    train(country["990101101200"], "2025-05-31")
    change("transfer", date(2025, 11, 6), [country["990101101"]], ["990102"])
    year = (date(2025, 1, 1), date(2025, 12, 1))

    assert [each.village for each in people_behind(Asked("990102", *year, on_map=NOW))] == ["四村"]
    assert people_behind(Asked("990101", *year, on_map=NOW)) == []
    assert len(people_behind(Asked("990101", *year))) == 1


def test_e14_command_and_desk_give_the_same_figures(client, country, train):
    village = country["990101101200"]
    train(village, "2025-05-31")
    change("transfer", date(2025, 11, 6), [country["990101101"]], ["990102"])
    office = UserFactory()
    for county in ("990101", "990102"):
        appoint(user=office, role=Appointment.Role.OFFICE, region=country[county], since=date(2020, 1, 1))
    client.force_login(office)

    for on_map, expected in ((THEN, {"990101": 1, "990102": 0}), (NOW, {"990101": 0, "990102": 1})):
        for code, heads in expected.items():
            out = StringIO()
            call_command(
                "count_trainees",
                "--map",
                on_map,
                region=code,
                since="2025-01",
                until="2025-12",
                json=True,
                stdout=out,
            )
            printed = json.loads(out.getvalue())
            answer = client.get(f"/county/figures/?region={code}&since=2025-01&until=2025-12&map={on_map}")
            assert printed["map"] == answer.context["count"].on_map == on_map
            assert printed["total"]["heads"] == answer.context["count"].total.heads == heads


def test_desk_shows_unallocated_people_on_the_map_of_now(client, country, train):
    train(country["990101100200"], "2016-03-31")
    change("abolish", date(2016, 6, 1), [country["990101100200"]])
    office = UserFactory()
    appoint(user=office, role=Appointment.Role.OFFICE, region=country["990101"], since=date(2020, 1, 1))
    client.force_login(office)

    page = client.get("/county/figures/?since=2016-01&until=2016-12&by=village&map=now").content.decode()

    assert "待归属" in page
    assert "map=now" in page  # the links into the table, to the workbook and to the people keep the map


def test_desk_refuses_an_unknown_map_in_words(office):
    response = office.get("/county/figures/?map=tomorrow")

    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"map"}


def test_count_asks_as_often_for_one_divided_place_as_for_three(
    county, make_class, make_trained, django_assert_num_queries
):
    """However many places changed. Where only the village is not known, the town is."""
    training_class = make_class()
    for n, version in enumerate(children_of("431125100")[:3]):
        make_trained(training_class, village=version.region)
        change("abolish", date(2026, 5, 1), [version.region], document=f"{n}号")
        refresh_facts(timezone.localdate())
        with django_assert_num_queries(6):
            answer = count("431125", date(2026, 1, 1), date(2026, 12, 1), by="town", on_map=NOW)
        assert answer.total.heads == n + 1
        assert {row.key: row.heads for row in answer.rows}["431125100"] == n + 1
