"""Appointing, transferring, ending: in one's scope, never oneself, nothing overwritten, access at once."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from registry.capabilities import CAPABILITIES, Capability
from registry.errors import (
    AppointmentEnded,
    AppointmentOverlaps,
    AppointsHerself,
    CannotAppointHere,
    DeputyIsHerself,
    EndsBeforeItBegins,
)
from registry.models import Appointment, AuditAction, AuditEntry, Organisation
from registry.permissions import can_appoint, capabilities_of, may, organisations_of, scope_codes
from registry.queries.places import version_by_code
from registry.services import Post, appoint, end_appointment, sync_admin_groups, transfer
from tests.factories.registry import AppointmentFactory, UserFactory

Role = Appointment.Role
SINCE = date(2024, 1, 1)


def region(code):
    return version_by_code(code).region


@pytest.fixture
def clerk(county, office_user):
    return appoint(
        user=UserFactory(), role=Role.CERTIFICATE_CLERK, region=county, since=SINCE, by=office_user
    )


def test_every_role_has_a_line_in_the_table():
    assert set(CAPABILITIES) == set(Role)


def test_appoint_is_logged_with_who_did_it(clerk, office_user):
    entry = AuditEntry.objects.get(action=AuditAction.APPOINTED, actor=office_user)

    assert entry.region_code == "431125"
    assert entry.detail == {"user": str(clerk.user.uid), "role": "certificate_clerk", "on": "2024-01-01"}


def test_nobody_appoints_herself_superuser_or_not(county, office_user):
    root = UserFactory(is_superuser=True)

    for user in (office_user, root):
        with pytest.raises(AppointsHerself):
            appoint(user=user, role=Role.TOWN, region=county, since=SINCE, by=user)
    with pytest.raises(IntegrityError, match="nobody_appoints_herself"), transaction.atomic():
        AppointmentFactory(user=root, region=county, appointed_by=root)


@pytest.mark.parametrize(
    ("role", "code", "expected"),
    [
        (Role.OPERATOR, "431125", True),
        (Role.TOWN, "431125100", True),
        (Role.STATION_KEEPER, "431125100001", True),
        (Role.OPERATOR, "431129", False),
        (Role.OPERATOR, "4311", False),
        (Role.OPERATOR, "", False),
        (Role.OFFICE, "431125", False),
        (Role.OFFICE, "431125100", True),
        (Role.AUDITOR, "431125", False),
        (Role.PROVINCE_READER, "431125", False),
    ],
)
def test_office_appoints_within_its_region_and_no_equal_or_auditor(office_user, role, code, expected):
    assert can_appoint(office_user, role, code) is expected
    assert can_appoint(UserFactory(is_superuser=True), role, code)
    assert not can_appoint(UserFactory(), role, code)


def test_appoint_in_a_foreign_county_is_refused(other_county, office_user):
    with pytest.raises(CannotAppointHere):
        appoint(user=UserFactory(), role=Role.TOWN, region=other_county, since=SINCE, by=office_user)


def test_only_roles_that_appoint_appoint(county, instructor_user):
    with pytest.raises(CannotAppointHere):
        appoint(user=UserFactory(), role=Role.COACH, region=county, since=SINCE, by=instructor_user)


def test_same_role_in_the_same_region_is_held_once_a_day(county, clerk):
    with pytest.raises(AppointmentOverlaps):
        appoint(user=clerk.user, role=clerk.role, region=county, since=date(2023, 1, 1))
    with pytest.raises(IntegrityError, match="role_is_held_once_a_day"), transaction.atomic():
        AppointmentFactory(user=clerk.user, role=clerk.role, region=county)

    AppointmentFactory(user=clerk.user, role=Role.COACH, region=county)


def test_end_must_not_lie_before_the_beginning(county, clerk, office_user):
    with pytest.raises(EndsBeforeItBegins):
        end_appointment(appointment=clerk, on=SINCE - timedelta(days=1), by=office_user)
    with pytest.raises(EndsBeforeItBegins):
        appoint(user=UserFactory(), role=Role.COACH, region=county, since=SINCE, until=SINCE)


def test_end_takes_access_away_at_once(client, county, office_user):
    user = UserFactory()
    appointment = appoint(user=user, role=Role.INSTRUCTOR, region=county, since=SINCE, by=office_user)
    client.force_login(user)
    assert client.get("/admin/").status_code == 200
    assert client.get("/learn/marking/").status_code == 200

    end_appointment(appointment=appointment, on=timezone.localdate(), by=office_user)

    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.get("/learn/marking/").status_code == 404
    assert not user.groups.exists()
    entry = AuditEntry.objects.get(action=AuditAction.APPOINTMENT_ENDED)
    assert (entry.actor, entry.region_code) == (office_user, "431125")


def test_end_by_date_closes_the_admin_at_midnight(client, county):
    user = UserFactory()
    appointment = appoint(user=user, role=Role.INSTRUCTOR, region=county, since=SINCE)
    end_appointment(appointment=appointment, on=timezone.localdate() + timedelta(days=1))
    client.force_login(user)
    assert client.get("/admin/").status_code == 200

    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        client.force_login(user)
        assert client.get("/admin/")["Location"].startswith("/admin/login/")
        assert user.groups.exists()
        assert sync_admin_groups() == 1
    assert not user.groups.exists()


def test_sync_gives_nothing_to_a_group_added_by_hand(client, county, instructor_user):
    stranger = UserFactory()
    stranger.groups.set(instructor_user.groups.all())
    client.force_login(stranger)

    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert sync_admin_groups() == 1
    assert list(instructor_user.groups.values_list("name", flat=True)) == ["Instructors"]
    assert not stranger.groups.exists()


def test_end_on_the_day_it_began_leaves_no_day(county, office_user):
    today = timezone.localdate()
    appointment = appoint(user=UserFactory(), role=Role.COACH, region=county, since=today, by=office_user)

    ended = end_appointment(appointment=appointment, on=today, by=office_user)

    assert ended.valid.isempty
    assert not may(ended.user, Capability.MARK_WORK)
    with pytest.raises(AppointmentEnded):
        end_appointment(appointment=ended, on=today, by=office_user)


def test_planned_end_may_be_brought_forward_but_not_put_off(clerk, office_user):
    today = timezone.localdate()
    end_appointment(appointment=clerk, on=today + timedelta(days=30), by=office_user)

    end_appointment(appointment=clerk, on=today, by=office_user)

    with pytest.raises(AppointmentEnded):
        end_appointment(appointment=clerk, on=today + timedelta(days=9), by=office_user)
    assert not may(clerk.user, Capability.ISSUE_CERTIFICATE)


def test_transfer_closes_one_and_opens_another(county, clerk, office_user):
    today = timezone.localdate()
    town = region("431125100")
    centre = Organisation.objects.create(name="示例中心", region=town)

    new = transfer(
        appointment=clerk,
        region=town,
        on=today,
        post=Post(organisation=centre, title="发证员", duties=("plan",)),
        by=office_user,
    )

    clerk.refresh_from_db()
    assert clerk.valid == DateRange(SINCE, today)
    assert (clerk.ended_by, clerk.region, clerk.organisation) == (office_user, county, None)
    assert (new.valid, new.region, new.organisation) == (DateRange(today, None), town, centre)
    assert new.duty_labels
    assert scope_codes(clerk.user, Capability.ISSUE_CERTIFICATE) == ["431125100"]


def test_transfer_beyond_the_appointers_region_changes_nothing(clerk, office_user, other_county):
    with pytest.raises(CannotAppointHere):
        transfer(appointment=clerk, region=other_county, on=timezone.localdate(), post=Post(), by=office_user)

    clerk.refresh_from_db()
    assert clerk.valid == DateRange(SINCE, None)


@pytest.mark.parametrize(
    "change", ["role = 'office'", "post = 'x'", "valid = '[2020-01-01,)'", "valid = '[2024-02-01,)'"]
)
def test_database_keeps_appointments_as_they_were(clerk, change):
    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE registry_appointment SET {change} WHERE id = %s", [clerk.pk])
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Appointment.objects.filter(pk=clerk.pk).delete()


def test_deputy_is_somebody_else(county):
    user = UserFactory()
    with pytest.raises(DeputyIsHerself):
        appoint(user=user, role=Role.TOWN, region=county, since=SINCE, post=Post(deputy=user))


def test_training_body_reaches_its_own_classes_and_no_region(other_county):
    body = Organisation.objects.create(name="示例职业中专", region=other_county)
    user = UserFactory()
    appoint(
        user=user, role=Role.TRAINING_BODY, region=other_county, since=SINCE, post=Post(organisation=body)
    )

    assert may(user, Capability.READ_CLASSES)
    assert not may(user, Capability.READ_CLASSES, code="431129")
    assert scope_codes(user, Capability.READ_CLASSES) == []
    assert organisations_of(user, Capability.READ_CLASSES) == [body.pk]
    assert organisations_of(user, Capability.READ_FIGURES) == []


def test_auditor_settles_flags_and_changes_nothing_and_province_reader_reads_two_things():
    changing = {name for name in Capability if not name.startswith(("read_", "open_", "search_"))}

    assert CAPABILITIES[Role.AUDITOR] & changing == {
        Capability.EXPORT,
        Capability.REVEAL_NUMBER,
        Capability.SETTLE_FLAG,
    }
    assert CAPABILITIES[Role.PROVINCE_READER] == {Capability.READ_FIGURES, Capability.READ_PEOPLE}


def test_operator_enters_and_confirms_nothing():
    confirming = {
        Capability.CHECK_CLASS_ROSTER,
        Capability.CLOSE_CLASS,
        Capability.CONFIRM_COUNT,
        Capability.ISSUE_CERTIFICATE,
    }

    assert not CAPABILITIES[Role.OPERATOR] & confirming
    assert all(len(CAPABILITIES[role] & {Capability.ENTER_CLASS_DATA, *confirming}) <= 2 for role in Role)


def test_unknown_capability_is_an_error(office_user):
    with pytest.raises(ValueError, match="fly"):
        may(office_user, "fly")


def test_capabilities_of_asks_once(office_user, django_assert_num_queries):
    user = type(office_user).objects.get(pk=office_user.pk)
    with django_assert_num_queries(1):
        assert Capability.APPOINT in capabilities_of(user)
        assert Capability.AUTHOR_LESSONS not in capabilities_of(user)
