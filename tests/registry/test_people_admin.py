from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from registry.models import AuditAction, AuditEntry, RevealGrant
from registry.queries.places import version_by_code
from registry.services import appoint
from registry.services.reveal import LIMIT_PER_HOUR
from tests.factories.registry import (
    HouseholdFactory,
    MembershipFactory,
    PersonFactory,
    StatusPeriodFactory,
    UserFactory,
    id_number,
)

pytestmark = pytest.mark.django_db
SEARCH = reverse("people_search")
ASKED = {"why": "call", "reason": "回访学员"}


@pytest.fixture
def village(county):
    return version_by_code("431125103200").region


@pytest.fixture
def person(village):
    return PersonFactory(
        name="学员甲", id_number=id_number(1), phone="+8619900000011", village=village, phone_owner="own"
    )


@pytest.fixture
def office(client, office_user):
    client.force_login(office_user)
    return client


def page_of(person):
    return reverse("person_detail", args=[person.uid])


def reveal_of(person):
    return reverse("person_reveal", args=[person.uid])


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ({"name": "学员"}, True),
        ({"name": "学员甲", "number": id_number(1)[-4:]}, True),
        ({"number": id_number(1)}, True),
        ({"number": f" {id_number(1)[:6]} {id_number(1)[6:]}"}, True),
        ({"name": "学员甲", "number": "9999"}, False),
        ({"number": id_number(2)}, False),
        ({"name": "甲"}, False),
        ({"number": "T-431125-2026-00001"}, False),
    ],
)
def test_search_finds_by_name_last_four_and_number(office, person, asked, is_found):
    page = office.post(SEARCH, asked)

    text = page.content.decode()
    assert (page_of(person) in text) == is_found
    assert person.id_number not in text.replace(asked.get("number", "-"), "")
    assert "19900000011" not in text


@pytest.mark.parametrize("asked", [{"name": ""}, {"number": "0017"}, {"name": "  "}])
def test_search_for_too_little_says_so(office, person, asked):
    page = office.post(SEARCH, asked)

    assert page.context["form"].non_field_errors()
    assert page_of(person) not in page.content.decode()


def test_search_takes_the_same_queries_for_one_and_three(
    office, person, village, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(40) as seen:
            office.post(SEARCH, {"name": "学员"})
        return len(seen)

    queries()  # what Wagtail keeps after the first page
    with_one = queries()
    for number in (2, 3):
        PersonFactory(name=f"学员{number}", id_number=id_number(number), village=village)

    assert queries() == with_one


def test_page_shows_masked_numbers_households_and_status(office, person, county, village):
    household = HouseholdFactory(county=county, village=village, number="000123")
    MembershipFactory(person=person, household=household)
    StatusPeriodFactory(household=household, label="脱贫不稳定户")

    text = office.get(page_of(person)).content.decode()

    assert "990***********0025" in text
    assert "199****0011" in text
    assert "脱贫不稳定户" in text
    assert "000123" in text
    assert person.id_number not in text
    assert "19900000011" not in text


def test_page_takes_the_same_queries_for_one_and_three_households(
    office, person, county, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(60) as seen:
            office.get(page_of(person))
        return len(seen)

    def join(number):
        household = HouseholdFactory(county=county, number=str(number))
        StatusPeriodFactory(household=household)
        valid = DateRange(date(2010 + number, 1, 1), date(2011 + number, 1, 1))
        MembershipFactory(person=person, household=household, valid=valid)

    join(1)
    queries()
    with_one = queries()
    join(2)
    join(3)

    assert queries() == with_one


def test_reveal_shows_one_number_for_five_minutes(office, person):
    page = office.post(reveal_of(person), {"field": "phone", **ASKED}, follow=True)

    text = page.content.decode()
    assert "19900000011" in text
    assert person.id_number not in text
    assert 0 < int(page["Refresh"]) <= 301
    assert "no-store" in page["Cache-Control"]
    entry = AuditEntry.objects.get(action=AuditAction.PHONE_REVEALED)
    assert (entry.person, entry.detail) == (person, {"reason": "call: 回访学员"})
    RevealGrant.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "19900000011" not in office.get(page_of(person)).content.decode()


@pytest.mark.parametrize(
    "asked",
    [{"why": "call", "reason": "看看"}, {"why": "", "reason": "回访学员"}, {"why": "x", "reason": "回访"}],
)
def test_reveal_without_a_reason_asks_for_one(office, person, asked):
    page = office.post(reveal_of(person), {"field": "id_number", **asked})

    assert page.status_code == 200
    assert person.id_number not in page.content.decode()
    assert not RevealGrant.objects.exists()


@pytest.mark.slow
def test_reveal_beyond_the_limit_is_refused_in_words(office, person, office_user, village, settings):
    for number in range(LIMIT_PER_HOUR):
        one = PersonFactory(phone=f"+86199000001{number:02d}", village=village)
        office.post(reveal_of(one), {"field": "phone", **ASKED})

    page = office.post(reveal_of(person), {"field": "phone", **ASKED}, follow=True)

    assert "19900000011" not in page.content.decode()
    assert AuditEntry.objects.filter(action=AuditAction.REVEAL_REFUSED).count() == 1


def test_foreign_office_finds_nothing_as_if_it_did_not_exist(client, person, foreign_office_user):
    client.force_login(foreign_office_user)

    assert page_of(person) not in client.post(SEARCH, {"number": person.id_number}).content.decode()
    assert client.get(page_of(person)).status_code == 404
    assert client.post(reveal_of(person), {"field": "phone", **ASKED}).status_code == 404
    assert not AuditEntry.objects.filter(action=AuditAction.PHONE_REVEALED).exists()


def test_visitor_is_asked_to_sign_in_and_an_instructor_finds_nothing(client, person, instructor_user):
    assert client.get(page_of(person)).status_code == 302
    assert client.post(SEARCH, {"name": "学员"}).status_code == 302
    client.force_login(instructor_user)
    assert client.get(SEARCH).status_code == 404
    assert client.get(page_of(person)).status_code == 404


def test_auditor_sees_a_number_for_a_reason(client, person, county):
    auditor = UserFactory()
    appoint(user=auditor, role="auditor", region=county, since=date(2020, 1, 1))
    client.force_login(auditor)

    text = client.get(page_of(person)).content.decode()

    assert "990***********0025" in text
    assert reveal_of(person) in text
    client.post(reveal_of(person), {"field": "phone", **ASKED})
    assert AuditEntry.objects.get(actor=auditor).action == AuditAction.PHONE_REVEALED
