from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from registry import card_sheets
from registry.card_numbers import spaced
from registry.models import Appointment, SignInCard, User
from registry.services import appoint
from tests.factories.registry import PersonFactory
from tests.factories.sign_in import (
    OTHER_VILLAGE,
    make_card,
    make_keeper,
    make_villager,
)

CARD, ASK = "/people/card/", "/people/card/pictures/"
ISSUE = "/people/card/issue/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def villager(keeper):
    return make_villager(name="学员甲")


@pytest.fixture
def issued(villager, keeper):
    return make_card(villager, keeper)


def scan(client, issued):
    return client.get(CARD, {"c": issued.token})


def test_sheet_shows_card_and_stub_to_whoever_made_it(client, villager, keeper):
    client.force_login(keeper)

    answer = client.post(ISSUE, {"person": [villager.uid, "nonsense"]})
    page = client.get(answer.url)

    text = page.content.decode()
    [card] = page.context["cards"]
    row = SignInCard.objects.get()
    assert "学**" in text
    assert spaced(row.number) in text
    assert card.place
    assert villager.id_number == "" or villager.id_number not in text
    assert client.get(answer.url).status_code == 200  # the printer jammed
    assert "no-store" in page.headers["Cache-Control"]
    other = make_keeper(username="keeper2")
    client.force_login(other)
    assert client.get(answer.url).status_code == 404


def test_sheet_is_in_the_villagers_language_whichever_staff_reads(client, villager, keeper, monkeypatch):
    addresses = []
    monkeypatch.setattr(card_sheets, "_qr", addresses.append)
    client.force_login(keeper)

    page = client.get(client.post("/en" + ISSUE, {"person": villager.uid}).url).content.decode()

    assert "Print with your browser" in page
    assert "首次使用的数字" in page
    assert addresses[0].startswith("http://localhost:8000/people/card/?c=")


def test_sheet_qr_leads_to_the_card_page(client, issued):
    answer = scan(client, issued)

    assert answer.url == ASK
    assert parse_qs(urlsplit(answer.url).query) == {}


def test_sheet_for_many_is_one_page(client, keeper):
    people = [make_villager() for _person in range(3)]
    client.force_login(keeper)

    answer = client.post(ISSUE, {"person": [person.uid for person in people]})

    assert len(client.get(answer.url).context["cards"]) == 3


def test_sheet_without_anybody_says_so(client, keeper):
    client.force_login(keeper)

    page = client.post("/en" + ISSUE, {}, follow=True)

    assert "Nobody was chosen." in page.content.decode()


def test_sheet_leaves_out_staff_and_people_elsewhere(client, keeper, county):
    clerk = make_villager(learner=True)
    appoint(user=clerk.user, role=Appointment.Role.TOWN, region=county, since=timezone.localdate())
    stranger = make_villager(OTHER_VILLAGE)
    client.force_login(keeper)

    client.post(ISSUE, {"person": [clerk.uid, stranger.uid]})

    assert not SignInCard.objects.exists()


def test_sheet_is_gone_after_a_quarter_of_an_hour(client, villager, keeper):
    from django.core.cache import cache

    client.force_login(keeper)
    answer = client.post(ISSUE, {"person": villager.uid})
    cache.clear()

    assert client.get(answer.url).status_code == 404


def test_cards_are_issued_by_helpers_only(client, villager, trainee_user, instructor_user):
    assert client.post(ISSUE, {"person": villager.uid}).url.startswith("/account/login/")
    for user in (trainee_user, instructor_user):
        client.force_login(user)
        assert client.post(ISSUE, {"person": villager.uid}).status_code == 404
    assert not SignInCard.objects.exists()


def test_person_without_village_gets_her_card_from_the_home_county(client, office_user, keeper):
    person = PersonFactory()
    client.force_login(keeper)
    client.post(ISSUE, {"person": person.uid})
    assert not SignInCard.objects.exists()
    client.force_login(office_user)

    client.post(ISSUE, {"person": person.uid})

    assert SignInCard.objects.get().user == User.objects.get(person=person)
