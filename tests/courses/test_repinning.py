"""A change of places that is recorded late moves the enrolments of the days since, and no others."""

from datetime import date

import pytest

from registry.queries.place_now import place_now
from registry.queries.places import version_on
from tests.factories.certificates import EnrolmentFactory, TrainingClassFactory, noon
from tests.registry.places_in_time import change, plant

pytestmark = pytest.mark.django_db
CHANGED_ON = date(2016, 6, 1)


@pytest.fixture
def country():
    return plant(
        {
            "99": "示例省",
            "9901": "示例市",
            "990101": "甲县",
            "990102": "乙县",
            "990101100": "东镇",
            "990102100": "南镇",
            "990101100200": "一村",
            "990101100201": "二村",
        }
    )


@pytest.fixture
def enrol(country):
    training_class = TrainingClassFactory(county=country["990101"], county_code="990101")

    def make(region, day):
        return EnrolmentFactory(
            training_class=training_class,
            village=region,
            village_version=version_on(region, date.fromisoformat(day)),
            enrolled_at=noon(day),
        )

    return make


def code_of(enrolment):
    enrolment.refresh_from_db()
    return enrolment.village_version and enrolment.village_version.code


def test_e14_transfer_moves_enrolments_of_its_first_day_and_later(country, enrol):
    village = country["990101100200"]
    before, first, later = (
        enrol(village, "2016-05-31"),
        enrol(village, "2016-06-01"),
        enrol(village, "2016-07-01"),
    )

    change("transfer", CHANGED_ON, [country["990101100"]], ["990102"])

    assert code_of(before) == "990101100200"
    assert code_of(first) == code_of(later) == version_on(village, CHANGED_ON).code != "990101100200"


def test_e13_merge_moves_later_enrolments_to_the_heir(country, enrol):
    v1 = country["990101100200"]
    before, later = enrol(v1, "2016-05-31"), enrol(v1, "2016-07-01")

    change("merge", CHANGED_ON, [v1, country["990101100201"]], [("990101100203", "新村")])

    assert (code_of(before), code_of(later)) == ("990101100200", "990101100203")
    assert place_now(later.village, date(2016, 7, 1), date(2026, 1, 1)) == later.village_version.region


def test_e15_enrolment_in_a_place_without_heir_is_known_in_what_lay_above(country, enrol):
    later = enrol(country["990101100200"], "2016-07-01")

    change("abolish", CHANGED_ON, [country["990101100200"]])

    assert code_of(later) == "990101100"


def test_e15_enrolment_in_a_county_that_was_split_is_known_in_the_prefecture(country, enrol):
    later = enrol(country["990101"], "2016-07-01")

    change(
        "split",
        CHANGED_ON,
        [country["990101"]],
        [("990103", "丙县"), ("990104", "丁县")],
        pieces={"990101100": "990103"},
    )

    assert code_of(later) == "9901"


def test_rename_recorded_late_moves_later_enrolments(country, enrol):
    village = country["990101100200"]
    later = enrol(village, "2016-07-01")

    change("rename", CHANGED_ON, [village], [("990101100200", "桃花村")])

    later.refresh_from_db()
    assert later.village_version.name == "桃花村"


def test_two_changes_recorded_late_are_followed_one_after_the_other(country, enrol):
    v1, v2 = country["990101100200"], country["990101100201"]
    enrolment = enrol(v1, "2017-07-01")

    change("merge", CHANGED_ON, [v1], ["990101100201"])
    change("transfer", date(2017, 6, 1), [v2], ["990102100"], document="2号")

    assert code_of(enrolment).startswith("990102100")


def test_day_is_that_of_china(country, enrol):
    village = country["990101100200"]
    enrolment = enrol(village, "2016-06-01")
    enrolment.enrolled_at = noon("2016-06-01").replace(hour=0, minute=30)  # still May in London
    enrolment.save()

    change("rename", CHANGED_ON, [village], [("990101100200", "桃花村")])

    enrolment.refresh_from_db()
    assert enrolment.village_version.name == "桃花村"
