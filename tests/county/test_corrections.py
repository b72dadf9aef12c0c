"""Figures that were reported stay as they were, whatever is found out later (E12)."""

from datetime import date

import pytest
import time_machine

from county.queries import count
from courses.models import TrainingClass
from courses.services import enrol_person
from registry.queries.status import status_on
from registry.services import end_status
from tests.factories.certificates import PersonFactory, TrainingClassFactory, attend, noon
from tests.factories.registry import MembershipFactory, StatusPeriodFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_e12_status_taken_back_later_leaves_the_month_as_reported(village):
    """April stays; the line of June that takes one poor off belongs to the frozen return (R16)."""
    april = date(2026, 4, 1)
    membership = MembershipFactory(person=PersonFactory(village=village.region))
    spell = StatusPeriodFactory(household=membership.household)
    training_class = TrainingClassFactory(starts_on=april, ends_on=date(2026, 4, 30))
    with time_machine.travel(noon("2026-04-02")):
        attend(enrol_person(person=membership.person, course=training_class.course), 45)
    TrainingClass.objects.update(state="closed", closed_at=noon("2026-05-01"))
    reported = count("431125", april, april).total

    end_status(period=spell, on=date(2026, 1, 1), reason="识别不准清退", by=UserFactory())

    assert reported.poor_heads == 1
    assert count("431125", april, april).total == reported
    assert not status_on(membership.person, date(2026, 4, 2)).is_registered
