from datetime import date

import pytest

from registry.models import Appointment
from registry.queries.places import version_by_code
from registry.services import appoint, import_regions
from tests.factories.registry import AppointmentFactory, UserFactory


@pytest.fixture
def county(db):
    """The region of Jiangyong with its tree."""
    import_regions(county="431125")
    return version_by_code("431125").region


@pytest.fixture
def other_county(county):
    """The region of the neighbour Jianghua."""
    import_regions(county="431129")
    return version_by_code("431129").region


@pytest.fixture
def office_user(county):
    user = UserFactory(username="office")
    appoint(user=user, role=Appointment.Role.OFFICE, region=county, since=date(2020, 1, 1))
    return user


@pytest.fixture
def foreign_office_user(other_county):
    user = UserFactory(username="office2")
    appoint(user=user, role=Appointment.Role.OFFICE, region=other_county, since=date(2020, 1, 1))
    return user


@pytest.fixture
def instructor_user(county):
    user = UserFactory(username="teacher")
    AppointmentFactory(user=user, role=Appointment.Role.INSTRUCTOR, region=county)
    return user


@pytest.fixture
def trainee_user(db):
    return UserFactory(trainee=True)
