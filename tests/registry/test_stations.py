from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from registry.models import AuditEntry, StationDevice
from registry.services import revoke_device
from registry.stations import COOKIE
from tests.factories.registry import UserFactory
from tests.factories.sign_in import (
    PICTURES,
    VILLAGE,
    at_station,
    make_card,
    make_keeper,
    make_villager,
    press,
)
from tests.registry.way_in import enter, is_signed_in

STATION, DONE, DEVICES = "/people/station/", "/people/station/done/", "/people/station/devices/"
CARD, ASK = "/people/card/", "/people/card/pictures/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def station(keeper):
    return at_station(keeper)


def sign_in_by_card(client, keeper, **fields):
    issued = make_card(make_villager(**fields), keeper)
    client.get(CARD, {"c": issued.token})
    return press(client, ASK, PICTURES)


# Devices


def test_device_is_registered_by_its_keeper_and_logged(client, keeper):
    client.force_login(keeper)

    answer = client.post(DEVICES, {"name": "门口平板", "place": VILLAGE})

    device = StationDevice.objects.get()
    cookie = answer.cookies[COOKIE]
    assert answer.url == DEVICES
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert bytes(device.token_hash).hex() not in cookie.value
    entry = AuditEntry.objects.get(action="station_registered")
    assert (entry.actor, entry.region_code) == (keeper, VILLAGE)
    assert "门口平板" in client.get(DEVICES).content.decode()


def test_device_is_registered_once(client, keeper):
    client.force_login(keeper)
    for _time in range(2):
        client.post(DEVICES, {"name": "门口平板", "place": VILLAGE})

    assert StationDevice.objects.count() == 1
    assert client.session["station"]["device"] == StationDevice.objects.get().pk


def test_device_outside_her_village_cannot_be_registered(client, keeper):
    client.force_login(keeper)

    answer = client.post(DEVICES, {"name": "平板", "place": "431125100007"})

    assert answer.context["form"].has_error("place")
    assert not StationDevice.objects.exists()


def test_device_page_is_for_helpers(client, trainee_user):
    assert client.get(DEVICES).url.startswith("/account/login/")
    client.force_login(trainee_user)
    assert client.get(DEVICES).status_code == 404


def test_device_is_revoked_by_keeper_or_office(client, office_user, station):
    device = StationDevice.objects.get()
    client.force_login(office_user)
    assert device.name in client.get(DEVICES).content.decode()

    client.post(f"{DEVICES}{device.uid}/revoke/")
    client.post(f"{DEVICES}{device.uid}/revoke/")

    device.refresh_from_db()
    assert device.revoked_by == office_user
    assert station.get(STATION).url == "/account/login/"
    assert AuditEntry.objects.filter(action="station_revoked").count() == 1


def test_device_of_another_village_is_not_there(client, station):
    client.force_login(make_keeper("431125100007", "keeper2"))
    device = StationDevice.objects.get()

    assert client.post(f"{DEVICES}{device.uid}/revoke/").status_code == 404
    assert device.name not in client.get(DEVICES).content.decode()


def test_device_list_asks_a_fixed_number_of_queries(client, keeper, django_assert_max_num_queries):
    client.force_login(keeper)
    for _round in range(2):
        at_station(keeper)
        with django_assert_max_num_queries(12):
            client.get(DEVICES)


def test_device_cookie_cannot_be_made_up(client):
    client.cookies[COOKIE] = "nonsense"

    assert client.get(STATION).url == "/account/login/"


# One after another


def test_station_asks_who_comes_next(station):
    page = station.get(STATION)

    assert "示例平板" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_station_session_ends_after_ten_idle_minutes(station, keeper):
    with time_machine.travel("2026-03-01 08:00+08:00", tick=False) as clock:
        sign_in_by_card(station, keeper)
        for _page in range(3):
            clock.shift(timedelta(minutes=9))
            page = station.get("/learn/")
            assert page.status_code == 200
        assert page.headers["Refresh"] == "605; url=/people/station/"
        clock.shift(timedelta(minutes=10, seconds=5))

        answer = station.get("/learn/")

    assert answer.url == STATION
    assert not is_signed_in(station)
    assert not Session.objects.filter(session_key=station.session.session_key).exists()


def test_station_session_is_over_with_the_button(station, keeper):
    sign_in_by_card(station, keeper, name="学员甲")
    page = station.get("/en/learn/").content.decode()
    assert "I am done" in page
    assert "/account/logout/" not in page

    answer = station.post(DONE)

    assert answer.url == STATION
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies["messages"].value == ""
    assert not is_signed_in(station)
    assert "学员甲" not in station.get(STATION).content.decode()
    assert COOKIE in station.cookies


def test_station_pages_are_kept_by_nobody(station, keeper):
    sign_in_by_card(station, keeper)

    for path in ("/", "/learn/", "/people/me/", "/account/logout/"):
        assert "no-store" in station.get(path).headers["Cache-Control"]


def test_station_session_is_short_however_it_was_opened(station, keeper):
    enter(station)
    assert station.session["station"]["device"] == StationDevice.objects.get().pk
    assert station.session.get_expire_at_browser_close()
    station.post(DONE)

    UserFactory(username="clerk")
    station.post("/account/staff/", {"login": "clerk", "password": "cunbo-test"})

    assert "station" in station.session


def test_station_forms_offer_nothing_typed_before(station):
    for path in ("/account/login/", "/account/staff/"):
        page = station.get(path).content.decode()
        assert 'autocomplete="tel"' not in page
        assert 'autocomplete="username"' not in page


def test_station_session_ends_when_the_device_is_revoked(station, keeper):
    sign_in_by_card(station, keeper)

    revoke_device(device=StationDevice.objects.get(), by=keeper)

    assert station.get("/learn/").status_code == 302
    assert not is_signed_in(station)


def test_station_lets_somebody_be_done_who_owes_a_second_factor(station, keeper):
    station.post("/account/staff/", {"login": "keeper", "password": "cunbo-test"})
    assert station.get("/learn/").url.startswith("/account/second-factor/")

    assert station.post(DONE).url == STATION


def test_station_session_does_not_leave_the_device(station, keeper):
    sign_in_by_card(station, keeper)
    thief = Client()
    thief.cookies["sessionid"] = station.cookies["sessionid"].value

    assert thief.get("/learn/").status_code == 302
    assert not is_signed_in(thief)


def test_three_people_one_after_another_see_only_themselves(station, keeper):
    names = ["学员甲", "学员乙", "学员丙"]
    for name in names:
        sign_in_by_card(station, keeper, name=name)
        page = station.get("/people/me/").content.decode()
        assert [other for other in names if other in page] == [name]
        station.post(DONE)


def test_own_phone_session_is_no_short_one(client):
    enter(client)

    page = client.get("/learn/")
    assert "station" not in client.session
    assert "Refresh" not in page.headers
    assert client.post(DONE).url == "/account/login/"


@pytest.mark.slow
def test_people_at_a_station_get_in_whatever_happens_behind_its_address(keeper, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "sign_in": "5/10m/ip"}
    station = at_station(keeper)
    for person in range(12):
        enter(station, f"1990000{person:04d}")
        assert is_signed_in(station)
        station.post(DONE)


def test_keeper_gets_in_while_somebody_guesses_behind_the_same_address(station, keeper, settings):
    settings.ACCOUNT_RATE_LIMITS = {
        **settings.ACCOUNT_RATE_LIMITS,
        "login_failed": "2/10m/ip",
        "login": "9/10m/ip",
    }
    attacker = Client()
    for login in range(9):
        attacker.post("/account/staff/", {"login": f"guess-{login}", "password": "wrong"})
    UserFactory(username="clerk")
    attacker.post("/account/staff/", {"login": "clerk", "password": "cunbo-test"})
    assert not is_signed_in(attacker)

    station.post("/account/staff/", {"login": "keeper", "password": "cunbo-test"})

    assert is_signed_in(station)
