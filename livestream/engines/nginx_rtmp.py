"""nginx with the RTMP module: for OBS and phone apps. Debian: `nginx libnginx-mod-rtmp`.

A sender gives `rtmp://HOST/live` as server and `<session>?key=<secret>` as stream key. The name is public and
the secret only in the query: the module would keep a secret in names of files and folders.

The module calls us through its own nginx (`templates/livestream/engines/nginx.conf`), which adds the number
of its process: connections are counted anew in each, and a killed one ends without a word.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import requests
from defusedxml import ElementTree
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
from livestream.engines.flv import flv_length
from livestream.engines.keys import engine_key, is_key, is_near
from livestream.models import Engine, IngestAttempt, LiveSession, MediaEvent
from livestream.signing import media_token
from registry.private_files import private_storage

HOOK_KEY = "nginx-rtmp hooks"
_NAME = re.compile(r"[0-9a-f]{32}")
_ACTIONS = {"publish": Action.PUBLISH, "play": Action.PLAY}
# What the module's calls are called here; of viewers it tells nothing that we need.
_EVENTS = {
    "publish": "publish",
    "publish_done": "end",
    "record_done": "record_done",
    "update_publish": "update",
}
_FILE = re.compile(r"([0-9a-f]{32})-(\d+)\.flv")
# Files carry the second they were opened in; the callback of the same connection knows it better.
_SAME_MOMENT = timedelta(seconds=2)
_TIMEOUT = 2.0


class NginxRtmpEngine:
    """RTMP in; RTMP and HLS out; one FLV file a connection."""

    name = Engine.NGINX_RTMP.value

    def __init__(
        self,
        *,
        rtmp_url: str,
        control_url: str,
        hls_url: str,
        public_url: str = "",
        rtmp_listen: str = "",
        hls_listen: str = "",
        certificate: str = "",
        certificate_key: str = "",
    ) -> None:
        self.rtmp_url, self.control_url, self.hls_url = rtmp_url, control_url, hls_url
        self.public_url = public_url or rtmp_url
        self.rtmp_listen, self.hls_listen = rtmp_listen, hls_listen
        self.certificate, self.certificate_key = certificate, certificate_key

    def capabilities(self) -> Capabilities:
        """Tell what it can do."""
        return Capabilities(
            ingest=frozenset({"rtmp"}),
            play=frozenset({"hls"}),
            raw_format="flv",
            latency=Latency.SECONDS,
            can_kick=True,
            can_list=True,
            emits_end_event=True,
        )

    def provision(self, session: LiveSession, secret: str, expires_at: datetime) -> Provision:
        """Tell what to type into OBS: the address, and the name with its key."""
        self.raw_folder().mkdir(parents=True, exist_ok=True)
        address = f"{self.public_url}/{stream_name(session)}?{urlencode({'key': secret})}"
        return Provision(address, secret, {"hls": self.hls_address(session, timezone.now())}, expires_at)

    def hls_address(self, session: LiveSession, now: datetime) -> str:
        """Return where the stream is watched as it comes, for the next minutes."""
        return f"{self.hls_url}/hls/{media_token(session.uid, now)}/{session.uid}/index.m3u8"

    def authorise(self, request: AuthRequest) -> Decision:
        """Decide by the credential; names that are none of ours never reach the disk."""
        if request.action not in Action or not _NAME.fullmatch(request.stream):
            return Decision(False, "unknown")
        return authorise_by_credential(request)

    def door(self, request: HttpRequest, now: datetime) -> AuthRequest | None:
        """Return what is asked for by a callback that waits for leave; None for one that only tells."""
        action = _ACTIONS.get(request.POST.get("call", ""))
        if action is None:
            return None
        return AuthRequest(
            action,
            request.POST.get("name", ""),
            request.POST.get("key", ""),
            now,
            external_id=_connection(request),
            client=request.POST.get("flashver", "")[:200],
        )

    def parse_webhook(self, request: HttpRequest) -> list[SeenEvent]:
        """Read a callback of our own nginx."""
        given = request.headers.get("X-Engine-Key", "")
        if not is_near(request) or not is_key(given, HOOK_KEY):
            raise Untrusted
        call = request.POST.get("call", "")
        if call not in _EVENTS or not _NAME.fullmatch(request.POST.get("name", "")):
            return []
        return [_event(_EVENTS[call], request)]

    def list_active(self) -> list[Active]:
        """Return who sends, by the module's own list."""
        answer = self._ask("/stat")
        answer.raise_for_status()
        listing = ElementTree.fromstring(answer.content)
        process = listing.findtext("pid", "")
        return [
            Active(
                f"{stream.findtext('name')}.{process}.{client.findtext('id')}", stream.findtext("name", "")
            )
            for stream in listing.iter("stream")
            for client in stream.findall("client")
            if client.find("publishing") is not None
        ]

    def disconnect(self, external_id: str, reason: str) -> bool:
        """Cut one connection off; one of an earlier process is gone already."""
        stream, _, numbers = external_id.partition(".")
        if not _NAME.fullmatch(stream):
            return False
        if all(each.external_id != external_id for each in self.list_active()):
            return False
        client = numbers.partition(".")[2]
        place = {"app": urlsplit(self.rtmp_url).path.strip("/"), "name": stream, "clientid": client}
        answer = self._ask("/control/drop/client", place)
        return answer.ok and answer.text.strip() not in {"", "0"}

    def raw_assets(self, session: LiveSession) -> list[RawAsset]:
        """Name the files with something in them, closed or not; a refused sender leaves an empty one."""
        name = stream_name(session)
        folders = (self._kept_folder(session), self.raw_folder())
        found = {path.name: path for folder in folders for path in folder.glob(f"{name}-*.flv")}
        files = sorted((path for path in found.values() if flv_length(path).frames), key=lambda p: p.name)
        return [
            RawAsset(number, (path,), self._wall_start(session, path)) for number, path in enumerate(files)
        ]

    def finalise(self, session: LiveSession) -> list[RawAsset]:
        """Put the files into the session's own folder, where they are kept and removed with it."""
        kept = self._kept_folder(session)
        kept.mkdir(parents=True, exist_ok=True)
        for path in self.raw_folder().glob(f"{stream_name(session)}-*.flv"):
            path.replace(kept / path.name)
        return self.raw_assets(session)

    def live_source(self, attempt: IngestAttempt, secret: str, folder: Path) -> list[str]:
        """Return how ffmpeg plays a stream; it ends when nothing has come for ten seconds."""
        stream = attempt.external_id.partition(".")[0]
        address = f"{self.rtmp_url}/{stream}?{urlencode({'key': secret})}"
        return ["-rw_timeout", "10000000", "-rtmp_live", "live", "-i", address]

    def health(self) -> Health:
        """Ask for the list."""
        try:
            self.list_active()
        except (OSError, ElementTree.ParseError) as error:
            return Health(False, f"nginx does not answer at {self.control_url} ({type(error).__name__})")
        return Health(True)

    def raw_folder(self) -> Path:
        """Return where the module writes; recordings move on when their session is over."""
        return Path(private_storage().path(f"{raw.FOLDER}/engines/{self.name}"))

    def _kept_folder(self, session: LiveSession) -> Path:
        return raw.session_folder(session.uid) / self.name

    def _wall_start(self, session: LiveSession, path: Path) -> datetime:
        match = _FILE.fullmatch(path.name)
        opened = datetime.fromtimestamp(int(match[2]) if match else path.stat().st_mtime, tz=UTC)
        near = MediaEvent.objects.filter(session=session, engine=self.name, type="publish").filter(
            occurred_at__range=(opened - _SAME_MOMENT, opened + _SAME_MOMENT)
        )
        times = list(near.values_list("occurred_at", flat=True))
        return min(times, key=lambda time: abs(time - opened), default=opened)

    def _ask(self, path: str, place: Mapping[str, str] | None = None) -> requests.Response:
        query = {**(place or {}), "key": engine_key(HOOK_KEY)}
        return requests.get(f"{self.control_url}{path}", params=query, timeout=_TIMEOUT)


def _connection(request: HttpRequest) -> str:
    """Return what a connection is called: unlike the module's number, never given twice."""
    process = request.headers.get("X-Engine-Process", "")
    client = request.POST.get("clientid", "")
    return f"{request.POST.get('name', '')}.{process}.{client}"[:120]


def _event(type_: str, request: HttpRequest) -> SeenEvent:
    told = {
        key: request.POST[key]
        for key in ("addr", "flashver", "recorder", "path", "time")
        if key in request.POST
    }
    if "path" in told:
        told["path"] = Path(told["path"]).name
    return SeenEvent(type_, _connection(request), timezone.now(), request.POST.get("name", ""), told)
