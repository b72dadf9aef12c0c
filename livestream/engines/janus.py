"""Janus: WebRTC, below a second, for coaching eye to eye. Debian: `janus janus-tools`.

A session is a video room with one sender. Senders come by WHIP (`livestream.views.whip`), coaches watch as
subscribers; both only signal through us, media go straight to Janus. Rooms live in its memory and are made
again when the next sender comes. Its own sign-in (pin, keys) is between it and us: nobody else speaks to it.

A connection is called "<session>-<handle>", and so is the sender in the room: what the room tells bears it.
Janus forgets no viewer by itself: `services.direct_viewers` says who may stay.
"""

import hashlib
import hmac
import json
import socket
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from livestream import raw
from livestream.engines.base import (
    Action,
    Active,
    AuthRequest,
    Capabilities,
    Decision,
    Health,
    Latency,
    Provision,
    RawAsset,
    SeenEvent,
    Untrusted,
)
from livestream.engines.doors import authorise_by_credential, stream_name
from livestream.engines.janus_api import VIDEO_ROOM, JanusApi, JanusRefused
from livestream.engines.janus_raw import converted
from livestream.engines.keys import basic_password, engine_key, is_key, is_near
from livestream.engines.mjr import takes_in
from livestream.engines.sdp import PAYLOADS, forward_description
from livestream.models import Engine, IngestAttempt, LiveSession
from registry.private_files import private_storage

HOOK_KEY = "janus hooks"
API_KEY, ADMIN_KEY, ROOM_KEY = "janus api", "janus admin", "janus rooms"
_ROOM_EXISTS, _NO_SUCH_ROOM = 427, 426
_HIGHEST_BITRATE = 900_000
_WEBRTC, _MEDIA, _PLUGIN = 16, 32, 64


class JanusEngine:
    """WHIP in; WebRTC out; one MJR file a track."""

    name = Engine.JANUS.value

    def __init__(
        self,
        *,
        api_url: str,
        admin_url: str,
        rtp_ports: str,
        site_url: str,
        public_address: str = "",
        ice_servers: Sequence[Mapping[str, object]] = (),
    ) -> None:
        self.api_url, self.admin_url, self.rtp_ports = api_url, admin_url, rtp_ports
        self.site_url, self.public_address = site_url, public_address
        self.ice_servers = tuple(ice_servers)

    def capabilities(self) -> Capabilities:
        """Tell what it can do."""
        return Capabilities(
            ingest=frozenset({"whip"}),
            play=frozenset({"janus"}),
            raw_format="mjr",
            latency=Latency.BELOW_A_SECOND,
            can_kick=True,
            can_list=True,
            emits_end_event=True,
        )

    def provision(self, session: LiveSession, secret: str, expires_at: datetime) -> Provision:
        """Tell the WHIP address; the secret goes into the Bearer header."""
        address = f"{self.site_url}/rehearse/whip/{session.uid}/"
        watch = f"{self.site_url}/rehearse/whep/{session.uid}/"
        return Provision(address, secret, {"janus": watch}, expires_at, self.ice_servers)

    def authorise(self, request: AuthRequest) -> Decision:
        """Decide by the credential."""
        if request.action not in Action:
            return Decision(False, "unknown")
        return authorise_by_credential(request)

    def parse_webhook(self, request: HttpRequest) -> list[SeenEvent]:
        """Read what the event handler of our Janus sends: one event or a list."""
        if not is_near(request) or not is_key(basic_password(request), HOOK_KEY):
            raise Untrusted
        try:
            told = json.loads(request.body)
        except ValueError:
            return []
        events = told if isinstance(told, list) else [told]
        return [seen for event in events if isinstance(event, dict) and (seen := _seen(event))]

    def door(self, request: HttpRequest, now: datetime) -> AuthRequest | None:
        """Return None: senders ask our own WHIP view, before Janus hears of them."""
        return None

    def list_active(self) -> list[Active]:
        """Return who sends, by Janus's monitor."""
        return [
            Active(_connection(handle), str(about["room"]), is_receiving=_is_ready(handle))
            for handle in self._api.handles()
            if (about := handle.get("plugin_specific") or {}).get("type") == "publisher" and about.get("room")
        ]

    def viewers(self) -> list[Active]:
        """Return who watches, by Janus's monitor."""
        return [
            Active(_connection(handle), str(about.get("room") or ""), is_receiving=_is_ready(handle))
            for handle in self._api.handles()
            if (about := handle.get("plugin_specific") or {}).get("type") == "subscriber"
        ]

    def disconnect(self, external_id: str, reason: str) -> bool:
        """End a connection, a sender's or a viewer's."""
        numbers = _numbers(external_id)
        return numbers is not None and self._api.destroy(numbers[0])

    def raw_assets(self, session: LiveSession) -> list[RawAsset]:
        """Name the tracks as Janus writes them."""
        takes = takes_in(self._raw_folder(session).glob("*.mjr"))
        return [
            RawAsset(number, tuple(track.path for track in take.tracks), take.began_at)
            for number, take in enumerate(takes)
        ]

    def finalise(self, session: LiveSession) -> list[RawAsset]:
        """Close the room, and put sound and picture of each connection into one file beside the tracks."""
        takes = takes_in(self._raw_folder(session).glob("*.mjr"))
        if takes:
            self._close_room(stream_name(session))
        return [
            RawAsset(number, (converted(take, self._raw_folder(session)),), take.began_at)
            for number, take in enumerate(takes)
        ]

    def health(self) -> Health:
        """Ask for its name."""
        try:
            is_up = self._api.is_up()
        except OSError as error:
            return Health(False, f"Janus does not answer at {self.api_url} ({type(error).__name__})")
        return Health(is_up, "" if is_up else f"Janus answers with an error at {self.api_url}")

    def connect(self) -> str:
        """Begin a connection and return what it is called."""
        session, handle = self._api.attach()
        return f"{session}-{handle}"

    def publish(self, external_id: str, session: LiveSession, offer: str) -> str:
        """Let a connection send into the session's room; return the answer to its offer."""
        session_number, handle = _known_numbers(external_id)
        stream = stream_name(session)
        self._make_room(session_number, handle, session)
        joined = {
            "request": "joinandconfigure",
            "ptype": "publisher",
            "room": stream,
            "pin": self._pin(stream),
        }
        event = self._api.negotiate(session_number, handle, offer, "offer", **joined, id=external_id)
        return str(event["jsep"]["sdp"])

    def subscribe(self, external_id: str, session: LiveSession) -> str | None:
        """Let a connection watch the session; return the offer to it, None while nobody sends."""
        session_number, handle = _known_numbers(external_id)
        stream = stream_name(session)
        sender = next((each.external_id for each in self.list_active() if each.stream == stream), None)
        if sender is None:
            return None
        join = {"request": "join", "ptype": "subscriber", "room": stream, "pin": self._pin(stream)}
        streams = [{"feed": sender}]
        event = self._api.negotiate(session_number, handle, "", "", **join, streams=streams)
        return str(event["jsep"]["sdp"])

    def start(self, external_id: str, answer: str) -> None:
        """Begin to send to a viewer that has answered the offer."""
        session_number, handle = _known_numbers(external_id)
        self._api.negotiate(session_number, handle, answer, "answer", request="start")

    def trickle(self, external_id: str, candidates: list[dict[str, object]]) -> None:
        """Hand on what a sender or a viewer found out about its addresses."""
        session_number, handle = _known_numbers(external_id)
        self._api.trickle(session_number, handle, candidates)

    def live_source(self, attempt: IngestAttempt, secret: str, folder: Path) -> list[str]:
        """Have Janus send the packets to two ports of this machine, and return how ffmpeg reads them."""
        session_number, handle = _known_numbers(attempt.external_id)
        stream = stream_name(attempt.session)
        sound, picture = free_ports()
        self._api.ask(
            session_number,
            handle,
            request="rtp_forward",
            room=stream,
            secret=self._room_secret(stream),
            admin_key=engine_key(ROOM_KEY),
            publisher_id=attempt.external_id,
            host="127.0.0.1",
            streams=[
                {
                    "mid": track["mid"],
                    "port": picture if track["type"] == "video" else sound,
                    "pt": PAYLOADS[track["type"]],
                }
                for track in self._tracks(attempt.external_id)
            ],
        )
        codec = next(
            (str(track["codec"]) for track in self._tracks(attempt.external_id) if track["type"] == "video"),
            "h264",
        )
        description = folder / ".janus.sdp"
        description.write_text(forward_description(codec, sound, picture))
        return ["-protocol_whitelist", "file,udp,rtp", "-rw_timeout", "10000000", "-i", str(description)]

    def _tracks(self, external_id: str) -> list[Mapping[str, Any]]:
        handle = next((each for each in self._api.handles() if _connection(each) == external_id), {})
        return list((handle.get("plugin_specific") or {}).get("streams", []))

    @property
    def _api(self) -> JanusApi:
        return JanusApi(
            url=self.api_url,
            admin_url=self.admin_url,
            secret=engine_key(API_KEY),
            admin_secret=engine_key(ADMIN_KEY),
        )

    def _raw_folder(self, session: LiveSession) -> Path:
        return Path(private_storage().path(f"{raw.FOLDER}/{session.uid}/{self.name}"))

    def _make_room(self, session_number: int, handle: int, session: LiveSession) -> None:
        stream = stream_name(session)
        folder = self._raw_folder(session)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._api.ask(
                session_number,
                handle,
                request="create",
                admin_key=engine_key(ROOM_KEY),
                room=stream,
                description=stream,
                secret=self._room_secret(stream),
                pin=self._pin(stream),
                is_private=True,
                publishers=1,
                bitrate=_HIGHEST_BITRATE,
                fir_freq=2,  # a whole picture every two seconds: who comes late sees something
                audiocodec="opus",
                videocodec="h264,vp8",
                opus_dtx=False,  # silence that is not sent makes recordings drift
                videoorient_ext=False,  # phones turn the picture before they encode it
                record=True,
                lock_record=True,
                rec_dir=str(folder),
            )
        except JanusRefused as refusal:
            if refusal.code != _ROOM_EXISTS:
                raise

    def _close_room(self, stream: str) -> None:
        """Close the room where Janus still has it; the recording is on disk all the same."""
        try:
            session_number, handle = self._api.attach()
            try:
                self._api.ask(
                    session_number, handle, request="destroy", room=stream, secret=self._room_secret(stream)
                )
            finally:
                self._api.destroy(session_number)
        except OSError:
            return

    @staticmethod
    def _pin(stream: str) -> str:
        return _derived("pin", stream)

    @staticmethod
    def _room_secret(stream: str) -> str:
        return _derived("secret", stream)


def free_ports() -> tuple[int, int]:
    """Return two ports for packets, each even and with its odd neighbour free, as RTP has it."""
    found: list[int] = []
    while len(found) < 2:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port % 2 == 0 and port not in found:
            found.append(port)
    return found[0], found[1]


def _derived(purpose: str, stream: str) -> str:
    key = engine_key(ROOM_KEY).encode()
    return hmac.new(key, f"{purpose} {stream}".encode(), hashlib.sha256).hexdigest()[:32]


def _numbers(external_id: str) -> tuple[int, int] | None:
    session, _hyphen, handle = external_id.partition("-")
    are_numbers = all(each.isascii() and each.isdigit() for each in (session, handle))
    return (int(session), int(handle)) if are_numbers else None


def _known_numbers(external_id: str) -> tuple[int, int]:
    numbers = _numbers(external_id)
    if numbers is None:
        raise ValueError(external_id)
    return numbers


def _connection(told: Mapping[str, Any]) -> str:
    return f"{told.get('session_id', 0)}-{told.get('handle_id', 0)}"


def _is_ready(handle: Mapping[str, Any]) -> bool:
    return bool(handle.get("flags", {}).get("ready"))


def _seen(event: Mapping[str, Any]) -> SeenEvent | None:
    """Return what an event of Janus means to us; most mean nothing."""
    about, at = event.get("event"), event.get("timestamp")
    if not isinstance(at, int):
        return None
    occurred_at = datetime.fromtimestamp(at / 1_000_000, tz=UTC) if at > 0 else timezone.now()
    kind = event.get("type")
    if kind == _PLUGIN and isinstance(about, dict) and about.get("plugin") == VIDEO_ROOM:
        return _seen_in_room(about.get("data") or {}, occurred_at)
    if kind == _MEDIA:
        return _seen_media(about, _connection(event), occurred_at)
    if kind == _WEBRTC and isinstance(about, dict) and about.get("connection") == "hangup":
        reason = str(about.get("reason", ""))[:100]
        return SeenEvent("hangup", _connection(event), occurred_at, detail={"reason": reason})
    return None


def _seen_in_room(told: Mapping[str, Any], at: datetime) -> SeenEvent | None:
    meant = {"published": "publish", "unpublished": "end", "leaving": "end"}.get(str(told.get("event")))
    if meant is None:
        return None
    return SeenEvent(meant, str(told.get("id", ""))[:120], at, str(told.get("room", ""))[:120])


def _seen_media(told: object, external_id: str, at: datetime) -> SeenEvent | None:
    """Read that a track came to life or fell silent, or that something came in the last seconds."""
    if isinstance(told, dict) and "receiving" in told:
        type_ = "update" if told["receiving"] else "silent"
        return SeenEvent(type_, external_id, at, detail={"track": str(told.get("mid", ""))[:20]})
    if isinstance(told, list):
        coming = [each.get("bytes-received-lastsec", 0) for each in told if isinstance(each, dict)]
        return SeenEvent("update", external_id, at) if any(coming) else None
    return None
