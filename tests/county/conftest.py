from datetime import date

import pytest
from django.test import Client

from registry.queries.places import children_of
from tests.factories.certificates import EnrolmentFactory, TrainingClassFactory, place


@pytest.fixture
def village(county):
    """The first village of Jiangyong's first town."""
    return children_of("431125100").first()


@pytest.fixture
def counted_village(empty_map):
    """Village 431125100200 with its town, county, prefecture and province, and nothing else on the map."""
    return place("431125100200", "甲村")


@pytest.fixture
def office(office_user):
    """A browser in which the county office is signed in."""
    client = Client()
    client.force_login(office_user)
    return client


@pytest.fixture
def make_class(county):
    """Return a closed online class of the county that ended in March 2026, or as told."""

    def make(**fields):
        defaults = {"county": county, "closed": True, "ends_on": date(2026, 3, 31)}
        return TrainingClassFactory(**defaults | fields)

    return make


@pytest.fixture
def make_trained(village):
    """Return somebody of the village who attended a class."""

    def make(training_class, **fields):
        return EnrolmentFactory(training_class=training_class, village_version=village, minutes=45, **fields)

    return make
