from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.backends.postgresql.psycopg_any import DateRange

from registry.models import Appointment
from registry.permissions import may, scope_codes
from registry.services import appoint
from tests.factories.registry import AppointmentFactory, UserFactory

OFFICE = Appointment.Role.OFFICE


def test_role_holds_in_the_subtree_only(office_user):
    assert may(office_user, OFFICE)
    assert may(office_user, OFFICE, code="431125")
    assert may(office_user, OFFICE, code="431125100001")
    assert not may(office_user, OFFICE, code="4311")
    assert not may(office_user, OFFICE, code="431129")
    assert not may(office_user, Appointment.Role.INSTRUCTOR)
    assert scope_codes(office_user, OFFICE) == ["431125"]


def test_role_ends_with_the_appointment(county):
    user = UserFactory()
    AppointmentFactory(user=user, region=county, valid=DateRange(date(2020, 1, 1), date(2022, 1, 1)))

    assert may(user, OFFICE, on=date(2021, 12, 31))
    assert not may(user, OFFICE, on=date(2022, 1, 1))
    assert scope_codes(user, OFFICE) == []


@pytest.mark.django_db
def test_role_of_superuser_visitor_and_inactive():
    root = UserFactory(is_superuser=True)

    assert may(root, OFFICE, code="990000")
    assert scope_codes(root, OFFICE) == [""]
    assert not may(AnonymousUser(), OFFICE)
    root.is_active = False
    assert not may(root, OFFICE)
    assert scope_codes(root, OFFICE) == []


def test_appoint_twice_makes_one_appointment_and_opens_the_admin(county):
    user = UserFactory()

    first = appoint(user=user, role=OFFICE, region=county, since=date(2024, 1, 1))
    second = appoint(user=user, role=OFFICE, region=county, since=date(2025, 1, 1))

    assert first == second
    assert list(user.groups.values_list("name", flat=True)) == ["County office"]
    assert type(user).objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")


def test_appoint_operator_does_not_open_the_admin(county):
    user = UserFactory()

    appoint(user=user, role=Appointment.Role.OPERATOR, region=county, since=date(2024, 1, 1))

    assert not user.has_perm("wagtailadmin.access_admin")
