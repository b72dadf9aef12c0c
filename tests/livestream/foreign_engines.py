"""Adapters of engines that no package registry carries, as far as the contract can be kept without them.

They show what a real adapter has to do at the door and with webhooks: how to plug one in says
`livestream.engines`. The payloads are those of the engines' own manuals.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from django.http import HttpRequest
from django.utils import timezone

from livestream.engines import (
    AuthRequest,
    Capabilities,
    Decision,
    Health,
    Provision,
    RawAsset,
    SeenEvent,
    Untrusted,
)
from livestream.engines.base import Action, Active, Latency
from livestream.engines.doors import authorise_by_credential, stream_name
from livestream.engines.keys import engine_key, is_key
from livestream.models import LiveSession


class ForeignEngine:
    """What the three have in common here: nothing of theirs runs."""

    name = ""
    ingest = frozenset({"rtmp"})
    raw_format = "mp4"

    def capabilities(self) -> Capabilities:
        return Capabilities(
            self.ingest, frozenset({"hls"}), self.raw_format, Latency.SECONDS, True, True, True
        )

    def provision(self, session: LiveSession, secret: str, expires_at: datetime) -> Provision:
        return Provision(
            f"rtmp://media.example/live/{stream_name(session)}?key={secret}", secret, {}, expires_at
        )

    def authorise(self, request: AuthRequest) -> Decision:
        if request.action not in Action:
            return Decision(False, "unknown")
        return authorise_by_credential(request)

    def list_active(self) -> list[Active]:
        raise ConnectionError

    def disconnect(self, external_id: str, reason: str) -> bool:
        return False

    def raw_assets(self, session: LiveSession) -> list[RawAsset]:
        return []

    def finalise(self, session: LiveSession) -> list[RawAsset]:
        return []

    def health(self) -> Health:
        return Health(False, "not here")

    def _told(self, request: HttpRequest) -> Mapping[str, Any]:
        """Return the JSON of a request whose address carries our key, as MediaMTX and SRS are configured."""
        if not is_key(request.GET.get("key", ""), f"{self.name} hooks"):
            raise Untrusted
        return json.loads(request.body)


class MediaMtx(ForeignEngine):
    """MediaMTX: `authMethod: http`, `authHTTPAddress: …/rehearse/hooks/mediamtx/?key=…`.

    It tells of beginnings and ends by commands (`runOnReady`, `runOnNotReady`) that post with curl.
    """

    name = "mediamtx"
    ingest = frozenset({"rtmp", "whip"})

    def door(self, request: HttpRequest, now: datetime) -> AuthRequest | None:
        told = self._told(request)
        if told.get("action") not in {"publish", "read", "playback"}:
            return None
        action = Action.PUBLISH if told["action"] == "publish" else Action.PLAY
        secret = parse_qs(told["query"]).get("key", [""])[0] or told["token"] or told["password"]
        return AuthRequest(
            action, told["path"].removeprefix("live/"), secret, now, told["id"], told["protocol"]
        )

    def parse_webhook(self, request: HttpRequest) -> list[SeenEvent]:
        told = self._told(request)
        meant = {"ready": "publish", "notReady": "end"}.get(told.get("event", ""))
        stream = told["path"].removeprefix("live/")
        return [SeenEvent(meant, told["source_id"], timezone.now(), stream)] if meant else []


class Srs(ForeignEngine):
    """SRS: `http_hooks { on_publish …/rehearse/hooks/srs/?key=…; on_unpublish …; on_play …; }`."""

    name = "srs"
    raw_format = "flv"

    def door(self, request: HttpRequest, now: datetime) -> AuthRequest | None:
        told = self._told(request)
        action = {"on_publish": Action.PUBLISH, "on_play": Action.PLAY}.get(told.get("action", ""))
        if action is None:
            return None
        secret = parse_qs(told["param"].lstrip("?")).get("key", [""])[0]
        return AuthRequest(action, told["stream"], secret, now, told["client_id"])

    def parse_webhook(self, request: HttpRequest) -> list[SeenEvent]:
        told = self._told(request)
        meant = {"on_publish": "publish", "on_unpublish": "end"}.get(told.get("action", ""))
        return [SeenEvent(meant, told["client_id"], timezone.now(), told["stream"])] if meant else []


class LiveKit(ForeignEngine):
    """LiveKit: the door is ours (a token for the room is made after `authorise`); webhooks carry a JWT.

    The JWT is signed with the API secret and names the SHA-256 of the body.
    """

    name = "livekit"
    ingest = frozenset({"whip"})

    def door(self, request: HttpRequest, now: datetime) -> AuthRequest | None:
        return None

    def parse_webhook(self, request: HttpRequest) -> list[SeenEvent]:
        if _claims(request.headers.get("Authorization", "")).get("sha256") != _hash_of(request.body):
            raise Untrusted
        told = json.loads(request.body)
        meant = {"track_published": "publish", "participant_left": "end"}.get(told["event"])
        at = datetime.fromtimestamp(int(told["createdAt"]), tz=UTC)
        return [SeenEvent(meant, told["participant"]["sid"], at, told["room"]["name"])] if meant else []


def livekit_token(body: bytes) -> str:
    """Return the JWT that LiveKit sends with a webhook."""
    head = _coded(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    claims = _coded(json.dumps({"iss": "api-key", "sha256": _hash_of(body)}).encode())
    return f"{head}.{claims}.{_signature(f'{head}.{claims}')}"


def _claims(token: str) -> dict[str, Any]:
    signed, _dot, signature = token.rpartition(".")
    if not hmac.compare_digest(signature, _signature(signed)):
        raise Untrusted
    part = signed.partition(".")[2]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _signature(signed: str) -> str:
    return _coded(hmac.new(engine_key("livekit").encode(), signed.encode(), hashlib.sha256).digest())


def _hash_of(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def _coded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
