from datetime import date

import pytest

from registry.models import Appointment
from registry.services import appoint
from tests.factories.registry import UserFactory
from tests.factories.sign_in import make_keeper


@pytest.fixture
def foreign_office_user(other_county):
    """An official of the neighbouring county."""
    user = UserFactory(username="office2")
    appoint(user=user, role=Appointment.Role.OFFICE, region=other_county, since=date(2020, 1, 1))
    return user


@pytest.fixture
def keeper(request, db):
    """The keeper of a village station; the whole county is loaded only where a test asks for it."""
    if "county" in request.fixturenames:
        request.getfixturevalue("county")
    return make_keeper()
