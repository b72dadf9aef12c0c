"""Where a measured value lies: good, worth a look, or far out. Bands for beginners (domain.md 5), no grades.

Speech rate and dead air are that page's; loudness, light, shake and time against plan are ours, set wide.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

GOOD, WATCH, FAR = "good", "watch", "far"

DEAD_AIR_SECONDS = 3.0
LONG_PAUSE_SECONDS = 2.0  # out of the speaking minutes


@dataclass(frozen=True)
class Band:
    """From `low` to `high` is good; below `far_low` or above `far_high` far out; between, worth a look."""

    low: float = -math.inf
    high: float = math.inf
    far_low: float = -math.inf
    far_high: float = math.inf

    def of(self, value: float) -> str:
        """Return where the value lies."""
        if self.low <= value <= self.high:
            return GOOD
        return FAR if value < self.far_low or value > self.far_high else WATCH


BANDS: Mapping[str, Band] = {
    "speech_rate": Band(200, 280, 180, 320),  # characters a minute
    "dead_air_share": Band(high=10, far_high=20),  # percent of the recording
    "longest_silence": Band(high=8, far_high=15),  # seconds
    "loudness": Band(-26, -12, -36, -8),  # LUFS
    "clipping": Band(high=1, far_high=5),  # percent of the seconds
    "light": Band(80, 190, 50, 215),  # mean brightness, 0 to 255
    "dark_share": Band(high=35, far_high=60),  # percent of the picture
    "bright_share": Band(high=12, far_high=30),
    "shake": Band(high=1.0, far_high=2.5),  # percent of the width a look
    "answered": Band(low=60, far_low=40),  # percent of the questions asked
    "segment_time": Band(75, 125, 50, 160),  # percent of the plan
}


def band_of(name: str, value: float) -> str:
    """Return where a value of that name lies."""
    return BANDS[name].of(value)


def worst(bands: list[str]) -> str:
    """Return the worst of several; of none, good."""
    return max(bands, key=[GOOD, WATCH, FAR].index, default=GOOD)
