"""Between the clock on the wall and the second of a recording, over gaps and turned tapes. No database.

Remarks are anchored to the clock, so that they survive reconnects and a recording made anew; the parts say
where the clock's moment lies in what is watched. Gaps take no time in the recording: they are cut out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol

# A sender starts the next tape a moment before it stops the last one, and clocks drift.
SHORTEST_GAP = 0.75
LONGEST_OVERLAP = 5.0


class Part(Protocol):
    """A stretch of recording; a `MediaPart` is one. None: nothing of it is in the finished recording."""

    @property
    def wall_start(self) -> datetime: ...

    @property
    def media_start(self) -> float | None: ...

    @property
    def seconds(self) -> float | None: ...


@dataclass(frozen=True)
class Stretch:
    """A part that is in the recording: from `begins` to `ends` of it, `wall_start` being at `media_start`."""

    wall_start: datetime
    media_start: float
    seconds: float
    begins: float

    @property
    def ends(self) -> float:
        """Where it ends in the recording."""
        return self.media_start + self.seconds


@dataclass(frozen=True)
class Hole:
    """A stretch of the clock of which there is no recording, and where it was cut out."""

    wall_from: datetime
    wall_to: datetime
    at: float


def place_parts(parts: Iterable[tuple[datetime, float]]) -> list[float]:
    """Return for parts (first frame's clock, seconds) in order where each one's first frame belongs.

    What two parts both show is shown once: the later one begins before the end of the earlier one by that
    much. Clocks that disagree by more than a tape's turn are not believed; such a part follows the last.
    """
    starts: list[float] = []
    end, wall_end = 0.0, None
    for wall_start, seconds in parts:
        overlap = (wall_end - wall_start).total_seconds() if wall_end else 0.0
        if not 0 < overlap <= min(LONGEST_OVERLAP, seconds):
            overlap = 0.0
        starts.append(round(end - overlap, 3))
        end += seconds - overlap
        wall_end = wall_start + timedelta(seconds=seconds)
    return starts


def stretches(parts: Iterable[Part]) -> list[Stretch]:
    """Return what of the parts is in the recording, in order."""
    placed = [
        (part.media_start, part.wall_start, part.seconds)
        for part in parts
        if part.media_start is not None and part.seconds
    ]
    found: list[Stretch] = []
    for media_start, wall_start, seconds in sorted(placed):
        begins = max(media_start, found[-1].ends) if found else media_start
        found.append(Stretch(wall_start, media_start, seconds, begins))
    return found


def vod_seconds(parts: Iterable[Part], wall_time: datetime) -> float:
    """Return the second of the recording that shows `wall_time`; of a gap, where it was cut out."""
    found = stretches(parts)
    if not found:
        return 0.0
    for stretch in found:
        offset = (wall_time - stretch.wall_start).total_seconds()
        if offset <= stretch.seconds:
            return min(max(stretch.media_start + offset, stretch.begins), stretch.ends)
    return found[-1].ends


def wall_time(parts: Iterable[Part], vod_seconds: float) -> datetime | None:
    """Return what the clock said at that second of the recording; None where nothing is recorded."""
    found = stretches(parts)
    if not found:
        return None
    shown = next((each for each in found if vod_seconds < each.ends), found[-1])
    offset = min(max(vod_seconds, shown.begins), shown.ends) - shown.media_start
    return shown.wall_start + timedelta(seconds=offset)


def holes(parts: Iterable[Part]) -> list[Hole]:
    """Return the gaps between the parts that are in the recording."""
    return [
        Hole(wall_end, after.wall_start, before.ends)
        for before, after in pairwise(stretches(parts))
        if (after.wall_start - (wall_end := before.wall_start + timedelta(seconds=before.seconds)))
        > timedelta(seconds=SHORTEST_GAP)
    ]


def length(parts: Iterable[Part]) -> float:
    """Return how long the recording is."""
    found = stretches(parts)
    return found[-1].ends if found else 0.0


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return ascending numbers as stretches without a hole: first and last of each."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
