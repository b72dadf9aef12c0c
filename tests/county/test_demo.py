"""The demo's desk: told once, through the services, with something to show on each page."""

from datetime import date

import pytest

from county.demo import MONTHS, load_desk
from county.models import AuditCall, AuditCallResult, MonthlyReturn, ReturnMail
from registry.queries.places import version_by_code
from registry.services import appoint
from tests.factories.certificates import PersonFactory, noon
from tests.factories.registry import MembershipFactory, StatusPeriodFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = noon("2026-07-10")


@pytest.fixture
def accounts(county):
    for name in ("office", "checker", "chief", "auditor"):
        role = "auditor" if name == "auditor" else "office"
        appoint(user=UserFactory(username=name), role=role, region=county, since=date(2020, 1, 1))


@pytest.fixture
def learnt(make_class, make_trained, village):
    """Three people a month from March to June; one of March was counted as monitored."""
    for month in (3, 4, 5, 6):
        training_class = make_class(starts_on=date(2026, month, 1), ends_on=date(2026, month, 28))
        for _number in range(3):
            make_trained(training_class)
        if month == 3:
            membership = MembershipFactory(person=PersonFactory(village=village.region))
            StatusPeriodFactory(household=membership.household, monitored=True)
            make_trained(training_class, person=membership.person, was_monitored=True)


def test_months_are_signed_one_waits_and_one_has_a_later_line(accounts, learnt, mailoutbox):
    assert load_desk(now=NOW) == MONTHS

    returns = list(MonthlyReturn.objects.order_by("month"))
    assert [made.state for made in returns] == ["signed", "signed", "signed", "prepared"]
    [line] = returns[1].lines.filter(of_month=date(2026, 3, 1))
    assert (line.before["was_monitored"], line.after["was_monitored"]) == (True, False)
    assert AuditCall.objects.count() > AuditCallResult.objects.count() > 0
    assert sorted(letter.to[0] for letter in mailoutbox) == ["checker@example.org", "office@example.org"]
    assert ReturnMail.objects.filter(state="notice").get().reader.username == "chief"


def test_repeat_changes_nothing(accounts, learnt, mailoutbox):
    load_desk(now=NOW)

    assert load_desk(now=NOW) == 0
    assert MonthlyReturn.objects.count() == MONTHS


def test_without_the_demos_accounts_nothing_is_told(county):
    assert load_desk(now=NOW) == 0
    assert version_by_code("431125")
