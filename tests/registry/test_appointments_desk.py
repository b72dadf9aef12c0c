"""The officials' roster in the Wagtail admin."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from registry.models import Appointment, Organisation
from registry.queries.places import version_by_code
from registry.services import Post, appoint
from tests.factories.registry import UserFactory

Role = Appointment.Role
LIST = "/admin/appointments/"
NEW = "/admin/appointments/new/"


@pytest.fixture
def office(client, office_user):
    client.force_login(office_user)
    return client


@pytest.fixture
def clerk(county):
    centre = Organisation.objects.create(name="示例中心", region=county)
    return appoint(
        user=UserFactory(username="clerk", display_name="示例发证员"),
        role=Role.CERTIFICATE_CLERK,
        region=county,
        since=date(2024, 1, 1),
        post=Post(organisation=centre, title="发证员", duties=("data_entry",), work_phone="0746-5550103"),
    )


@pytest.fixture
def foreign_clerk(other_county):
    user = UserFactory(username="clerk2", display_name="示例外县员")
    return appoint(user=user, role=Role.CERTIFICATE_CLERK, region=other_county, since=date(2024, 1, 1))


def form(**changes):
    return {
        "account": "new",
        "role": "town",
        "region": "431125100",
        "organisation": "示例镇人民政府",
        "post": "扶贫专干",
        "duties": ["poverty_status", "follow_up"],
        "deputy": "",
        "work_phone": "0746-5550104",
        "since": "2026-01-01",
        "until": "",
        **changes,
    }


def test_roster_shows_who_is_where_as_what(office, clerk, foreign_clerk):
    text = office.get(LIST).content.decode()

    for piece in ("示例发证员", "示例中心", "发证员", "0746-5550103", "431125", "2024-01-01"):
        assert piece in text
    assert "示例外县员" not in text


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("q=示例中心", True),
        ("q=发证", True),
        ("q=nobody", False),
        ("role=town", False),
        ("role=certificate_clerk", True),
        ("state=ended", False),
        ("state=all", True),
        ("state=x&role=x&p=x", True),
    ],
)
def test_roster_can_be_searched(office, clerk, query, is_there):
    assert ("示例发证员" in office.get(f"{LIST}?{query}").content.decode()) is is_there


def test_roster_costs_the_same_for_one_and_three(office, county, clerk, django_assert_num_queries):
    office.get(LIST)
    with django_assert_num_queries(18) as asked:
        office.get(LIST)
    for _ in range(2):
        appoint(user=UserFactory(), role=Role.TOWN, region=county, since=date(2024, 1, 1))
    with django_assert_num_queries(len(asked)):
        office.get(LIST)


def test_office_appoints(office, office_user, county):
    UserFactory(username="new")

    response = office.post(NEW, form())

    assert response["Location"] == LIST
    made = Appointment.objects.get(user__username="new")
    assert (made.role, made.region, made.appointed_by) == (
        Role.TOWN,
        version_by_code("431125100").region,
        office_user,
    )
    assert (made.organisation.name, made.duties) == ("示例镇人民政府", ["poverty_status", "follow_up"])
    assert made.valid == DateRange(date(2026, 1, 1), None)


@pytest.mark.parametrize(
    "changes",
    [
        {"account": "nobody"},
        {"account": "office"},
        {"account": "clerk2"},
        {"region": "431129"},
        {"region": "4311"},
        {"region": "999999"},
        {"region": "x' OR"},
        {"role": "province_reader"},
        {"role": "office", "region": "431125"},
        {"until": "2020-01-01"},
        {"work_phone": "13800000000"},
        {"deputy": "clerk2"},
        {"duties": ["reign"]},
        {"since": "soon"},
        {"organisation": ""},
    ],
)
def test_office_is_told_what_it_cannot_appoint(office, foreign_clerk, changes):
    UserFactory(username="new")

    response = office.post(NEW, form(**changes))

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Appointment.objects.filter(user__username="new").exists()


def test_foreign_account_and_unknown_account_get_the_same_answer(office, foreign_clerk):
    answers = {
        str(office.post(NEW, form(account=name)).context["form"].errors) for name in ("clerk2", "nobody")
    }

    assert len(answers) == 1


def test_office_transfers(office, clerk):
    today = timezone.localdate()
    page = f"{LIST}{clerk.pk}/transfer/"
    assert "示例中心" in office.get(page).content.decode()

    response = office.post(page, form(region="431125101", organisation="示例镇", on=today.isoformat()))

    assert response["Location"] == LIST
    clerk.refresh_from_db()
    new = Appointment.objects.exclude(pk=clerk.pk).get(user=clerk.user)
    assert clerk.valid.upper == today == new.valid.lower
    assert new.role == clerk.role


def test_office_ends_today_but_not_yesterday(office, clerk):
    today = timezone.localdate()
    page = f"{LIST}{clerk.pk}/end/"
    assert office.get(page).status_code == 200
    assert office.post(page, {"on": (today - timedelta(days=1)).isoformat()}).context["form"].errors

    assert office.post(page, {"on": today.isoformat()})["Location"] == LIST

    clerk.refresh_from_db()
    assert clerk.valid.upper == today
    assert office.get(page).status_code == 404
    assert "示例发证员" in office.get(f"{LIST}?state=ended").content.decode()


@pytest.mark.parametrize("action", ["transfer", "end"])
def test_foreign_appointment_and_none_look_the_same(office, foreign_clerk, office_user, action):
    own = office_user.appointments.get()

    answers = [office.get(f"{LIST}{pk}/{action}/") for pk in (foreign_clerk.pk, own.pk, 999999)]

    assert {answer.status_code for answer in answers} == {404}


def test_roster_is_for_office_and_auditor_only(client, county, instructor_user):
    client.force_login(instructor_user)
    assert client.get(LIST).status_code == 404
    assert client.get(NEW).status_code == 404

    auditor = UserFactory()
    appoint(user=auditor, role=Role.AUDITOR, region=county, since=date(2024, 1, 1))
    client.force_login(auditor)
    text = client.get(LIST).content.decode()
    assert NEW not in text
    assert "/transfer/" not in text
    assert client.get(NEW).status_code == 404
    assert client.post(NEW, form()).status_code == 404


def test_visitor_is_sent_to_sign_in(client, clerk):
    for page in (LIST, NEW, f"{LIST}{clerk.pk}/end/"):
        assert client.get(page).status_code == 302
