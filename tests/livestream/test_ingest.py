import hashlib

import pytest
from django.urls import reverse

from livestream.models import LiveSession
from tests.factories.livestream import make_session


@pytest.fixture
def session(host, private_files) -> LiveSession:
    return make_session(host.person)


def put(client, session, body: bytes = b"bytes", part: int = 0, seq: int = 0, **headers):
    address = reverse("livestream:chunk", args=[session.uid, part, seq])
    sent = {"X-Chunk-Sha256": hashlib.sha256(body).hexdigest(), "X-Wall-Start": "2026-03-05T01:00:00Z"}
    return client.put(address, body, content_type="video/webm;codecs=vp8,opus", headers={**sent, **headers})


def test_a_piece_is_stored_and_then_known(client, host, session):
    client.force_login(host)

    assert put(client, session).json() == {"stored": True, "have": 1}
    assert put(client, session).json() == {"stored": False, "have": 1}
    assert session.parts.get().mime == "video/webm"


def test_refusals_say_why(client, host, session, settings):
    client.force_login(host)
    put(client, session)

    assert put(client, session, b"other").status_code == 409
    assert put(client, session, seq=1, **{"X-Chunk-Sha256": "0" * 64}).status_code == 422
    assert put(client, session, b"x" * (4 * 1024 * 1024 + 1), seq=1).status_code == 413
    settings.LIVE_LEAST_FREE_SHARE = 1.0
    full = put(client, session, seq=1)
    assert (full.status_code, full.json()["stored"]) == (507, False)
    assert "服务器" in full.json()["error"]
    settings.LIVE_LEAST_FREE_SHARE = 0.0
    LiveSession.objects.update(
        state="failed", ended_at=session.created_at, end_reason="host", started_at=None
    )
    assert put(client, session, seq=1).status_code == 410


def test_three_megabytes_are_taken(client, host, session):
    client.force_login(host)

    assert put(client, session, b"x" * (3 * 1024 * 1024)).status_code == 200


@pytest.mark.parametrize("clock", ["", "yesterday", "2026-03-05T01:00:00", "2026-99-99T01:00:00Z"])
def test_a_clock_that_cannot_be_read_does_not_cost_the_piece(client, host, session, clock):
    client.force_login(host)

    assert put(client, session, **{"X-Wall-Start": clock}).status_code == 200


def test_state_tells_what_is_missing(client, host, session):
    client.force_login(host)
    put(client, session, seq=0)
    put(client, session, seq=2)

    answer = client.get(reverse("livestream:room_state", args=[session.uid])).json()

    assert (answer["state"], answer["parts"]) == ("live", {"0": {"have": 2, "missing": [1]}})
    assert answer["server_time"]


def test_the_end_tells_what_is_missing(client, host, session):
    client.force_login(host)
    put(client, session, seq=0)
    address = reverse("livestream:room_finish", args=[session.uid])

    told = {"parts": [{"part": 0, "chunks": 2, "seconds": 1.5}]}
    answer = client.post(address, told, content_type="application/json").json()

    assert answer == {"state": "ended", "missing": {"0": [1]}}


def test_a_plain_form_ends_it_without_saying_what_there_is(client, host, session):
    client.force_login(host)
    put(client, session)

    assert client.post(reverse("livestream:room_finish", args=[session.uid])).json()["state"] == "ended"
    session.refresh_from_db()
    assert (session.state, session.is_declared) == ("ended", False)


@pytest.mark.parametrize("told", ["[]", '{"parts": 3}', '{"parts": [{"part": -1, "chunks": 2}]}', "{"])
def test_an_end_nobody_understands_ends_nothing(client, host, session, told):
    client.force_login(host)
    address = reverse("livestream:room_finish", args=[session.uid])

    assert client.post(address, told, content_type="application/json").status_code == 400
    session.refresh_from_db()
    assert session.state == "ready"


def test_nobody_sends_into_anothers_session(client, other_host, session):
    client.force_login(other_host)

    assert put(client, session).status_code == 404
    assert client.get(reverse("livestream:room_state", args=[session.uid])).status_code == 404
    assert client.post(reverse("livestream:room_finish", args=[session.uid])).status_code == 404
