"""The adapter of Janus without its server; with it: test_janus_server.py."""

import base64
import json
from datetime import UTC, datetime

import pytest
from django.test import RequestFactory
from django.urls import reverse

from livestream.engines import engine_named
from livestream.engines.janus import HOOK_KEY, JanusEngine
from livestream.engines.janus_api import JanusApi, JanusRefused
from livestream.engines.keys import engine_key
from livestream.engines.mjr import read_track, takes_in
from livestream.engines.sdp import candidates_of
from livestream.models import LiveSession
from livestream.services.credentials import issue_credential
from tests.factories.livestream import make_session
from tests.livestream.engine_contract import NOW, EngineContract

OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n"


def authorization() -> str:
    return f"Basic {base64.b64encode(f'janus:{engine_key(HOOK_KEY)}'.encode()).decode()}"


def told(*events: dict, **headers: str):
    """Return what Janus's event handler posts."""
    return RequestFactory().post(
        "/",
        json.dumps(events),
        content_type="application/json",
        headers={"Authorization": authorization(), **headers},
    )


def in_room(event: str, stream: str, connection: str, at: datetime) -> dict:
    about = {"event": event, "room": stream, "id": connection}
    plugin = {"plugin": "janus.plugin.videoroom", "data": about}
    return {"type": 64, "timestamp": int(at.timestamp() * 1_000_000), "event": plugin}


def of_media(connection: str, at: datetime, event: object) -> dict:
    session, handle = (int(each) for each in connection.split("-"))
    times = int(at.timestamp() * 1_000_000)
    return {"type": 32, "timestamp": times, "session_id": session, "handle_id": handle, "event": event}


class TestJanus(EngineContract):
    NAME = "janus"

    @pytest.fixture
    def engine(self, private_files):
        return engine_named(self.NAME)

    def webhook(self, type, stream, external_id, at):
        return told(in_room({"publish": "published", "end": "unpublished"}[type], stream, external_id, at))


@pytest.fixture
def session(host, agreed, private_files) -> LiveSession:
    return make_session(host.person, engine="janus", created_at=NOW)


@pytest.fixture
def server(monkeypatch) -> list[str]:
    """A Janus that agrees to everything; what it was asked."""
    asked: list[str] = []
    numbers = iter(range(100, 200))
    answers = {
        "attach": lambda self: (next(numbers), 9),
        "destroy": lambda self, session: asked.append(f"destroy {session}") or True,
        "ask": lambda self, session, handle, **body: asked.append(body["request"]) or {},
        "negotiate": lambda self, session, handle, sdp, kind, **body: (
            asked.append(body["request"]) or {"jsep": {"sdp": "v=0 answer"}}
        ),
        "trickle": lambda self, session, handle, candidates: asked.append(f"trickle {len(candidates)}"),
        "handles": lambda self: [],
    }
    for name, answer in answers.items():
        monkeypatch.setattr(JanusApi, name, answer)
    return asked


def offer(client, session: LiveSession, secret: str, body: str = OFFER, kind: str = "application/sdp"):
    address = reverse("livestream:whip", args=[session.uid])
    return client.post(address, body, content_type=kind, headers={"Authorization": f"Bearer {secret}"})


def test_an_offer_is_answered_and_the_session_is_on_air(client, session, server):
    credential, secret = issue_credential(session=session)

    answer = offer(client, session, secret)

    assert (answer.status_code, answer.content) == (201, b"v=0 answer")
    assert answer["Content-Type"] == "application/sdp"
    assert answer["Location"] == f"/rehearse/whip/{session.uid}/100-9/"
    assert server == ["create", "joinandconfigure"]
    session.refresh_from_db()
    attempt = session.ingest_attempts.get()
    assert (session.state, attempt.external_id, attempt.credential) == ("live", "100-9", credential)


def test_an_offer_without_leave_reaches_nobody(client, session, server):
    answer = offer(client, session, "wrong")

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert offer(client, session, "").status_code == 404
    assert server == []


def test_what_is_no_offer_is_refused(client, session, server):
    _credential, secret = issue_credential(session=session)

    assert offer(client, session, secret, kind="text/plain").status_code == 415
    assert offer(client, session, secret, body="hello").status_code == 400
    assert offer(client, session, secret, body="v=0" + "x" * 70_000).status_code == 413
    assert server == []


def test_the_way_in_can_be_asked_about(client, session):
    answer = client.options(reverse("livestream:whip", args=[session.uid]))

    assert (answer.status_code, answer["Accept-Post"]) == (204, "application/sdp")


def test_a_janus_that_is_away_leaves_the_session_as_it_was(client, session, monkeypatch):
    def away(self):
        raise ConnectionError

    monkeypatch.setattr(JanusApi, "attach", away)
    _credential, secret = issue_credential(session=session)

    assert offer(client, session, secret).status_code == 503
    session.refresh_from_db()
    assert session.state == "ready"


def test_an_offer_that_janus_refuses_leaves_nothing_open(client, session, server, monkeypatch):
    def refuse(self, *_arguments, **_body):
        raise JanusRefused(432, "no such codec")

    monkeypatch.setattr(JanusApi, "negotiate", refuse)
    _credential, secret = issue_credential(session=session)

    assert offer(client, session, secret).status_code == 503
    assert not session.ingest_attempts.filter(ended_at=None).exists()
    assert server[-1] == "destroy 100"


def test_the_same_leave_again_replaces_the_connection(client, session, server, monkeypatch):
    _credential, secret = issue_credential(session=session)
    offer(client, session, secret)
    hanging = {
        "session_id": 100,
        "handle_id": 9,
        "plugin_specific": {"type": "publisher", "room": session.uid.hex},
    }
    monkeypatch.setattr(JanusApi, "handles", lambda self: [hanging])

    assert offer(client, session, secret).status_code == 201

    assert "destroy 100" in server
    assert [each.end_reason for each in session.ingest_attempts.order_by("pk")] == ["replaced", ""]


def test_another_leave_finds_the_place_taken(client, session, server):
    secrets = [issue_credential(session=session)[1] for _ in range(2)]
    offer(client, session, secrets[0])

    assert offer(client, session, secrets[1]).status_code == 401
    assert session.ingest_attempts.count() == 1


def test_candidates_are_handed_on_and_a_new_ice_is_refused(client, session, server):
    _credential, secret = issue_credential(session=session)
    place = offer(client, session, secret)["Location"]
    headers = {"Authorization": f"Bearer {secret}"}
    kind = "application/trickle-ice-sdpfrag"
    candidate = "m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 UDP 1 192.0.2.1 9 typ host\r\n"

    assert client.patch(place, candidate, content_type=kind, headers=headers).status_code == 204
    assert server[-1] == "trickle 1"
    assert client.patch(place, "a=ice-ufrag:x\r\n", content_type=kind, headers=headers).status_code == 422
    assert client.patch(place, candidate, content_type="text/plain", headers=headers).status_code == 415


def test_leaving_interrupts_and_needs_the_same_secret(client, session, server):
    _credential, secret = issue_credential(session=session)
    place = offer(client, session, secret)["Location"]

    assert client.delete(place, headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.delete(place, headers={"Authorization": f"Bearer {secret}"}).status_code == 200

    session.refresh_from_db()
    assert session.state == "interrupted"
    assert session.ingest_attempts.get().end_reason == "finished"
    assert server[-1] == "destroy 100"
    assert client.delete(place, headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def hook(client, *events: dict) -> int:
    return client.post(
        reverse("livestream:engine_hook", args=["janus"]),
        json.dumps(events),
        content_type="application/json",
        headers={"Authorization": authorization()},
    ).status_code


def test_a_session_is_interrupted_when_its_last_track_falls_silent(client, session, server):
    _credential, secret = issue_credential(session=session)
    offer(client, session, secret)
    at = datetime.now(UTC)
    tracks = [{"media": "video", "mid": "0"}, {"media": "audio", "mid": "1"}]

    hook(client, *(of_media("100-9", at, {**track, "receiving": True}) for track in tracks))
    hook(client, of_media("100-9", at.replace(microsecond=1), {**tracks[0], "receiving": False}))
    session.refresh_from_db()
    assert session.state == "live", "sound still comes"

    later = datetime.now(UTC)
    hook(client, *(of_media("100-9", later, {**track, "receiving": False}) for track in tracks))
    session.refresh_from_db()
    assert session.state == "interrupted"


def test_figures_of_the_last_seconds_keep_a_session_alive(client, session, server):
    _credential, secret = issue_credential(session=session)
    offer(client, session, secret)
    began = session.ingest_attempts.get().last_media_at

    hook(client, of_media("100-9", datetime.now(UTC), [{"bytes-received-lastsec": 0}]))
    assert session.ingest_attempts.get().last_media_at == began
    hook(client, of_media("100-9", datetime.now(UTC), [{"bytes-received-lastsec": 900}]))
    assert session.ingest_attempts.get().last_media_at > began


def test_what_janus_tells_twice_is_kept_once(client, session, server):
    _credential, secret = issue_credential(session=session)
    offer(client, session, secret)
    event = in_room("published", session.uid.hex, "100-9", NOW)

    assert [hook(client, event), hook(client, event)] == [200, 200]

    assert session.media_events.count() == 1


@pytest.mark.parametrize(
    "body", ["", "nonsense", "[1, null]", '{"type": 64}', '[{"type": 32, "timestamp": "x"}]']
)
def test_nonsense_is_taken_without_harm(body):
    request = RequestFactory().post(
        "/", body, content_type="application/json", headers={"Authorization": authorization()}
    )

    assert engine_named("janus").parse_webhook(request) == []


@pytest.mark.parametrize("header", ["", "Basic", "Basic !!!", "Bearer x", "Basic amFudXM6d3Jvbmc="])
def test_events_without_the_key_are_refused(client, db, header):
    address = reverse("livestream:engine_hook", args=["janus"])

    answer = client.post(address, "[]", content_type="application/json", headers={"Authorization": header})

    assert answer.status_code == 404


def mjr(path, kind: str, codec: str, at: int, packets: bytes = b"MEETpacket") -> None:
    header = json.dumps({"t": kind, "c": codec, "s": at - 5, "u": at}).encode()
    path.write_bytes(b"MJR00002" + len(header).to_bytes(2, "big") + header + packets)


def test_recordings_are_put_together_by_connection(tmp_path):
    room = "ab" * 16
    name = f"videoroom-{room}-user-{{}}-{{}}-{{}}.mjr".format
    mjr(tmp_path / name("7-8", 300, "video-0"), "v", "h264", 3_000_000)
    mjr(tmp_path / name("7-8", 301, "audio-1"), "a", "opus", 2_500_000)
    mjr(tmp_path / name("5-6", 100, "audio-0"), "a", "opus", 1_000_000)
    mjr(tmp_path / name("5-6", 101, "video-1"), "v", "vp8", 1_000_000, packets=b"")
    (tmp_path / "notes-video-1.mjr").write_bytes(b"MJR00002")

    first, second = takes_in(tmp_path.glob("*"))

    assert (first.video, first.audio.path.name) == (None, name("5-6", 100, "audio-0"))
    assert second.video.path.name == name("7-8", 300, "video-0")
    assert second.began_at == datetime.fromtimestamp(2.5, tz=UTC)
    assert [track.converted[-4:] for track in second.tracks] == [".mp4", "opus"]


def test_a_recording_that_is_none_has_no_track(tmp_path):
    for number, content in enumerate(
        [b"", b"RIFF", b"MJR00002\xff\xff{", b"MJR00002\x00\x02{}", b"MJR00002\x00\x01x"]
    ):
        (tmp_path / str(number)).write_bytes(content)

    assert [read_track(path) for path in tmp_path.iterdir()] == [None] * 5


def test_candidates_are_read_from_a_fragment():
    fragment = candidates_of(
        "a=ice-ufrag:u\r\na=ice-pwd:p\r\nm=video 9 X 0\r\na=mid:v\r\n"
        "a=candidate:1 1 UDP 1 192.0.2.1 9 typ host\r\n"
        "a=end-of-candidates\r\n"
    )

    assert [each["sdpMid"] for each in fragment.candidates] == ["v"]
    assert not fragment.restarts_ice
    assert candidates_of("a=ice-ufrag:u\r\na=ice-pwd:p\r\n").restarts_ice
    assert candidates_of("a=end-of-candidates\r\n").candidates == []


def test_rooms_have_pins_of_their_own():
    assert JanusEngine._pin("a") != JanusEngine._pin("b") != JanusEngine._room_secret("b")
