"""The cases of the counting rules as the command prints them."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from registry.queries.places import version_by_code
from tests.factories.certificates import CourseFactory, PersonFactory, place

pytestmark = pytest.mark.django_db


def printed(region="431125", **options):
    out = StringIO()
    asked = {"region": region, "since": "2026-01", "until": "2026-12", "json": True, "recount": True}
    call_command("count_trainees", stdout=out, **asked | options)
    return json.loads(out.getvalue())


def total(*args, **options):
    return printed(*args, **options)["total"]


def test_e08_poor_at_enrolment_and_lifted_at_completion(make_class, make_trained):
    make_trained(
        make_class(starts_on=date(2020, 3, 1), ends_on=date(2020, 7, 10)),
        was_registered=True,
        was_ever_registered=True,
        completed=True,
        completed_registered=False,
    )

    figures = total(since="2020-01", until="2020-12")

    assert (figures["poor_person_times"], figures["poor_at_completion"], figures["registered_heads"]) == (
        1,
        0,
        1,
    )


def test_e11_both_shares_are_printed(make_class, make_trained):
    first, second = make_class(), make_class(number=2)
    for n in range(8):
        person = PersonFactory()
        make_trained(first, person=person, was_registered=n < 3)
        if n < 2:
            make_trained(second, person=person, was_registered=n < 1)

    figures = total()

    assert (figures["poor_share_person_times"], figures["poor_share_heads"]) == ("40.0 %", "37.5 %")


def test_e11_classes_for_officials_are_in_the_share_only_when_asked(make_class, make_trained):
    make_trained(make_class(), was_registered=True)
    make_trained(make_class(number=2, is_for_cadres=True))

    assert total()["poor_share_heads"] == "100.0 %"
    assert total(with_cadres=True)["poor_share_heads"] == "50.0 %"
    assert total()["heads"] == 2


def test_e16_origin_place_and_payer(make_class, make_trained, other_county):
    payer = place("320505", "示例区")
    make_trained(make_class(county=other_county, county_code="431129", funding_region=payer.region))

    found = {
        (code, view): total(code, view=view)["heads"]
        for view in ("origin", "place", "funding")
        for code in ("431125", "431129", "320505", "0")
    }

    assert {key for key, heads in found.items() if heads} == {
        ("431125", "origin"),
        ("431129", "place"),
        ("320505", "funding"),
        ("0", "origin"),
        ("0", "place"),
        ("0", "funding"),
    }


def test_age_groups_go_by_the_year_of_the_first_class(make_class, make_trained):
    person = PersonFactory(birth_year=1991)
    make_trained(make_class(), person=person)
    make_trained(make_class(starts_on=date(2025, 3, 1), ends_on=date(2025, 3, 31)), person=person)
    make_trained(make_class(number=3), person=PersonFactory(birth_year=1966))
    make_trained(make_class(number=4), person=PersonFactory(birth_year=None))

    figures, both = total(), total(since="2025-01")

    assert [figures[name] for name in ("under_35", "from_35_to_59", "from_60", "heads")] == [0, 1, 1, 3]
    assert [both[name] for name in ("under_35", "from_35_to_59", "from_60", "heads")] == [1, 0, 1, 3]


def test_repeat_within_twelve_months_counts_and_is_shown_apart(make_class, make_trained):
    course, person = CourseFactory(), PersonFactory()
    for year, month, day in ((2025, 3, 30), (2026, 3, 30), (2026, 4, 30)):
        make_trained(
            make_class(course=course, starts_on=date(year, month, 1), ends_on=date(year, month, day)),
            person=person,
        )

    figures = total(since="2025-01")

    assert (figures["person_times"], figures["repeats"]) == (3, 2)


def test_only_one_course_or_category(make_class, make_trained):
    make_trained(make_class(course=CourseFactory(code="P1")))
    make_trained(make_class(course=CourseFactory(code="L1", category="livestream"), number=2))

    assert total()["heads"] == 2
    assert total(course="L1")["heads"] == 1
    assert total(category="packaging")["heads"] == 1
    assert [row["key"] for row in printed(by="category")["rows"]] == ["livestream", "packaging"]


def test_conversion_is_a_dash_without_a_cohort(make_class, make_trained):
    make_trained(make_class())

    assert total()["conversion"] == "—"
    assert Decimal(total()["hours"]) == 1
    assert version_by_code("431125").name in printed()["name"]


def test_prefecture_and_nation_by_county(make_class, make_trained, other_county):
    make_trained(make_class())

    for region in ("4311", "43", "0"):
        answer = printed(region, by="county")
        assert [row["heads"] for row in answer["rows"] if row["key"] == "431125"] == [1]
