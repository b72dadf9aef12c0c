from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from registry.errors import StatusEndWrong, StatusReasonMissing
from registry.models import AuditEntry
from registry.queries.status import StatusOnDay, status_on
from registry.services import end_status
from tests.factories.registry import MembershipFactory, PersonFactory, StatusPeriodFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_status_on_without_household_is_all_no():
    assert status_on(PersonFactory(), date(2026, 1, 1)) == StatusOnDay(False, False, False)


def test_e08_poor_at_enrolment_lifted_before_completion():
    membership = MembershipFactory()
    lifted = date(2020, 6, 30)
    StatusPeriodFactory(household=membership.household, valid=DateRange(date(2014, 1, 1), lifted))
    StatusPeriodFactory(household=membership.household, lifted=True, valid=DateRange(lifted, None))

    assert status_on(membership.person, date(2020, 3, 1)) == StatusOnDay(True, True, False)
    assert status_on(membership.person, date(2020, 7, 10)) == StatusOnDay(False, True, False)


def test_e09_marginal_household_was_never_registered():
    membership = MembershipFactory()
    StatusPeriodFactory(household=membership.household, monitored=True)

    assert status_on(membership.person, date(2022, 1, 1)) == StatusOnDay(False, False, True)


def test_e10_lifted_and_monitored_counts_in_both():
    membership = MembershipFactory()
    StatusPeriodFactory(household=membership.household, lifted=True)
    StatusPeriodFactory(household=membership.household, monitored=True, label="脱贫不稳定户")

    assert status_on(membership.person, date(2022, 1, 1)) == StatusOnDay(False, True, True)


def test_status_on_day_before_the_spell_is_no():
    membership = MembershipFactory()
    StatusPeriodFactory(household=membership.household, valid=DateRange(date(2020, 1, 1), None))

    assert status_on(membership.person, date(2019, 12, 31)) == StatusOnDay(False, False, False)
    assert status_on(membership.person, date(2020, 1, 1)).is_registered


def test_status_on_follows_the_person_out_of_a_household():
    married = date(2021, 5, 1)
    first = MembershipFactory(valid=DateRange(date(2014, 1, 1), married))
    StatusPeriodFactory(household=first.household)
    MembershipFactory(
        person=first.person,
        valid=DateRange(married, None),
        household__county=first.household.county,
    )

    assert status_on(first.person, date(2021, 4, 30)).is_registered
    assert status_on(first.person, married) == StatusOnDay(False, True, False)


JANUARY, APRIL = date(2020, 1, 15), date(2020, 4, 1)


@pytest.fixture
def registered():
    """Somebody registered poor since 2014, with the spell that says so."""
    membership = MembershipFactory()
    return membership.person, StatusPeriodFactory(household=membership.household)


def test_e12_status_taken_back_ends_in_the_past_with_its_reason(registered):
    person, period = registered

    ended = end_status(period=period, on=JANUARY, reason="识别不准清退", by=UserFactory())

    assert (ended.valid.upper, ended.reason) == (JANUARY, "识别不准清退")
    assert not status_on(person, APRIL).is_registered
    assert status_on(person, date(2020, 1, 14)).is_registered
    assert "清退" not in str(AuditEntry.objects.get().detail)


def test_e12_status_that_should_never_have_begun_holds_on_no_day(registered):
    person, period = registered

    end_status(period=period, on=date(2014, 1, 1), reason="识别不准清退", by=UserFactory())

    assert status_on(person, APRIL) == StatusOnDay(False, False, False)


def test_end_status_twice_is_once(registered):
    _person, period = registered
    for _ in range(2):
        end_status(period=period, on=JANUARY, reason="识别不准清退", by=UserFactory())

    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("on", "reason", "error"),
    [
        (JANUARY, "  ", StatusReasonMissing),
        (date(2013, 12, 31), "清退", StatusEndWrong),
        (date(2021, 1, 1), "清退", StatusEndWrong),
    ],
)
def test_end_status_refuses(registered, on, reason, error):
    _person, period = registered
    period.valid = DateRange(date(2014, 1, 1), date(2020, 12, 31))
    period.save()

    with pytest.raises(error):
        end_status(period=period, on=on, reason=reason, by=UserFactory())
