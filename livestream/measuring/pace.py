"""What the heard speech comes to: how fast, how much dead air."""

from collections.abc import Sequence
from dataclasses import dataclass

from livestream.measuring.bands import DEAD_AIR_SECONDS, LONG_PAUSE_SECONDS
from livestream.measuring.sound import Span, silences


@dataclass(frozen=True)
class DeadAir:
    """Silences longer than 3 s: where, which share of the recording, and the longest."""

    spans: list[Span]
    share: float
    longest: float


def dead_air(speech: Sequence[Span], seconds: float) -> DeadAir:
    """Return the dead air of a recording."""
    spans = silences(speech, seconds, DEAD_AIR_SECONDS)
    lengths = [span.seconds for span in spans]
    share = 100 * sum(lengths) / seconds if seconds else 0.0
    return DeadAir(spans, round(share, 1), round(max(lengths, default=0.0), 1))


def speaking_minutes(speech: Sequence[Span], seconds: float) -> float:
    """Return the minutes spoken: pauses of up to 2 s belong to speaking, longer ones are out."""
    if not speech:
        return 0.0
    pauses = silences(speech, seconds, LONG_PAUSE_SECONDS)
    # What lies before the first word and after the last is no pause of hers.
    edges = max(0.0, speech[0].start) + max(0.0, seconds - speech[-1].end)
    inner = [span for span in pauses if span.start > 0 and span.end < seconds]
    return max(0.0, seconds - edges - sum(span.seconds for span in inner)) / 60


def speech_rate(characters: int, speech: Sequence[Span], seconds: float) -> float | None:
    """Return characters a minute of speaking; None when there is nothing to go by."""
    minutes = speaking_minutes(speech, seconds)
    return round(characters / minutes, 0) if characters and minutes >= 0.05 else None
