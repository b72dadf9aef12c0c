"""Makes the synthetic voices beside this module: `python -m livestream.demo.make_voices`. Run by hand, once.

Needs espeak-ng and ffmpeg; what it makes is committed, so that the demo needs neither.
"""

import json
import subprocess
import tempfile
import wave
from pathlib import Path

from livestream.demo.story import COACH_NOTE, COACH_SAYS, FOLDER, SAID, SILENCE

RATE = 22_050
BREATH = 0.7  # seconds between segments


def main() -> None:
    """Speak both attempts and the coach's note."""
    known = []
    for number, segments in enumerate(SAID, 1):
        pieces: list[bytes] = []
        starts: list[float] = []
        for text in segments:
            starts.append(round(len(b"".join(pieces)) / 2 / RATE, 2))
            pieces += [_said(text, voice="cmn+f2", speed=265), _silence(BREATH)]
        sound = b"".join(pieces)
        _encode(sound, FOLDER / f"attempt-{number}.webm")
        known.append({"seconds": round(len(sound) / 2 / RATE, 2), "starts": starts})
    _encode(_said(COACH_SAYS, voice="cmn+m3", speed=250), COACH_NOTE)
    (FOLDER / "voices.json").write_text(json.dumps(known, indent=2) + "\n")


def _said(text: str, *, voice: str, speed: int) -> bytes:
    """Speak a text; each mark of silence is a second of it."""
    spoken = [part for part in text.split(SILENCE) if part]
    pauses = text.count(SILENCE)
    pieces = [_spoken(part, voice, speed) for part in spoken]
    return _silence(pauses).join(pieces) if pauses else pieces[0]


def _spoken(text: str, voice: str, speed: int) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run(  # noqa: S603
            ["espeak-ng", "-v", voice, "-s", str(speed), "-w", str(path), text],  # noqa: S607
            check=True,
        )
        with wave.open(str(path)) as said:
            return said.readframes(said.getnframes())


def _silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * RATE))


def _encode(sound: bytes, target: Path) -> None:
    raw = ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "-"]
    subprocess.run(  # noqa: S603
        ["ffmpeg", "-v", "error", "-y", *raw, "-c:a", "libopus", "-b:a", "20k", str(target)],  # noqa: S607
        input=sound,
        check=True,
    )


if __name__ == "__main__":
    main()
