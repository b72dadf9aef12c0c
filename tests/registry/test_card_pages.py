from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from registry.card_numbers import new_card_number, spaced
from registry.models import Person, SignInCard
from registry.services import cancel_card, issue_card
from tests.factories.registry import UserFactory
from tests.factories.sign_in import (
    PICTURES,
    at_station,
    make_card,
    make_villager,
    press,
)
from tests.registry.way_in import is_signed_in

CARD, ASK, FIRST = "/people/card/", "/people/card/pictures/", "/people/card/first/"
WRONG = ["moon", "sun", "key"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def villager(keeper):
    return make_villager(name="学员甲")


@pytest.fixture
def issued(villager, keeper):
    return make_card(villager, keeper)


def scan(client, issued):
    return client.get(CARD, {"c": issued.token})


def test_card_page_signs_in_with_three_presses(client, issued, villager):
    assert scan(client, issued).url == ASK
    page = client.get(ASK).content.decode()
    assert page.count('name="picture"') == 12
    assert "学员甲" not in page

    answer = press(client, ASK, PICTURES)

    assert answer.url == "/learn/"
    assert is_signed_in(client)
    assert client.get("/learn/").status_code == 200
    assert "学员甲" in client.get("/people/me/").content.decode()
    assert Person.objects.count() == 1


def test_card_page_leaves_no_token_in_the_log(client, issued, capfd, caplog):
    with caplog.at_level("DEBUG"):
        scan(client, issued)
        press(client, ASK, WRONG)

    assert issued.token not in caplog.text + "".join(capfd.readouterr())


def test_card_page_takes_the_number(client, issued):
    assert client.post(CARD, {"number": spaced(issued.card.number)}).url == ASK

    press(client, ASK, PICTURES)

    assert is_signed_in(client)


@pytest.mark.parametrize("number", ["", "1234567890", "abc", "\x00", "1" * 400])
def test_card_page_refuses_a_number_that_is_none(client, number):
    answer = client.post("/en" + CARD, {"number": number})

    assert answer.status_code == 200
    assert answer.context["form"].has_error("number")


def test_card_page_says_when_a_card_is_no_longer_good(client, issued, villager, keeper):
    issue_card(person=villager, by=keeper)

    for answer in (
        client.get("/en" + CARD, {"c": issued.token}, follow=True),
        client.post("/en" + CARD, {"number": issued.card.number}, follow=True),
        client.get("/en" + CARD, {"c": "nonsense"}, follow=True),
        client.post("/en" + CARD, {"number": other_number(issued)}, follow=True),
    ):
        assert "This card is no longer good." in answer.content.decode()


def other_number(issued):
    return next(n for _time in range(9) if (n := new_card_number()) != issued.card.number)


def test_card_cancelled_meanwhile_opens_nothing(client, issued, villager, keeper):
    scan(client, issued)
    press(client, ASK, PICTURES[:2])
    cancel_card(person=villager, by=keeper)

    assert press(client, ASK, PICTURES).url == CARD
    assert not is_signed_in(client)


def test_wrong_pictures_begin_anew_in_plain_words(client, issued):
    scan(client, issued)

    page = press(client, "/en" + ASK, WRONG)

    assert "These are not your three pictures" in page.content.decode()
    assert page.context["picked"] == ""
    assert press(client, ASK, PICTURES).url == "/learn/"


def test_fifth_wrong_pictures_close_the_card(client, issued):
    scan(client, issued)
    for _try in range(4):
        press(client, "/en" + ASK, WRONG)

    page = client.post("/en" + ASK, {"picked": ",".join(WRONG[:2]), "picture": WRONG[2]}, follow=True)

    assert "Please try again in 15 minutes" in page.content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        scan(client, issued)
        assert press(client, ASK, PICTURES).url == "/learn/"


def test_pictures_pressed_twice_or_made_up_count_for_nothing(client, issued):
    scan(client, issued)

    page = client.post(ASK, {"picked": "hen,dragon,hen", "picture": "hen"})
    assert page.context["picked"] == "hen"
    assert client.post(ASK, {"picture": "dragon"}).context["picked"] == ""


def test_pictures_without_a_card_lead_to_the_card_page(client):
    assert client.get(ASK).url == CARD
    assert client.get(FIRST).url == CARD


def test_new_card_needs_the_stub_and_the_same_pictures_twice(client, villager, keeper):
    issued = make_card(villager, keeper, pictures=None)
    scan(client, issued)
    assert client.get(ASK).url == FIRST
    assert press(client, FIRST, PICTURES).context["form"].fields.keys() == {"code"}
    wrong = "000000" if issued.first_code != "000000" else "111111"
    refused = client.post("/en" + FIRST, {"code": wrong}).content.decode()
    assert "This is not the code on the stub" in refused
    assert client.post(FIRST, {"code": issued.first_code}).url == FIRST

    again = press(client, FIRST, PICTURES)
    assert again.context["is_again"]
    slipped = press(client, "/en" + FIRST, WRONG, first=again.context["first"])
    assert "not the same twice" in slipped.content.decode()
    again = press(client, FIRST, PICTURES)
    answer = press(client, FIRST, PICTURES, first=again.context["first"])

    assert answer.url == "/learn/"
    assert is_signed_in(client)
    fresh = Client()
    scan(fresh, issued)
    assert fresh.get(FIRST).url == ASK
    press(fresh, ASK, PICTURES)
    assert is_signed_in(fresh)


def test_new_card_at_a_station_needs_no_stub(villager, keeper):
    station = at_station(keeper)
    scan(station, make_card(villager, keeper, pictures=None))

    again = press(station, FIRST, PICTURES)
    press(station, FIRST, PICTURES, first=again.context["first"])

    assert is_signed_in(station)


def test_card_signs_out_whoever_was_here(client, issued):
    client.force_login(UserFactory())

    scan(client, issued)

    assert not is_signed_in(client)


@pytest.mark.slow
def test_fifty_people_behind_one_address_get_in_while_a_card_is_attacked(keeper, issued, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    address = {"REMOTE_ADDR": "203.0.113.7"}
    attacker = Client(**address)
    for _try in range(5):
        scan(attacker, issued)
        press(attacker, ASK, WRONG)
    assert SignInCard.objects.get(pk=issued.card.pk).closed_until

    for _person in range(50):
        card = make_card(make_villager(), keeper)
        visitor = Client(**address)
        scan(visitor, card)
        assert press(visitor, ASK, PICTURES).url == "/learn/"

    scan(attacker, issued)
    assert press(attacker, ASK, PICTURES).url == CARD
    assert not is_signed_in(attacker)


def test_flood_of_cards_from_one_address_is_bounded_but_a_station_is_not(keeper, issued, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "card": "2/10m/ip"}
    visitor = Client()
    answers = [visitor.post(CARD, {"number": issued.card.number}).status_code for _try in range(3)]

    assert answers == [302, 302, 429]
    assert press(visitor, ASK, PICTURES).status_code == 429
    station = at_station(keeper)
    scan(station, issued)
    assert press(station, ASK, PICTURES).url == "/learn/"
