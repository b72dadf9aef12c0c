"""The demo's follow-up: a coach's visits, shops, achievements that were looked into and one that waits."""

from datetime import date

import pytest

from courses.demo import load_follow_up
from courses.models import CoachAssignment, Outcome, OutcomeDecision, Shop, Visit
from registry.queries.places import children_of
from registry.services import appoint
from tests.factories.certificates import EnrolmentFactory, PersonFactory, TrainingClassFactory, noon
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
NOW = noon("2026-07-10")


@pytest.fixture
def completed(county):
    """Four who completed in spring 2020 and six of this year, and who may follow them up."""
    for name in ("coach", "office"):
        appoint(user=UserFactory(username=name), role=name, region=county, since=date(2020, 1, 1))
    village = children_of("431125100").first()
    for year, people in ((2020, 4), (2026, 6)):
        training_class = TrainingClassFactory(
            county=county, closed=True, starts_on=date(year, 4, 1), ends_on=date(year, 4, 30)
        )
        for _number in range(people):
            EnrolmentFactory(
                training_class=training_class,
                person=PersonFactory(village=village.region),
                village_version=village,
                minutes=45,
                completed=True,
            )


def test_each_page_of_the_follow_up_has_something_to_show(completed):
    assert load_follow_up(now=NOW) == 6

    assert CoachAssignment.objects.count() == 6
    assert Visit.objects.count() >= 12
    assert Shop.objects.count() == 3
    assert Outcome.objects.count() == 8
    verdicts = OutcomeDecision.objects.values_list("verdict", flat=True)
    assert (list(verdicts).count("verified"), list(verdicts).count("refused")) == (4, 2)


def test_repeat_changes_nothing(completed):
    load_follow_up(now=NOW)

    assert load_follow_up(now=NOW) == 0
    assert Outcome.objects.count() == 8


def test_without_a_coach_nothing_is_told(county):
    assert load_follow_up(now=NOW) == 0
