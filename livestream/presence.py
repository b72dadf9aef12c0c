"""Minutes somebody was there, worked out from signs of life. Pure calculation.

A sign of life comes every half minute while the page is open. Times that overlap count once, whatever shows
them: two tabs, a phone and the station's screen (R1, E4).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

# Somebody who was silent for longer was away in between; a tunnel or a change of network takes less.
LONGEST_SILENCE = timedelta(seconds=120)

Span = tuple[datetime, datetime]


def is_gone(last_seen: datetime, now: datetime) -> bool:
    """Tell whether so much time passed since the last sign that she was away in between."""
    return now - last_seen > LONGEST_SILENCE


def within(spans: Iterable[Span], begin: datetime, end: datetime) -> list[Span]:
    """Return the parts of `spans` that lie between two moments."""
    cut = ((max(first, begin), min(last, end)) for first, last in spans)
    return [(first, last) for first, last in cut if first < last]


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return the same times without overlaps, in order."""
    result: list[Span] = []
    for first, last in sorted(spans):
        if result and first <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return result


def minutes(spans: Iterable[Span]) -> int:
    """Return whole minutes, rounded down: nobody is rounded up over a threshold."""
    total = sum((last - first for first, last in joined(spans)), timedelta())
    return int(total.total_seconds() // 60)
