"""The adapter of nginx-rtmp without its server; with it: test_nginx_rtmp_server.py."""

import struct
from datetime import UTC, datetime

import pytest
import requests
from django.test import RequestFactory
from django.urls import reverse

from livestream.engines import engine_named
from livestream.engines.flv import flv_length
from livestream.engines.keys import engine_key
from livestream.engines.nginx_rtmp import HOOK_KEY
from livestream.models import LiveSession, MediaEvent
from livestream.services.credentials import issue_credential
from tests.factories.livestream import make_session
from tests.livestream.engine_contract import NOW, EngineContract

CALLS = {"publish": "publish", "end": "publish_done"}


def callback(call: str, stream: str, client: str = "7", **fields: str):
    """Return what the module posts through its nginx."""
    told = {"app": "live", "call": call, "name": stream, "clientid": client, "addr": "127.0.0.1", **fields}
    headers = {"X-Engine-Key": engine_key(HOOK_KEY), "X-Engine-Process": "4242"}
    return RequestFactory().post("/", told, headers=headers)


class TestNginxRtmp(EngineContract):
    NAME = "nginx-rtmp"

    @pytest.fixture
    def engine(self, private_files):
        return engine_named(self.NAME)

    def webhook(self, type, stream, external_id, at):
        return callback(CALLS[type], stream)


@pytest.fixture
def engine(private_files):
    return engine_named("nginx-rtmp")


@pytest.fixture
def session(host, agreed) -> LiveSession:
    return make_session(host.person, engine="nginx-rtmp", created_at=NOW)


def hook(client, call: str, stream: str, connection: str = "7", **fields: str) -> int:
    request = callback(call, stream, connection, **fields)
    return client.post(
        reverse("livestream:engine_hook", args=["nginx-rtmp"]),
        request.POST,
        headers={"X-Engine-Key": engine_key(HOOK_KEY), "X-Engine-Process": "4242"},
    ).status_code


@pytest.fixture
def nobody_else_sends(engine, monkeypatch):
    """As if the server ran and carried nothing."""
    monkeypatch.setattr(type(engine), "list_active", lambda self: [])


def refuse_connection(engine):
    raise requests.ConnectionError("nobody listens")


def test_a_door_reads_name_key_and_connection(engine):
    asked = engine.door(callback("publish", "ab" * 16, key="secret", flashver="OBS"), NOW)

    assert (asked.action, asked.stream, asked.secret) == ("publish", "ab" * 16, "secret")
    assert asked.external_id == f"{'ab' * 16}.4242.7"


@pytest.mark.parametrize("call", ["publish_done", "update_publish", "record_done", "connect", ""])
def test_a_callback_that_only_tells_asks_for_nothing(engine, call):
    assert engine.door(callback(call, "ab" * 16), NOW) is None


@pytest.mark.parametrize(
    "change",
    [
        {"HTTP_X_ENGINE_KEY": "wrong"},
        {"REMOTE_ADDR": "203.0.113.7"},
        {"HTTP_X_FORWARDED_FOR": "203.0.113.7"},
        {"REMOTE_ADDR": "not an address"},
    ],
)
def test_a_callback_from_elsewhere_is_refused(client, db, change):
    told = {"call": "publish", "name": "ab" * 16}
    values = {"HTTP_X_ENGINE_KEY": engine_key(HOOK_KEY), **change}

    assert (
        client.post(reverse("livestream:engine_hook", args=["nginx-rtmp"]), told, **values).status_code == 404
    )


def test_an_engine_this_site_does_not_have_is_not_found(client, db):
    assert client.post(reverse("livestream:engine_hook", args=["srs"])).status_code == 404


def test_a_sender_with_leave_is_on_air_and_its_end_interrupts(client, session, nobody_else_sends):
    credential, secret = issue_credential(session=session)

    assert hook(client, "publish", session.uid.hex, key=secret, flashver="OBS") == 200
    session.refresh_from_db()
    attempt = session.ingest_attempts.get()
    assert (session.state, attempt.credential, attempt.client) == ("live", credential, "OBS")
    assert hook(client, "publish_done", session.uid.hex) == 200
    session.refresh_from_db()
    attempt.refresh_from_db()
    assert (session.state, attempt.end_reason) == ("interrupted", "lost")
    assert set(MediaEvent.objects.values_list("type", flat=True)) == {"publish", "end"}


def test_a_sender_without_leave_leaves_no_trace(client, session, nobody_else_sends):
    assert hook(client, "publish", session.uid.hex, key="wrong") == 403
    assert hook(client, "publish", session.uid.hex) == 403

    session.refresh_from_db()
    assert session.state == "ready"
    assert not session.ingest_attempts.exists()
    assert not MediaEvent.objects.exists()


def test_who_does_not_agree_to_be_recorded_is_not_let_in(client, other_host, nobody_else_sends):
    session = make_session(other_host.person, engine="nginx-rtmp", created_at=NOW)
    _credential, secret = issue_credential(session=session)

    assert hook(client, "publish", session.uid.hex, key=secret) == 403
    assert not session.ingest_attempts.exists()


def test_a_play_needs_leave_to_watch(client, session):
    _credential, to_send = issue_credential(session=session)
    _credential, to_watch = issue_credential(session=session, purpose="play")

    assert hook(client, "play", session.uid.hex, key=to_send) == 403
    assert hook(client, "play", session.uid.hex, key=to_watch) == 200


def test_a_second_leave_does_not_push_the_first_aside(client, session, nobody_else_sends):
    secrets = [issue_credential(session=session)[1] for _ in range(2)]

    assert hook(client, "publish", session.uid.hex, "7", key=secrets[0]) == 200
    assert hook(client, "publish", session.uid.hex, "8", key=secrets[1]) == 403

    assert session.ingest_attempts.get(ended_at=None).external_id.endswith(".7")


def test_the_same_leave_replaces_its_own_connection(client, session, nobody_else_sends):
    _credential, secret = issue_credential(session=session)

    assert hook(client, "publish", session.uid.hex, "7", key=secret) == 200
    assert hook(client, "publish", session.uid.hex, "8", key=secret) == 200

    first, second = session.ingest_attempts.order_by("pk")
    assert first.end_reason == "replaced"
    assert second.ended_at is None
    assert hook(client, "publish_done", session.uid.hex, "7") == 200
    session.refresh_from_db()
    assert session.state == "live", "the end of what was replaced is not the end of the session"


def test_nobody_is_let_in_while_the_engine_does_not_answer(client, session, engine, monkeypatch):
    monkeypatch.setattr(type(engine), "list_active", refuse_connection)
    _credential, secret = issue_credential(session=session)
    client.raise_request_exception = False

    assert hook(client, "publish", session.uid.hex, key=secret) >= 500

    session.refresh_from_db()
    assert session.state == "ready"


def test_updates_keep_a_session_alive(client, session, nobody_else_sends):
    _credential, secret = issue_credential(session=session)
    hook(client, "publish", session.uid.hex, key=secret)
    began = session.ingest_attempts.get().last_media_at

    assert hook(client, "update_publish", session.uid.hex, time="5") == 200

    assert session.ingest_attempts.get().last_media_at > began


def flv(*tags: tuple[int, int, bytes]) -> bytes:
    """Return an FLV file of tags (kind, milliseconds, body)."""
    content = b"FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00"
    for kind, at, body in tags:
        size, low = struct.pack(">I", len(body))[1:], struct.pack(">I", at & 0xFFFFFF)[1:]
        content += bytes([kind]) + size + low + bytes([at >> 24, 0, 0, 0]) + body
        content += struct.pack(">I", 11 + len(body))
    return content


def test_flv_is_measured_by_its_whole_tags(tmp_path):
    whole = flv((9, 1000, b"x" * 50), (8, 1500, b"y" * 10), (9, 17_000_000, b"z" * 40))
    (tmp_path / "whole.flv").write_bytes(whole)
    (tmp_path / "cut.flv").write_bytes(whole[:-20])
    (tmp_path / "other.flv").write_bytes(b"no film")

    assert flv_length(tmp_path / "whole.flv").seconds == 16_999
    cut = flv_length(tmp_path / "cut.flv")
    assert (cut.frames, cut.seconds) == (2, 0.5)
    assert flv_length(tmp_path / "other.flv").frames == 0


def test_raw_files_move_to_their_session_and_empty_ones_do_not_count(engine, session):
    folder = engine.raw_folder()
    folder.mkdir(parents=True)
    name = session.uid.hex
    opened = [1_772_672_400, 1_772_672_430]
    for at in opened:
        (folder / f"{name}-{at}.flv").write_bytes(flv((9, 0, b"x"), (9, 2000, b"y")))
    (folder / f"{name}-1772672410.flv").write_bytes(flv())
    (folder / f"{'cd' * 16}-1772672410.flv").write_bytes(flv((9, 0, b"x")))

    assets = engine.finalise(session)

    assert [asset.wall_start for asset in assets] == [datetime.fromtimestamp(at, tz=UTC) for at in opened]
    assert [asset.files[0].parent.parent.name for asset in assets] == [str(session.uid)] * 2
    assert engine.finalise(session) == assets
    assert [path.name for path in folder.iterdir()] == [f"{'cd' * 16}-1772672410.flv"]


def test_a_file_begins_when_its_sender_was_let_in(engine, session):
    folder = engine.raw_folder()
    folder.mkdir(parents=True)
    (folder / f"{session.uid.hex}-1772672400.flv").write_bytes(flv((9, 0, b"x")))
    let_in = datetime.fromtimestamp(1_772_672_400.4, tz=UTC)
    MediaEvent.objects.create(
        session=session,
        engine="nginx-rtmp",
        external_id="a",
        type="publish",
        occurred_at=let_in,
        received_at=let_in,
    )

    assert engine.raw_assets(session)[0].wall_start == let_in
