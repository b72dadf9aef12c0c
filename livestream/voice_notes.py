"""Voice notes: judged by their content, written anew without what the phone put in. No database.

Whatever arrives (WebM from Chrome, MP4 from WeChat and Safari, a file from a recorder) leaves as AAC in MP4,
one channel: every phone plays it, and a minute is about 240 KB.
"""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import av

from livestream.review_errors import NoVoice, VoiceTooLong

MAX_SECONDS = 60
MAX_BYTES = 15 * 1024 * 1024
_TOLERANCE = 0.9  # a recorder stops a moment late
RATE = 24_000
BIT_RATE = 32_000


@dataclass(frozen=True)
class VoiceNote:
    """A note that may be kept."""

    content: bytes
    sha256: str
    seconds: int


def check_voice(file: IO[bytes]) -> VoiceNote:
    """Read a recording and write it anew. Raises NoVoice, VoiceTooLong."""
    if file.seek(0, 2) > MAX_BYTES:
        raise VoiceTooLong
    file.seek(0)
    with tempfile.TemporaryDirectory(prefix="voice-") as folder:
        target = Path(folder) / "note.m4a"
        try:
            seconds = _write_anew(file, target)
        except (av.FFmpegError, ValueError, OSError, IndexError) as error:
            raise NoVoice from error
        if seconds < 0.3:
            raise NoVoice
        content = target.read_bytes()
    return VoiceNote(content, hashlib.sha256(content).hexdigest(), min(MAX_SECONDS, max(1, round(seconds))))


def _write_anew(file: IO[bytes], target: Path) -> float:
    """Encode the first track of sound into `target`; return its seconds. Raises VoiceTooLong."""
    written = 0
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(file, "r") as source, av.open(str(target), "w", format="mp4", options=options) as sink:
        if not source.streams.audio:
            raise NoVoice
        stream = sink.add_stream("aac", rate=RATE, layout="mono")
        stream.bit_rate = BIT_RATE
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
        for decoded in source.decode(audio=0):
            for frame in resampler.resample(decoded):
                frame.pts = written
                written += frame.samples
                sink.mux(stream.encode(frame))
            if written > (MAX_SECONDS + _TOLERANCE) * RATE:
                raise VoiceTooLong
        sink.mux(stream.encode(None))
    return written / RATE
