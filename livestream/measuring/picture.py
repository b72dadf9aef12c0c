"""Looking at a recording: how light it is, and whether the camera shakes.

Frames are made small and grey. Shake is the change of the whole picture's movement from one look to the
next, told by sliding its row and column sums: a slow turn of the camera moves evenly and is none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av

WIDTH = HEIGHT = 64
LOOKS_PER_SECOND = 8
MAX_SHIFT = 6  # of 64
_DARK, _BRIGHT = 40, 225  # of 255; limited range stays within 16 to 235

Sums = tuple[list[float], list[float]]


@dataclass(frozen=True)
class Look:
    """One frame: its second, mean brightness (0-255), share of dark and of burnt-out picture, its sums."""

    second: float
    luma: float
    dark: float
    bright: float
    sums: Sums


@dataclass(frozen=True)
class Looking:
    """What was seen, second by second; shake in percent of the picture's width."""

    luma: list[float]
    dark: list[float]
    bright: list[float]
    shake: list[float]


def look(path: Path) -> Looking:
    """Look at the file; one without a picture has no seconds."""
    looks = list(_looks(path))
    shakes = shake_of([each.sums for each in looks])
    return Looking(
        luma=_by_second(looks, [each.luma for each in looks]),
        dark=_by_second(looks, [each.dark for each in looks]),
        bright=_by_second(looks, [each.bright for each in looks]),
        shake=_by_second(looks, shakes),
    )


def shake_of(sums: Sequence[Sums]) -> list[float]:
    """Return for each look by how many percent of the width the picture's movement changed."""
    moves = [(0.0, 0.0)]
    for before, after in pairwise(sums):
        moves.append((_shift(before[0], after[0]), _shift(before[1], after[1])))
    changes = [0.0] + [
        abs(after[0] - before[0]) + abs(after[1] - before[1]) for before, after in pairwise(moves)
    ]
    return [round(100 * change / WIDTH, 2) for change in changes[: len(sums)]]


def _looks(path: Path) -> Iterator[Look]:
    due = 0.0
    with av.open(str(path)) as container:
        if not container.streams.video:
            return
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for frame in container.decode(stream):
            second = float(frame.time or 0)
            if second + 1e-6 < due:
                continue
            due = second + 1 / LOOKS_PER_SECOND
            yield _look(frame, second)


def _look(frame: av.VideoFrame, second: float) -> Look:
    small = frame.reformat(width=WIDTH, height=HEIGHT, format="gray")
    plane = small.planes[0]
    content = bytes(plane)
    rows = [content[row * plane.line_size : row * plane.line_size + WIDTH] for row in range(HEIGHT)]
    pixels = b"".join(rows)
    count = len(pixels)
    columns = [float(sum(pixels[column::WIDTH])) for column in range(WIDTH)]
    return Look(
        second,
        luma=sum(pixels) / count,
        dark=sum(pixel < _DARK for pixel in pixels) / count,
        bright=sum(pixel > _BRIGHT for pixel in pixels) / count,
        sums=(columns, [float(sum(row)) for row in rows]),
    )


def _shift(before: Sequence[float], after: Sequence[float]) -> float:
    """Return by how many places the sums moved, to a fraction; nothing to hold on to is no movement."""
    errors = [_error(before, after, shift) for shift in range(-MAX_SHIFT, MAX_SHIFT + 1)]
    best = min(range(len(errors)), key=errors.__getitem__)
    if errors[best] >= 0.9 * errors[MAX_SHIFT]:
        return 0.0
    if not 0 < best < len(errors) - 1:
        return float(best - MAX_SHIFT)
    left, here, right = errors[best - 1 : best + 2]
    bend = left - 2 * here + right
    return best - MAX_SHIFT + ((left - right) / (2 * bend) if bend else 0.0)


def _error(before: Sequence[float], after: Sequence[float], shift: int) -> float:
    first = before[max(0, -shift) : len(before) - max(0, shift)]
    second = after[max(0, shift) : len(after) - max(0, -shift)]
    return sum((one - other) ** 2 for one, other in zip(first, second, strict=True)) / len(first)


def _by_second(looks: Sequence[Look], values: Sequence[float]) -> list[float]:
    """Return the mean of every second; a second without a frame repeats the one before."""
    sums: dict[int, list[float]] = {}
    for each, value in zip(looks, values, strict=True):
        sums.setdefault(int(each.second), []).append(value)
    means: list[float] = []
    for second in range(max(sums, default=-1) + 1):
        here = sums.get(second)
        means.append(round(sum(here) / len(here), 3) if here else means[-1] if means else 0.0)
    return means
