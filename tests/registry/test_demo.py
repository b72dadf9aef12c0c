"""The demo county's rosters tell the words of their years."""

from datetime import date

import pytest

from registry.demo import load_people
from registry.models import Membership, RosterImport, StatusPeriod
from registry.queries.status import status_on

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SPRING_2020, TODAY = date(2020, 5, 1), date(2026, 6, 1)


@pytest.fixture
def demo(db):
    load_people()


def people_on(day):
    return [each.person for each in Membership.objects.filter(valid__contains=day).select_related("person")]


def test_demo_has_registered_poor_in_2020_and_none_since(demo):
    then = [status_on(person, SPRING_2020) for person in people_on(SPRING_2020)]
    now = [status_on(person, TODAY) for person in people_on(TODAY)]

    assert sum(status.is_registered for status in then) > 50
    assert not any(status.is_monitored for status in then)
    assert not any(status.is_registered for status in now)
    assert sum(status.is_monitored for status in now) > 10
    assert any(status.is_monitored and not status.is_ever_registered for status in now)  # E9


def test_demo_people_twice_is_once(demo):
    before = [model.objects.count() for model in (RosterImport, Membership, StatusPeriod)]

    load_people()

    assert [model.objects.count() for model in (RosterImport, Membership, StatusPeriod)] == before
    assert RosterImport.objects.count() == 3
