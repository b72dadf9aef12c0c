"""Listening to a recording: when somebody speaks, how loud, what is cut off at full scale.

Voice is told from noise by WebRTC's detector; loudness is EBU R128 by ffmpeg's own filter.
"""

import math
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import mul
from pathlib import Path

import av
import webrtcvad

from livestream.measuring.tool import run_ffmpeg

RATE = 16_000
FRAME_SECONDS = 0.03
_FRAME_SAMPLES = round(RATE * FRAME_SECONDS)
_FRAME_BYTES = 2 * _FRAME_SAMPLES
_FULL_SCALE = 32_767
_CUT_OFF = 32_600
_CUT_OFF_SAMPLES = 3  # of one frame: a single peak is no clipping
_QUIETEST_VOICE = -55.0  # dBFS; the detector takes some hiss for voice
_STRICTNESS = 2  # of 0 to 3
# Within a word the voice stops for less, and a click lasts less, than this many frames.
_BRIDGED_FRAMES, _SHORTEST_FRAMES = 10, 5
SILENCE = -90.0


@dataclass(frozen=True)
class Span:
    """A piece of the recording, in its seconds."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end - self.start


@dataclass(frozen=True)
class Listening:
    """What was heard: spans of speech, loudness of every second (dBFS), seconds cut off at full scale."""

    seconds: float
    speech: list[Span]
    levels: list[float]
    clipped: list[int]
    loudness: float | None


def listen(path: Path) -> Listening:
    """Listen to the file; one without sound is silent from end to end. Raises MeasuringFailed."""
    voices: list[bool] = []
    powers: list[float] = []
    cut_off: list[bool] = []
    detector = webrtcvad.Vad(_STRICTNESS)
    for frame in _frames(path):
        samples = array("h", frame)
        power = sum(map(mul, samples, samples)) / _FRAME_SAMPLES
        powers.append(power)
        cut_off.append(_is_cut_off(samples))
        voices.append(_decibel(power) > _QUIETEST_VOICE and detector.is_speech(frame, RATE))
    return Listening(
        seconds=round(len(voices) * FRAME_SECONDS, 2),
        speech=spans_of_speech(voices),
        levels=[round(_decibel(sum(each) / len(each)), 1) for each in _by_second(powers)],
        clipped=[second for second, each in enumerate(_by_second(cut_off)) if any(each)],
        loudness=_loudness(path) if voices else None,
    )


def spans_of_speech(voices: Sequence[bool]) -> list[Span]:
    """Return the spans of speech in frames judged one by one: short stops bridged, clicks left out."""
    runs = [(is_voice, len(list(run))) for is_voice, run in groupby(voices)]
    spans: list[tuple[int, int]] = []
    at = 0
    for is_voice, length in runs:
        if is_voice and spans and at - spans[-1][1] < _BRIDGED_FRAMES:
            spans[-1] = (spans[-1][0], at + length)
        elif is_voice:
            spans.append((at, at + length))
        at += length
    return [
        Span(round(start * FRAME_SECONDS, 2), round(end * FRAME_SECONDS, 2))
        for start, end in spans
        if end - start >= _SHORTEST_FRAMES
    ]


def silences(speech: Sequence[Span], seconds: float, longer_than: float) -> list[Span]:
    """Return the stretches without speech that last longer than that, from begin to end."""
    found, at = [], 0.0
    for span in [*speech, Span(seconds, seconds)]:
        if span.start - at > longer_than:
            found.append(Span(at, span.start))
        at = max(at, span.end)
    return found


def _frames(path: Path) -> Iterator[bytes]:
    """Yield the sound in frames of 30 ms: one channel, 16 bits."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    rest = b""
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return
        for decoded in container.decode(audio=0):
            for frame in resampler.resample(decoded):
                rest += bytes(frame.planes[0])[: 2 * frame.samples]
            whole = len(rest) - len(rest) % _FRAME_BYTES
            for begin in range(0, whole, _FRAME_BYTES):
                yield rest[begin : begin + _FRAME_BYTES]
            rest = rest[whole:]


def _is_cut_off(samples: "array[int]") -> bool:
    if max(samples) < _CUT_OFF and min(samples) > -_CUT_OFF:
        return False
    return sum(abs(sample) >= _CUT_OFF for sample in samples) >= _CUT_OFF_SAMPLES


def _decibel(power: float) -> float:
    return max(SILENCE, 10 * math.log10(power / _FULL_SCALE**2)) if power else SILENCE


def _by_second(values: Sequence[float]) -> list[Sequence[float]]:
    seconds = [int(number * FRAME_SECONDS) for number in range(len(values))]
    return [
        [values[number] for number in numbers]
        for _second, numbers in groupby(range(len(values)), key=seconds.__getitem__)
    ]


_INTEGRATED = re.compile(r"Integrated loudness:\s+I:\s+(-?[\d.]+|-?inf) LUFS")


def _loudness(path: Path) -> float | None:
    """Return the integrated loudness in LUFS; None when everything is below the gate (-70)."""
    told = run_ffmpeg(["-i", str(path), "-vn", "-af", "ebur128=framelog=verbose", "-f", "null", "-"])
    found = _INTEGRATED.findall(told)
    value = float(found[-1]) if found else -math.inf
    return value if value > -70 else None
