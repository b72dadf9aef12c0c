"""MediaMTX, SRS and LiveKit keep the contract at the door and with webhooks, by their manuals' payloads."""

import json
from pathlib import Path

import pytest
from django.test import RequestFactory

from livestream.engines import Untrusted, engine_named
from livestream.engines.keys import engine_key
from tests.livestream.engine_contract import NOW, EngineContract
from tests.livestream.foreign_engines import MediaMtx, Srs, livekit_token

_PAYLOADS = Path(__file__).with_name("payloads")


def payload(engine: str, kind: str, **values: str) -> bytes:
    told = json.dumps(json.loads((_PAYLOADS / f"{engine}.json").read_text())[kind])
    for name, value in values.items():
        told = told.replace(name.upper(), value)
    return told.encode()


def posted(engine: str, body: bytes, **headers: str):
    address = f"/?key={engine_key(f'{engine} hooks')}"
    return RequestFactory().post(address, body, content_type="application/json", headers=headers)


@pytest.fixture
def plugged_in(settings) -> None:
    """The three named in the settings, which is all it takes."""
    classes = {"mediamtx": "MediaMtx", "srs": "Srs", "livekit": "LiveKit"}
    added = {name: {"class": f"tests.livestream.foreign_engines.{each}"} for name, each in classes.items()}
    settings.LIVE_ENGINES = {**settings.LIVE_ENGINES, **added}


class TestMediaMtx(EngineContract):
    NAME = "mediamtx"

    @pytest.fixture
    def engine(self, plugged_in):
        return engine_named(self.NAME)

    def webhook(self, type, stream, external_id, at):
        return posted(self.NAME, payload(self.NAME, type, stream=stream, connection=external_id))


class TestSrs(EngineContract):
    NAME = "srs"

    @pytest.fixture
    def engine(self, plugged_in):
        return engine_named(self.NAME)

    def webhook(self, type, stream, external_id, at):
        return posted(self.NAME, payload(self.NAME, type, stream=stream, connection=external_id))


class TestLiveKit(EngineContract):
    NAME = "livekit"

    @pytest.fixture
    def engine(self, plugged_in):
        return engine_named(self.NAME)

    def webhook(self, type, stream, external_id, at):
        body = payload(self.NAME, type, stream=stream, connection=external_id)
        return posted(self.NAME, body, Authorization=livekit_token(body))

    def test_a_webhook_with_another_body_is_not_believed(self, engine):
        body = payload(self.NAME, "publish")

        with pytest.raises(Untrusted):
            engine.parse_webhook(posted(self.NAME, body + b" ", Authorization=livekit_token(body)))


@pytest.mark.parametrize("engine", [MediaMtx(), Srs()])
def test_a_door_reads_stream_and_secret(engine):
    request = posted(engine.name, payload(engine.name, "door", stream="ab" * 16, secret="s3cret"))

    asked = engine.door(request, NOW)

    assert (asked.action, asked.stream, asked.secret) == ("publish", "ab" * 16, "s3cret")
    assert asked.external_id
