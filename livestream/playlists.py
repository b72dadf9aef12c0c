"""HLS playlists, written by us from what the segments are: the ones ffmpeg writes are only read. No database.

Every segment carries the clock of its first frame, so that a player knows what moment it shows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path

from django.utils.dateparse import parse_datetime


@dataclass(frozen=True)
class Segment:
    """One file of a playlist. `init` is what a player reads before it; another init is another stretch."""

    uri: str
    seconds: float
    wall_start: datetime | None = None
    init: str = ""
    is_after_break: bool = False


@dataclass(frozen=True)
class Variant:
    """One rung as the master names it."""

    uri: str
    bandwidth: int
    width: int = 0
    height: int = 0
    codecs: str = ""


def read_segments(playlist: Path) -> list[tuple[str, float]]:
    """Return name and length of each segment ffmpeg has finished; of a broken playlist, what can be read."""
    found: list[tuple[str, float]] = []
    seconds: float | None = None
    try:
        lines = playlist.read_text().splitlines()
    except OSError:
        return []
    for line in lines:
        if line.startswith("#EXTINF:"):
            seconds = float(line.removeprefix("#EXTINF:").split(",")[0])
        elif line and not line.startswith("#") and seconds is not None:
            found.append((line, seconds))
            seconds = None
    return found


def stretch(
    listed: Iterable[tuple[str, float]],
    *,
    wall_start: datetime | None,
    init: str = "",
    folder: str = "",
    is_after_break: bool = False,
) -> list[Segment]:
    """Return segments that follow each other without a break, the first at `wall_start`."""
    segments: list[Segment] = []
    passed = 0.0
    for name, seconds in listed:
        at = wall_start + timedelta(seconds=passed) if wall_start else None
        is_first = not segments
        segments.append(Segment(f"{folder}{name}", seconds, at, init, is_after_break and is_first))
        passed += seconds
    return segments


def media_playlist(segments: list[Segment], *, is_ended: bool, first: int = 0, breaks_before: int = 0) -> str:
    """Return a playlist of these segments; `first` is the number of the first one, for a moving window."""
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{7 if any(each.init for each in segments) else 6}",
        f"#EXT-X-TARGETDURATION:{max((ceil(each.seconds) for each in segments), default=2)}",
        f"#EXT-X-MEDIA-SEQUENCE:{first}",
    ]
    if breaks_before:
        lines.append(f"#EXT-X-DISCONTINUITY-SEQUENCE:{breaks_before}")
    if is_ended and first == 0:
        lines.append("#EXT-X-PLAYLIST-TYPE:VOD")
    lines.append("#EXT-X-INDEPENDENT-SEGMENTS")
    init = ""
    for number, segment in enumerate(segments):
        if segment.is_after_break and number:
            lines.append("#EXT-X-DISCONTINUITY")
        if segment.init and segment.init != init:
            init = segment.init
            lines.append(f'#EXT-X-MAP:URI="{init}"')
        if segment.wall_start:
            lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{_clock(segment.wall_start)}")
        lines += [f"#EXTINF:{segment.seconds:.6f},", segment.uri]
    if is_ended:
        lines.append("#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


def master_playlist(variants: list[Variant]) -> str:
    """Return a master that lets a player choose between pictures by itself.

    Sound alone is never in it: a player on a weak link would fall to a black picture.
    """
    lines = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for each in variants:
        marks = [f"BANDWIDTH={each.bandwidth}"]
        if each.width:
            marks.append(f"RESOLUTION={each.width}x{each.height}")
        if each.codecs:
            marks.append(f'CODECS="{each.codecs}"')
        lines += [f"#EXT-X-STREAM-INF:{','.join(marks)}", each.uri]
    return "\n".join(lines) + "\n"


def clocks_of(playlist: str) -> list[datetime]:
    """Return the clock of each segment, as a player reads it."""
    mark = "#EXT-X-PROGRAM-DATE-TIME:"
    found = (
        parse_datetime(line.removeprefix(mark)) for line in playlist.splitlines() if line.startswith(mark)
    )
    return [each for each in found if each]


def _clock(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
