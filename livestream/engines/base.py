"""The adapter every engine fulfils, and what is said through it.

Rules of the contract, each tested in `tests/livestream/engine_contract.py`:

- `authorise` asks our own database and nobody else, takes less than 50 ms, and refuses whatever it does not
  understand: a wrong, expired or revoked secret, an unknown stream, a session that is over.
- `parse_webhook` raises `Untrusted` before it reads anything from whoever cannot prove to be the engine.
- A webhook is a hint: engines that crash send none. `list_active` is asked every few seconds for the truth.
- A second publisher is refused; the holder of the same credential takes over from its own hanging connection.
- The raw recording is the evidence: `raw_assets` names the files, which stay readable after a kill.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from django.http import HttpRequest

from livestream.models import LiveSession


class Latency(StrEnum):
    """How far behind the host a viewer is."""

    BELOW_A_SECOND = "below_a_second"
    SECONDS = "seconds"


@dataclass(frozen=True)
class Capabilities:
    """What an engine can do, for choosing one and for what the pages offer."""

    ingest: frozenset[str]  # chunks, rtmp, whip
    play: frozenset[str]  # hls, whep, janus, http_flv
    raw_format: str
    latency: Latency
    can_kick: bool
    can_list: bool
    emits_end_event: bool


@dataclass(frozen=True)
class Provision:
    """Where a session is sent to and watched. `secret` is shown once; only its hash is kept."""

    publish_url: str
    secret: str
    play_urls: Mapping[str, str]
    expires_at: datetime
    ice_servers: tuple[Mapping[str, object], ...] = ()


class Action(StrEnum):
    """What somebody asks leave for."""

    PUBLISH = "publish"
    PLAY = "play"


@dataclass(frozen=True)
class AuthRequest:
    """Somebody at the engine's door: what she wants, to which stream, with which secret."""

    action: Action
    stream: str
    secret: str
    at: datetime
    external_id: str = ""
    client: str = ""


@dataclass(frozen=True)
class Decision:
    """Yes or no, and why. `replaces` names the caller's own hanging connection, to be cut off first."""

    is_allowed: bool
    reason: str
    session_id: int | None = None
    credential_id: int | None = None
    replaces: str = ""


@dataclass(frozen=True)
class SeenEvent:
    """One thing an engine says happened."""

    type: str
    external_id: str
    occurred_at: datetime
    stream: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Active:
    """A stream an engine carries right now."""

    external_id: str
    stream: str
    is_receiving: bool = True


@dataclass(frozen=True)
class RawAsset:
    """A stretch of raw recording on disk; parts are numbered as they were made."""

    number: int
    files: tuple[Path, ...]
    wall_start: datetime


@dataclass(frozen=True)
class Health:
    """Whether the engine can be used, and in one line why not."""

    is_up: bool
    detail: str = ""


class Untrusted(Exception):
    """A webhook whose sender cannot prove to be the engine."""


class LiveEngine(Protocol):
    """What the rest of the livestream app knows of an engine."""

    name: str

    def capabilities(self) -> Capabilities:
        """Tell what it can do; asks nobody."""
        ...

    def provision(self, session: LiveSession, secret: str, expires_at: datetime) -> Provision:
        """Make ready for a session and tell the addresses; a second time does no harm."""
        ...

    def authorise(self, request: AuthRequest) -> Decision:
        """Decide about somebody at the door. Refuses whatever it does not understand."""
        ...

    def parse_webhook(self, request: HttpRequest) -> list[SeenEvent]:
        """Read what the engine tells; raises Untrusted."""
        ...

    def list_active(self) -> list[Active]:
        """Ask the engine what it carries now; raises OSError when it does not answer."""
        ...

    def disconnect(self, external_id: str, reason: str) -> bool:
        """Cut a connection off; tell whether there was one."""
        ...

    def raw_assets(self, session: LiveSession) -> list[RawAsset]:
        """Name the raw recording as it lies on disk, in order, closed or not."""
        ...

    def finalise(self, session: LiveSession) -> list[RawAsset]:
        """Close what is open and return the raw assets as ffmpeg reads them; a second time does no harm."""
        ...

    def health(self) -> Health:
        """Tell whether it can be used; never raises, answers within two seconds."""
        ...
