"""From what was heard and seen to the values that are kept, with band and drawing. No database.

Speech rate is an estimate: the characters of the script over the minutes spoken. Whoever leaves the script
is measured wrong, and the page says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from typing import Any, Protocol
from uuid import UUID

from livestream.measuring.bands import band_of, worst
from livestream.measuring.pace import dead_air, speaking_minutes, speech_rate
from livestream.measuring.picture import Looking, look
from livestream.measuring.sound import Listening, Span, listen
from livestream.pace import spoken_characters


class Segment(Protocol):
    """What is asked of a segment of the run-of-show."""

    key: UUID
    script: str
    planned_seconds: int


class Played(Protocol):
    """What is asked of a segment as it was played."""

    @property
    def key(self) -> UUID: ...

    @property
    def seconds(self) -> float: ...

    @property
    def share_of_plan(self) -> float: ...


@dataclass(frozen=True)
class Measured:
    """One value, where it lies, and what the timeline draws of it."""

    name: str
    value: float | None
    band: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


def measure(
    path: Path, segments: Sequence[Segment], played: Sequence[Played], questions: tuple[int, int] = (0, 0)
) -> list[Measured]:
    """Listen to and look at a recording and return what it tells. Raises MeasuringFailed.

    `questions` are those the practice audience asked, and how many of them the host answered.
    """
    heard, seen = listen(path), look(path)
    values = [*_of_speech(heard, segments, played), *_of_sound(heard), *_of_picture(seen)]
    return [*values, *_of_segments(segments, played), *_of_questions(*questions)]


def _of_speech(heard: Listening, segments: Sequence[Segment], played: Sequence[Played]) -> Iterable[Measured]:
    if not heard.seconds:
        return
    played_keys = {each.key for each in played} or {segment.key for segment in segments}
    characters = sum(spoken_characters(each.script) for each in segments if each.key in played_keys)
    rate = speech_rate(characters, heard.speech, heard.seconds)
    minutes = round(speaking_minutes(heard.speech, heard.seconds), 2)
    yield Measured(
        "speech_rate",
        rate,
        band_of("speech_rate", rate) if rate is not None else "",
        {"characters": characters, "minutes": minutes},
    )
    air = dead_air(heard.speech, heard.seconds)
    yield Measured(
        "dead_air",
        air.share,
        worst([band_of("dead_air_share", air.share), band_of("longest_silence", air.longest)]),
        {"count": len(air.spans), "longest": air.longest, "spans": _pairs(air.spans)},
    )
    spoken = sum(span.seconds for span in heard.speech)
    share = round(100 * spoken / heard.seconds, 1)
    yield Measured("speech", share, detail={"spans": _pairs(heard.speech)})


def _of_sound(heard: Listening) -> Iterable[Measured]:
    if not heard.levels:
        return
    loudness = heard.loudness
    band = band_of("loudness", loudness if loudness is not None else -99)
    yield Measured("loudness", loudness, band, {"levels": [round(level) for level in heard.levels]})
    share = round(100 * len(heard.clipped) / len(heard.levels), 1)
    yield Measured("clipping", share, band_of("clipping", share), {"seconds": heard.clipped})


def _of_picture(seen: Looking) -> Iterable[Measured]:
    if not seen.luma:
        return
    light = round(median(seen.luma))
    dark, bright = round(100 * mean(seen.dark), 1), round(100 * mean(seen.bright), 1)
    bands = [band_of("light", light), band_of("dark_share", dark), band_of("bright_share", bright)]
    yield Measured(
        "light",
        light,
        worst(bands),
        {"dark": dark, "bright": bright, "luma": [round(each) for each in seen.luma]},
    )
    shake = round(mean(seen.shake), 2)
    yield Measured(
        "shake", shake, band_of("shake", shake), {"shake": [round(each, 1) for each in seen.shake]}
    )


def _of_questions(asked: int, answered: int) -> Iterable[Measured]:
    if asked:
        share = round(100 * answered / asked)
        yield Measured("answered", share, band_of("answered", share), {"asked": asked, "answered": answered})


def _of_segments(segments: Sequence[Segment], played: Sequence[Played]) -> Iterable[Measured]:
    """Compare time with plan, over all turns to the same segment."""
    seconds: dict[UUID, float] = {}
    for turn in played:
        seconds[turn.key] = seconds.get(turn.key, 0.0) + turn.seconds
    rows = [
        {"key": str(each.key), "seconds": round(seconds[each.key], 1), "planned": each.planned_seconds}
        for each in segments
        if each.key in seconds
    ]
    if not rows:
        return
    bands = []
    for row in rows:
        row["share"] = round(100 * row["seconds"] / row["planned"])  # type: ignore[operator]
        row["band"] = band_of("segment_time", row["share"])  # type: ignore[arg-type]
        bands.append(str(row["band"]))
    planned = sum(each.planned_seconds for each in segments)
    share = round(100 * sum(seconds.values()) / planned)
    yield Measured("segment_time", share, worst(bands), {"segments": rows})


def _pairs(spans: Sequence[Span]) -> list[list[float]]:
    return [[round(span.start, 1), round(span.end, 1)] for span in spans]
