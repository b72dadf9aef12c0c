"""E23, and what R13 and R14 say besides."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest

from county.conversion import FEWEST_DECLARED, income_change
from county.queries import count
from courses.models import IncomeDeclaration, Outcome
from courses.services.follow_up import (
    Claim,
    claim_outcome,
    decide_outcome,
    declare_income,
    delete_income,
    say_earlier_business,
)
from registry.services import merge_people
from tests.factories import courses as make
from tests.factories.follow_up import completed, completed_person, make_coach

pytestmark = pytest.mark.django_db
ENDED = date(2026, 3, 31)
MARCH = (date(2026, 3, 1), date(2026, 3, 1))
DAY_180 = ENDED + timedelta(days=180)
AFTERWARDS = ENDED + timedelta(days=181)


@pytest.fixture
def coach(county):
    return make_coach(county)


def claim(person, by, *, on=date(2026, 5, 1), operator=None):
    return claim_outcome(
        person=person,
        claim=Claim(Outcome.Kind.FIRST_SHOP, on, operator=operator),
        by=by,
        client_token=uuid.uuid4(),
        now=make.at("2026-12-01"),
    )


def verify(outcome, by, verdict="verified"):
    decide_outcome(
        outcome=outcome, verdict=verdict, way="link", reason="看过", by=by, now=make.at("2026-12-02")
    )


def asked(today=AFTERWARDS, code="431125"):
    return count(code, *MARCH, today=today).total


def test_e23_six_of_thirty_four_converted(county, coach, office_user):
    people = [completed_person(f"学员{n}") for n in range(40)]
    for person in people[:6]:
        say_earlier_business(enrolment=person.enrolments.get(), had_one=True, by=coach)
    for person in people[6:11]:
        verify(claim(person, coach), office_user)
    for person in people[11:13]:
        claim(person, coach)  # nobody looked into them
    wife, husband = people[13:15]
    for person in (wife, husband):
        verify(claim(person, coach, operator=wife), office_user)

    before, after = asked(today=DAY_180), asked()

    assert (before.watching, before.conversion, before.conversion_rate) == (34, "—", None)
    assert (after.completed, after.watching) == (40, 0)
    assert (after.conversion, after.conversion_rate) == ("6/34", Decimal("17.6"))


@pytest.mark.parametrize(
    ("on", "converted"),
    [(ENDED, 0), (ENDED + timedelta(days=1), 1), (DAY_180, 1), (AFTERWARDS, 0)],
)
def test_outcome_counts_within_180_days_after_the_class(county, coach, office_user, on, converted):
    verify(claim(completed_person("学员甲"), coach, on=on), office_user)

    assert asked().converted == converted


def test_refused_outcome_does_not_count(county, coach, office_user):
    verify(claim(completed_person("学员甲"), coach), office_user, verdict="refused")

    assert (asked().converted, asked().cohort) == (0, 1)


def test_person_of_two_classes_and_two_records_is_one(county, coach, office_user):
    person, other = completed_person("学员甲"), completed_person("学员甲")
    completed(person, ended=date(2026, 3, 15))
    verify(claim(other, coach), office_user)
    merge_people(kept=person, absorbed=other, by=office_user, reason="同一人")

    assert (asked().heads, asked().cohort, asked().converted) == (1, 1, 1)


def test_people_count_where_they_lived_when_they_enrolled(county, coach, other_county):
    completed_person("学员甲")

    assert asked(code="4311").cohort == 1
    assert asked(code="431129").cohort == 0


def test_income_is_a_median_of_ten_or_nothing(county):
    people = [completed_person(f"学员{n}") for n in range(FEWEST_DECLARED)]
    for number, person in enumerate(people):
        declare_income(enrolment=person.enrolments.get(), moment="before", band=number % 2)
        if number:
            declare_income(enrolment=person.enrolments.get(), moment="after", band=3)
    assert income_change("431125", *MARCH) is None

    declare_income(enrolment=people[0].enrolments.get(), moment="after", band=5)

    change = income_change("431125", *MARCH)
    assert (change.declared, change.median_before, change.median_after) == (10, 0, 3)


def test_declared_income_is_hers_to_delete(county):
    person = completed_person("学员甲")
    for moment in IncomeDeclaration.Moment:
        declare_income(enrolment=person.enrolments.get(), moment=moment, band=1)

    assert delete_income(person=person) == 2
    assert not IncomeDeclaration.objects.exists()
