"""Giving a host address and key for another app, and taking them back."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from livestream.engines import AuthRequest, engine_named
from livestream.engines.base import Action
from livestream.services.sessions import note_media
from tests.factories.livestream import make_session


@pytest.fixture
def session(host, agreed):
    return make_session(host.person, created_at=timezone.now())


@pytest.fixture
def address(session):
    return reverse("livestream:other_sender", args=[session.uid])


def opens(session, key: str) -> bool:
    asked = AuthRequest(Action.PUBLISH, session.uid.hex, key, timezone.now(), "1")
    return engine_named("nginx-rtmp").authorise(asked).is_allowed


def shown(page) -> dict[str, str]:
    return dict(re.findall(r'id="(server|key)" type="text" value="([^"]+)"', page.content.decode()))


def test_a_key_is_shown_once_and_opens_the_door(client, host, session, address, private_files):
    client.force_login(host)

    given = shown(client.post(address, {"engine": "nginx-rtmp"}))

    assert given["server"].startswith("rtmp://")
    stream, _question, key = given["key"].partition("?key=")
    assert stream == session.uid.hex
    assert opens(session, key)
    assert shown(client.get(address)) == {}
    assert client.get(address)["Cache-Control"].count("no-store")


def test_a_new_key_takes_the_old_one_back(client, host, session, address, private_files):
    client.force_login(host)
    keys = [shown(client.post(address, {"engine": "nginx-rtmp"}))["key"].partition("=")[2] for _ in range(2)]

    assert [opens(session, key) for key in keys] == [False, True]


def test_a_whip_address_comes_with_its_token(client, host, session, address):
    client.force_login(host)

    given = shown(client.post(address, {"engine": "janus"}))

    assert given["server"].endswith(f"/rehearse/whip/{session.uid}/")
    assert opens(session, given["key"])


def test_the_key_is_taken_back_and_the_sender_cut_off(
    client, host, session, address, private_files, monkeypatch
):
    cut = []
    monkeypatch.setattr(
        type(engine_named("nginx-rtmp")), "disconnect", lambda self, name, reason: cut.append(name) or True
    )
    client.force_login(host)
    key = shown(client.post(address, {"engine": "nginx-rtmp"}))["key"].partition("=")[2]
    note_media(session=session, engine="nginx-rtmp", external_id="one")

    answer = client.post(reverse("livestream:other_sender_stop", args=[session.uid]))

    assert answer.status_code == 302
    assert not opens(session, key)
    assert cut == ["one"]


def test_the_host_ends_here_what_she_sends_from_there(
    client, host, session, address, private_files, monkeypatch
):
    monkeypatch.setattr(type(engine_named("nginx-rtmp")), "disconnect", lambda self, name, reason: True)
    client.force_login(host)
    note_media(session=session, engine="nginx-rtmp", external_id="one")
    assert 'name="end"' in client.get(address).content.decode()

    answer = client.post(reverse("livestream:other_sender_stop", args=[session.uid]), {"end": "1"})

    assert answer["Location"] == reverse("livestream:rehearsals")
    session.refresh_from_db()
    assert (session.state, session.end_reason) == ("processing", "host")


def test_who_has_not_agreed_is_asked_first(client, other_host):
    session = make_session(other_host.person, created_at=timezone.now())
    client.force_login(other_host)

    answer = client.post(reverse("livestream:other_sender", args=[session.uid]), {"engine": "nginx-rtmp"})

    assert answer["Location"].startswith(reverse("livestream:rehearsal_consent"))
    assert not session.credentials.exists()


@pytest.mark.parametrize("engine", ["chunks", "srs", ""])
def test_an_engine_that_is_none_for_other_apps_gives_nothing(client, host, session, address, engine):
    client.force_login(host)

    assert shown(client.post(address, {"engine": engine})) == {}
    assert not session.credentials.exists()


def test_a_site_without_such_engines_has_no_such_page(client, host, session, address, settings):
    settings.LIVE_ENGINES = {"chunks": settings.LIVE_ENGINES["chunks"]}
    client.force_login(host)

    assert client.get(address).status_code == 404
    assert b"OBS" not in client.get(reverse("livestream:room", args=[session.uid])).content


def test_anothers_rehearsal_is_not_found(client, other_host, address):
    client.force_login(other_host)

    assert client.get(address).status_code == 404
    assert client.post(address, {"engine": "nginx-rtmp"}).status_code == 404


def test_one_that_is_over_leads_back(client, host, agreed):
    session = make_session(host.person, "published")
    client.force_login(host)

    answer = client.get(reverse("livestream:other_sender", args=[session.uid]))

    assert answer["Location"] == reverse("livestream:room", args=[session.uid])


def test_the_next_connection_may_come_through_another_engine(session):
    note_media(session=session, engine="nginx-rtmp", external_id="one")
    session.refresh_from_db()

    assert session.engine == "nginx-rtmp"
    assert session.ingest_attempts.get().engine == "nginx-rtmp"
