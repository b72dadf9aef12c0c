"""A recording drawn along its length: segments, gaps, remarks and what was measured. No database.

Places are percents of the length, so that the drawing fits any screen without distortion; nothing is drawn
by a script, and every mark is a link to its second.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from livestream.measuring.bands import GOOD, band_of, worst

MOST_BARS = 120
LEVEL_HEIGHT = 28
_QUIETEST = -60


@dataclass(frozen=True)
class Bar:
    """A stretch of the recording; `band` names its colour, `height` counts only where it tells something."""

    at: float
    seconds: float
    left: float
    width: float
    label: str = ""
    band: str = ""
    height: float = 0

    @property
    def top(self) -> float:
        """Where it begins so that it stands on the ground."""
        return LEVEL_HEIGHT - self.height


@dataclass(frozen=True)
class Ruler:
    """The length everything is drawn along."""

    seconds: float

    def left(self, at: float) -> float:
        """Return where a second lies, in percent."""
        return round(100 * min(max(at, 0), self.seconds) / self.seconds, 3) if self.seconds else 0.0

    def bar(self, start: float, end: float, label: str = "", band: str = "", height: float = 0) -> Bar:
        """Return a stretch as it is drawn; the shortest can still be seen."""
        left = self.left(start)
        width = max(0.4, round(self.left(end) - left, 3))
        return Bar(start, max(0.0, end - start), left, width, label, band, height)

    def ticks(self) -> list[Bar]:
        """Return a few round seconds to read the drawing by."""
        step = next((each for each in (10, 15, 30, 60, 120, 300, 600, 900) if self.seconds / each <= 6), 1800)
        return [self.bar(at, at) for at in range(0, int(self.seconds) + 1, step)]


def spans(ruler: Ruler, pairs: Iterable[Sequence[float]], band: str = "") -> list[Bar]:
    """Return pairs of seconds as bars."""
    return [ruler.bar(start, end, band=band) for start, end in pairs]


def levels(ruler: Ruler, values: Sequence[float], clipped: Iterable[int] = ()) -> list[Bar]:
    """Return loudness second by second as bars of its height; seconds cut off at full scale stand out."""
    cut_off = set(clipped)
    bars = []
    for first, last in _buckets(len(values)):
        loudest = max(values[first:last])
        height = round(LEVEL_HEIGHT * max(0.04, 1 - loudest / _QUIETEST), 1) if loudest > _QUIETEST else 1.0
        band = "far" if cut_off.intersection(range(first, last)) else GOOD
        bars.append(ruler.bar(first, last, band=band, height=min(height, LEVEL_HEIGHT)))
    return bars


def banded(ruler: Ruler, name: str, values: Sequence[float]) -> list[Bar]:
    """Return where a value leaves its band: neighbouring seconds of the same band are one bar."""
    return _runs(ruler, values, lambda value: band_of(name, value))


def measured_bars(ruler: Ruler, details: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Bar]]:
    """Return what the measurements of a recording draw, by the name of each strip."""
    sound, picture = details.get("loudness", {}), details.get("light", {})
    found = {
        "speech": spans(ruler, details.get("speech", {}).get("spans", []), GOOD),
        "silence": [
            ruler.bar(start, end, band=band_of("longest_silence", end - start))
            for start, end in details.get("dead_air", {}).get("spans", [])
        ],
        "levels": levels(ruler, sound.get("levels", []), details.get("clipping", {}).get("seconds", [])),
        "light": banded(ruler, "light", picture.get("luma", [])),
        "shake": banded(ruler, "shake", details.get("shake", {}).get("shake", [])),
    }
    return {name: bars for name, bars in found.items() if bars}


def _buckets(count: int) -> list[tuple[int, int]]:
    size = max(1, -(-count // MOST_BARS))
    return [(first, min(first + size, count)) for first in range(0, count, size)]


def _runs(ruler: Ruler, values: Sequence[float], band: Callable[[float], str]) -> list[Bar]:
    found: list[tuple[int, int, str]] = []
    for first, last in _buckets(len(values)):
        here = worst([band(value) for value in values[first:last]])
        if found and found[-1][2] == here:
            found[-1] = (found[-1][0], last, here)
        else:
            found.append((first, last, here))
    return [ruler.bar(first, last, band=here) for first, last, here in found]
