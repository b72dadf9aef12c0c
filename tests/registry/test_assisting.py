from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.utils import timezone

from registry.models import AssistedSignIn, AuditEntry, StationDevice
from tests.factories.sign_in import (
    at_station,
    make_card,
    make_villager,
)
from tests.registry.way_in import is_signed_in

DEVICES = "/people/station/devices/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def station(keeper):
    return at_station(keeper)


def assist(client, person, **answers):
    return client.post(
        f"/people/station/villagers/{person.uid}/assist/",
        {"reason": "no_phone", "note": "没有手机", **answers},
    )


def test_assist_opens_a_session_of_the_villager_alone(station, keeper):
    person = make_villager(name="学员甲")
    station.force_login(keeper)
    own_key = station.session.session_key

    answer = assist(station, person)

    assert answer.url == "/learn/"
    assert station.session["_auth_user_id"] == str(person.__class__.objects.get().user.pk)
    assert not Session.objects.filter(session_key=own_key).exists()
    page = station.get("/en/learn/").content.decode()
    assert "signed in with help by 示例站长" in page
    assert station.get("/people/station/villagers/").status_code == 404
    assisted = AssistedSignIn.objects.get()
    assert (assisted.helper, assisted.person, assisted.device) == (
        keeper,
        person,
        StationDevice.objects.get(),
    )
    entry = AuditEntry.objects.get(action="sign_in_assisted")
    assert entry.detail == {"reason": "no_phone", "note": "没有手机"}
    assert (entry.actor, entry.person) == (keeper, person)


@pytest.mark.parametrize(
    "path",
    [
        "/account/second-factor/app/",
        "/people/link/",
        "/account/password/set/",
        "/account/password/change/",
        "/people/privacy/",
    ],
)
def test_assist_session_cannot_do_what_only_she_may(station, keeper, path):
    station.force_login(keeper)
    assist(station, make_villager())

    assert station.get(path).status_code in {403, 404}
    assert station.post(path).status_code in {403, 404}
    if path != "/people/privacy/":
        assert "Only you yourself" in station.get("/en" + path).content.decode()


def test_assist_on_a_device_of_nobody_is_short_all_the_same(client, keeper):
    client.force_login(keeper)
    assist(client, make_villager())

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert client.get("/learn/").status_code == 302
    assert not is_signed_in(client)


def test_assist_needs_a_reason_of_the_list(client, keeper):
    client.force_login(keeper)

    answer = assist(client, make_villager(), reason="because")

    assert answer.context["assist_form"].has_error("reason")
    assert client.session["_auth_user_id"] == str(keeper.pk)
    assert not AssistedSignIn.objects.exists()


def test_assist_never_signs_staff_in(client, keeper, office_user):
    person = make_villager(user=office_user)
    client.force_login(keeper)

    answer = assist(client, person)

    assert answer.context["assist_form"].non_field_errors()
    assert client.session["_auth_user_id"] == str(keeper.pk)


@pytest.mark.parametrize("page", ["", "assist/", "number/"])
def test_villager_of_another_village_is_not_there(client, keeper, page):
    person = make_villager("431125100007")
    client.force_login(keeper)

    assert client.post(f"/people/station/villagers/{person.uid}/{page}").status_code == 404
    assert client.get("/people/station/villagers/?name=学员").context["page_obj"].paginator.count == 0


def test_villager_page_is_for_helpers(client, keeper, trainee_user):
    path = f"/people/station/villagers/{make_villager().uid}/"
    assert client.get(path).url.startswith("/account/login/")
    client.force_login(trainee_user)
    assert client.get(path).status_code == 404


@pytest.mark.password_only
def test_villager_page_needs_the_second_factor(client, keeper):
    client.force_login(keeper)

    for path in ("/people/station/villagers/", f"/people/station/villagers/{make_villager().uid}/", DEVICES):
        assert client.get(path).url.startswith("/account/second-factor/")


def test_villager_list_finds_by_the_beginning_of_the_name(client, keeper):
    make_villager(name="学员甲")
    make_villager(name="示例乙")
    client.force_login(keeper)

    page = client.get("/people/station/villagers/", {"name": " 示例"}).content.decode()

    assert "示例乙" in page
    assert "学员甲" not in page


def test_villager_list_asks_a_fixed_number_of_queries(client, keeper, django_assert_max_num_queries):
    client.force_login(keeper)
    for people in (1, 3):
        for _person in range(people):
            make_card(make_villager(), keeper)
        with django_assert_max_num_queries(13):
            client.get("/people/station/villagers/")


def test_villager_page_cancels_the_card(client, keeper):
    person = make_villager()
    issued = make_card(person, keeper)
    client.force_login(keeper)
    assert issued.card.number[:3] in client.get(f"/people/station/villagers/{person.uid}/").content.decode()

    client.post(f"/people/station/villagers/{person.uid}/")

    issued.card.refresh_from_db()
    assert issued.card.cancelled_by == keeper
