from datetime import date

import pytest
import time_machine
from django.test import Client

from county.models import ApiToken
from county.services import make_api_token
from registry.services import appoint
from tests.factories.certificates import noon
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/admin/api-tokens/"


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def neighbour(other_county):
    user = UserFactory()
    appoint(user=user, role="office", region=other_county, since=date(2020, 1, 1))
    return user


@pytest.fixture
def entered():
    return {
        "name": "省平台",
        "region": "431125",
        "reads": ["counts", "returns"],
        "last_day": "2026-12-31",
    }


@pytest.fixture(autouse=True)
def _in_july():
    with time_machine.travel(noon("2026-07-03"), tick=False):
        yield


def test_token_is_shown_once_and_reads_at_once(office, county, entered, client):
    page = office.post(PAGE, entered).content.decode()

    token = ApiToken.objects.get()
    secret = page.partition("<code>cunbo_")[2].partition("</code>")[0]
    answer = client.get("/api/v1/counties", headers={"Authorization": f"Bearer cunbo_{secret}"})
    assert answer.json()[0]["code"] == "431125"
    assert token.last_day == date(2026, 12, 31)
    again = office.get(PAGE).content.decode()
    assert secret not in again
    assert "省平台" in again


@pytest.mark.parametrize(
    "change", [{"region": "431129"}, {"region": ""}, {"reads": []}, {"last_day": "2028-01-01"}, {"name": ""}]
)
def test_what_does_not_fit_makes_no_token(office, county, other_county, entered, change):
    page = office.post(PAGE, entered | change)

    assert page.status_code == 200
    assert not ApiToken.objects.exists()
    assert "w-field__errors" in page.content.decode()


def test_revoking_needs_one_press_and_shows(office, county, entered):
    office.post(PAGE, entered)
    token = ApiToken.objects.get()

    page = office.post(f"{PAGE}{token.uid}/revoke/", follow=True).content.decode()

    token.refresh_from_db()
    assert token.revoked_at
    assert f"{token.uid}/revoke/" not in page


def test_foreign_office_neither_sees_nor_revokes(office, county, entered, neighbour):
    office.post(PAGE, entered)
    token = ApiToken.objects.get()
    client = signed_in(neighbour)

    assert "省平台" not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}{token.uid}/revoke/").status_code == 404
    assert client.post(PAGE, entered).status_code == 200
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("role", ["auditor", "operator", "town", "province_reader"])
def test_other_roles_find_no_page(county, role):
    user = UserFactory()
    appoint(user=user, role=role, region=county, since=date(2020, 1, 1))

    assert signed_in(user).get(PAGE).status_code in {302, 404}


def test_list_costs_the_same_for_one_and_more(
    office, office_user, county, entered, django_assert_max_num_queries
):
    def more():
        make_api_token(name="x", region=county, reads=["counts"], last_day=date(2026, 12, 31), by=office_user)

    more()
    office.get(PAGE)
    with django_assert_max_num_queries(40) as one:
        office.get(PAGE)
    more()
    more()

    with django_assert_max_num_queries(40) as three:
        office.get(PAGE)
    assert len(one) == len(three)
