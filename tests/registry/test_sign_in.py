import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from registry import client as sms
from registry.errors import MessageNotSent
from registry.models import Person, SentMessage, User
from tests.factories.registry import AppointmentFactory, PersonFactory, UserFactory
from tests.registry.way_in import CODE, LOGIN, PHONE, ask_code, enter, is_signed_in, newest_code

pytestmark = pytest.mark.django_db


# The way in


def test_unknown_number_signs_up_by_signing_in(client):
    asked = ask_code(client)
    assert (asked.status_code, asked.url) == (302, CODE)
    [message] = SentMessage.objects.all()
    assert message.phone == PHONE
    page = client.get(CODE).content.decode()
    assert "199****1234" in page
    assert "19900001234" not in page

    answer = client.post(CODE, {"action": "verify", "code": newest_code()})

    user = User.objects.get()
    assert answer.status_code == 302
    assert is_signed_in(client)
    assert (user.phone, user.phone_verified) == (PHONE, True)
    assert not user.has_usable_password()
    assert user.email == ""
    assert str(user) == "199****1234"


def test_known_number_signs_in_the_same_way(client):
    user = UserFactory(phone=PHONE, phone_verified=True)

    ask_code(client)
    client.post(CODE, {"code": newest_code()})

    assert client.session["_auth_user_id"] == str(user.pk)
    assert User.objects.count() == 1


def test_answers_for_known_and_unknown_number_are_the_same(client):
    UserFactory(phone=PHONE, phone_verified=True)
    other = Client()

    answers = [ask_code(client), ask_code(other, "19900005678")]
    pages = [client.get(CODE).content.decode(), other.get(CODE).content.decode()]

    assert {(answer.status_code, answer.url) for answer in answers} == {(302, CODE)}
    without_tokens = [re.sub(r'value="\w{64}"|199\*{4}\d{4}', "", page) for page in pages]
    assert without_tokens[0] == without_tokens[1]


def test_code_with_full_width_digits_and_spaces_counts(client):
    ask_code(client)
    code = newest_code().translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    client.post(CODE, {"code": f" {code[:3]} {code[3:]}"})

    assert is_signed_in(client)


def test_code_is_six_digits_and_good_once(client):
    enter(client)
    code = newest_code()
    other = Client()

    ask_code(other, "19900005678")
    other.post(CODE, {"code": code})

    assert re.fullmatch(r"\d{6}", code)
    assert not is_signed_in(other)


def test_wrong_code_is_refused_in_plain_words(client):
    ask_code(client)

    answer = client.post("/en" + CODE, {"code": "000000" if newest_code() != "000000" else "111111"})

    assert answer.status_code == 200
    assert "This code does not fit." in answer.content.decode()
    assert not is_signed_in(client)


def test_fifth_wrong_code_ends_it_and_keeps_next(client):
    ask_code(client, after="/learn/")
    wrong = "000000" if newest_code() != "000000" else "111111"
    for _try in range(4):
        assert client.post(f"{CODE}?next=/learn/", {"code": wrong}).status_code == 200

    answer = client.post(f"{CODE}?next=/learn/", {"code": wrong})

    assert answer.url == f"{LOGIN}?next=%2Flearn%2F"
    client.post(CODE, {"code": newest_code()})
    assert not is_signed_in(client)


def test_tries_are_bounded_by_number_even_from_many_browsers(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "confirm_login_code": "2/10m/key"}
    ask_code(client)
    wrong = "000000" if newest_code() != "000000" else "111111"

    answers = [client.post(CODE, {"code": wrong}).status_code for _try in range(3)]

    assert answers == [200, 200, 429]


def test_code_after_ten_minutes_is_too_old_and_says_so(client):
    with time_machine.travel("2026-03-01 08:00+08:00", tick=False) as clock:
        ask_code(client, after="/learn/")
        clock.shift(timedelta(minutes=10, seconds=1))

        answer = client.post(f"/en{CODE}?next=/learn/", {"code": newest_code()}, follow=True)

    assert answer.redirect_chain == [("/en/account/login/?next=%2Flearn%2F", 302)]
    assert "This code is no longer good." in answer.content.decode()
    assert not is_signed_in(client)


def test_code_page_without_a_code_asked_leads_to_the_first_page(client):
    assert client.get(CODE).url == LOGIN


def test_mistyped_number_can_be_entered_again(client):
    ask_code(client, "19900009999")

    assert client.get(LOGIN).status_code == 200
    ask_code(client)
    client.post(CODE, {"code": newest_code()})

    assert client.session["_auth_user_id"] == str(User.objects.get(phone_verified=True).pk)
    assert User.objects.get(phone_verified=True).phone == PHONE


@pytest.mark.parametrize("phone", ["", "12345", "0746-2321234", "abc", "1" * 500, "199\x000001234"])
def test_number_that_is_none_is_refused_kindly(client, phone):
    answer = ask_code(client, phone)

    assert answer.status_code == 200
    assert answer.context["form"].has_error("phone")
    assert not SentMessage.objects.exists()
    assert not User.objects.exists()


def test_message_that_cannot_be_sent_is_told_at_the_field(client, monkeypatch):
    def refuse(phone, code):
        raise MessageNotSent(reason="test")

    monkeypatch.setitem(sms.PROVIDERS, "outbox", refuse)

    answer = client.post("/en" + LOGIN, {"phone": "19900001234"})

    assert answer.status_code == 200
    assert "The text message could not be sent." in answer.content.decode()


# Sending again and limits


def test_resend_waits_a_minute_then_sends_a_new_code(client):
    with time_machine.travel("2026-03-01 08:00+08:00", tick=False) as clock:
        ask_code(client)
        clock.shift(timedelta(seconds=30))
        too_soon = client.post("/en" + CODE, {"action": "resend"}, follow=True).content.decode()
        assert SentMessage.objects.count() == 1
        clock.shift(timedelta(seconds=31))
        sent = client.post("/en" + CODE, {"action": "resend"}, follow=True).content.decode()
        assert SentMessage.objects.count() == 2
        clock.shift(timedelta(minutes=9, seconds=50))
        client.post(CODE, {"code": newest_code()})
        assert is_signed_in(client)

    assert "one minute after the last" in too_soon
    assert "A new code is on its way." in sent


def test_resend_that_fails_says_so(client, monkeypatch):
    def refuse(phone, code):
        raise MessageNotSent(reason="test")

    with time_machine.travel("2026-03-01 08:00+08:00", tick=False) as clock:
        ask_code(client)
        clock.shift(timedelta(minutes=2))
        monkeypatch.setitem(sms.PROVIDERS, "outbox", refuse)
        answer = client.post("/en" + CODE, {"action": "resend"}, follow=True)

    assert "The text message could not be sent." in answer.content.decode()


def test_asking_twice_for_one_number_leads_to_the_code_page(client):
    ask_code(client, after="/learn/")

    again = ask_code(client, after="/learn/")

    assert again.url == f"{CODE}?next=%2Flearn%2F"
    assert SentMessage.objects.count() == 1


def test_number_gets_one_message_a_minute_whoever_asks(client):
    ask_code(Client())

    answer = client.post("/en" + LOGIN, {"phone": "19900001234"})

    assert "Please wait a minute" in answer.content.decode()
    assert SentMessage.objects.count() == 1


@pytest.mark.slow
def test_fifty_people_behind_one_address_all_get_in():
    for person in range(50):
        visitor = Client(REMOTE_ADDR="203.0.113.7")
        enter(visitor, f"1990000{person:04d}")
        assert is_signed_in(visitor)


def test_flood_from_one_address_gets_plain_words(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "sign_in": "2/10m/ip"}
    for person in range(2):
        ask_code(Client(), f"1990000{person:04d}")

    answer = client.post("/en" + LOGIN, {"phone": "19900000009"})

    assert answer.status_code == 429
    assert "Please wait ten minutes and try again." in answer.content.decode()
    assert client.get(LOGIN).status_code == 200


# Where she is led


def test_next_is_kept_for_somebody_known(client):
    PersonFactory(user=UserFactory(phone=PHONE, phone_verified=True, last_login=timezone.now()))

    assert enter(client, after="/learn/x/?a=1").url == "/learn/x/?a=1"


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "http:evil"]
)
def test_next_outside_the_site_is_ignored(client, evil):
    PersonFactory(user=UserFactory(phone=PHONE, phone_verified=True, last_login=timezone.now()))

    assert enter(client, after=evil).url == "/learn/"


def test_somebody_new_is_led_to_register_then_on(client):
    assert enter(client, after="/learn/").url == "/people/register/?next=%2Flearn%2F"


def test_somebody_new_on_the_way_to_register_is_not_led_twice(client):
    after = "/people/register/?next=/learn/"

    assert enter(client, after=after).url == after


def test_somebody_new_whose_number_is_on_a_roster_is_led_to_link(client):
    PersonFactory(rostered=True, phone=PHONE)

    assert enter(client, after="/learn/").url == "/people/link/?next=%2Flearn%2F"
    assert Person.objects.get().user is None


def test_second_sign_in_leads_straight_on(client):
    enter(client)
    client.post("/account/logout/")
    ratelimit_free = Client()
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert enter(ratelimit_free, after="/learn/").url == "/learn/"


def test_official_with_a_phone_is_not_asked_who_she_is(client):
    AppointmentFactory(user=UserFactory(phone=PHONE, phone_verified=True))

    assert enter(client).url == "/learn/"


def test_english_visitor_stays_in_english(client):
    PersonFactory(user=UserFactory(phone=PHONE, phone_verified=True, last_login=timezone.now()))
    answer = client.post("/en" + LOGIN, {"phone": "19900001234"})
    assert answer.url == "/en" + CODE

    assert client.post(answer.url, {"code": newest_code()}).url == "/en/learn/"


def test_signed_in_visitor_is_led_past_the_sign_in_page(client):
    client.force_login(UserFactory())

    assert client.get(f"{LOGIN}?next=/learn/").url == "/learn/"


def test_session_does_not_keep_the_number(client):
    enter(client)

    stored = Session.objects.get().get_decoded()
    assert "1990000" not in str(stored)


def test_closed_login_gets_a_page_not_a_session(client):
    UserFactory(phone=PHONE, phone_verified=True, is_active=False)

    answer = enter(client)

    assert answer.url == "/account/inactive/"
    assert client.get(answer.url).status_code == 200
    assert not is_signed_in(client)
