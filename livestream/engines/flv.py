"""Reads how long a recording in FLV is by its tags alone, also of one that a kill cut short. No database."""

import os
from dataclasses import dataclass
from pathlib import Path

_AUDIO, _VIDEO = 8, 9
_FILE_HEADER = 13
_TAG_HEADER = 11
_TAG_END = 4


@dataclass(frozen=True)
class FlvLength:
    """What whole tags tell: `frames` of sound and picture over `seconds`."""

    frames: int
    seconds: float


def flv_length(path: Path) -> FlvLength:
    """Measure a file, finished or not; whatever is no FLV has no frames."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if file.read(3) != b"FLV":
            return FlvLength(0, 0.0)
        times = []
        place = _FILE_HEADER
        while place + _TAG_HEADER <= size:
            header = os.pread(file.fileno(), _TAG_HEADER, place)
            body = int.from_bytes(header[1:4], "big")
            place += _TAG_HEADER + body + _TAG_END
            if header[0] in {_AUDIO, _VIDEO} and place <= size:
                times.append(header[7] << 24 | int.from_bytes(header[4:7], "big"))
    return FlvLength(len(times), (max(times) - min(times)) / 1000 if times else 0.0)
