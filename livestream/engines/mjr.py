"""Names and headers of Janus's recordings, one file a track. No database.

A prefix of `videoroom` makes "*video*" match the sound as well: names are taken apart here and not globbed.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path

_NAME = re.compile(
    r"videoroom-(?P<room>\w+)-user-(?P<user>\d+-\d+)-(?P<at>\d+)-(?P<kind>audio|video)-\d+\.mjr"
)
_MAGIC = b"MJR00002"
_LONGEST_HEADER = 4096
# The extension tells janus-pp-rec what to write; both keep the frames as they came.
_CONTAINERS = {"h264": ".mp4", "vp8": ".webm", "vp9": ".webm", "opus": ".opus"}


@dataclass(frozen=True)
class Track:
    """One recorded track; `began_at` is when its first packet was written."""

    path: Path
    codec: str
    began_at: datetime

    @property
    def converted(self) -> str:
        """Return the name of the file that janus-pp-rec makes of it."""
        return f"{self.path.stem}{_CONTAINERS[self.codec]}"


@dataclass(frozen=True)
class Take:
    """What one connection sent at a time: picture and sound, or one of them."""

    video: Track | None
    audio: Track | None

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Return what there is."""
        return tuple(track for track in (self.video, self.audio) if track)

    @property
    def began_at(self) -> datetime:
        """Return when its first packet was written."""
        return min(track.began_at for track in self.tracks)

    @property
    def name(self) -> str:
        """Return what the take is called: the connection and the moment."""
        match = _NAME.fullmatch(self.tracks[0].path.name)
        return f"{match['user']}-{match['at']}" if match else self.tracks[0].path.stem


def read_track(path: Path) -> Track | None:
    """Read a recording's header; None for one that nothing was written to."""
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            return None
        length = int.from_bytes(file.read(2), "big")
        if not 0 < length <= _LONGEST_HEADER:
            return None
        try:
            header = json.loads(file.read(length))
            began_at = datetime.fromtimestamp(header["u"] / 1_000_000, tz=UTC)
        except (ValueError, KeyError, TypeError):
            return None
        has_packets = bool(file.read(1))
    return Track(path, str(header["c"]), began_at) if has_packets and header["c"] in _CONTAINERS else None


def takes_in(paths: Iterable[Path]) -> list[Take]:
    """Put the tracks of each connection together, in the order in which they began."""
    found: dict[str, dict[str, list[Track]]] = {}
    for path in sorted(paths):
        match = _NAME.fullmatch(path.name)
        track = read_track(path) if match else None
        if match and track:
            found.setdefault(match["user"], {}).setdefault(match["kind"], []).append(track)
    takes = [
        Take(video, audio)
        for kinds in found.values()
        for video, audio in zip_longest(kinds.get("video", []), kinds.get("audio", []))
    ]
    return sorted(takes, key=lambda take: take.began_at)
