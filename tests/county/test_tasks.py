import pytest

from county.models import CountedPlace, StaleFact
from county.tasks import refresh_facts_task

pytestmark = pytest.mark.django_db


def test_changes_are_worked_off_before_anybody_asks(make_class, make_trained):
    make_trained(make_class())
    assert StaleFact.objects.exists()

    refresh_facts_task()
    refresh_facts_task()

    assert not StaleFact.objects.exists()
    assert CountedPlace.objects.count() == 1
