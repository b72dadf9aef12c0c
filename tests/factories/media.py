"""Recordings as a phone makes them, drawn by ffmpeg: a moving pattern with a tone, cut into pieces."""

import hashlib
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from courses.transcoding import ffmpeg_binary
from livestream.services import Chunk, take_chunk
from tests.factories.livestream import MORNING

_VIDEO = {
    "vp8": ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "400k", "-g", "30"],
    "h264": [
        *("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline", "-pix_fmt", "yuv420p"),
        *("-b:v", "400k", "-g", "30"),
    ],
}


@cache
def recording(seconds: int = 4, codec: str = "vp8", size: str = "180x320", tone: int = 440) -> bytes:
    """Return a recording as MediaRecorder writes one: WebM without a length, of an upright phone.

    Without a tone it has no sound at all, as from a phone whose microphone was refused.
    """
    target = Path(mkdtemp(prefix="drawn-")) / "drawn.webm"
    picture = ["-f", "lavfi", "-i", f"testsrc2=s={size}:r=15:d={seconds}"]
    sound = ["-f", "lavfi", "-i", f"sine=f={tone}:r=48000:d={seconds}"] if tone else []
    form = ["-c:a", "libopus", "-b:a", "32k", "-f", "webm" if codec == "vp8" else "matroska", "-live", "1"]
    quiet = ["-nostdin", "-loglevel", "error", "-y"]
    command = [ffmpeg_binary(), *quiet, *picture, *sound, *_VIDEO[codec], *form]
    command += ["-cluster_time_limit", "500", str(target)]
    subprocess.run(command, check=True)
    return target.read_bytes()


def pieces(content: bytes, count: int = 4) -> list[bytes]:
    """Cut a recording into pieces; the first holds the head."""
    each = len(content) // count + 1
    return [content[start : start + each] for start in range(0, len(content), each)]


def send(session, part: int, bodies: list[bytes], *, wall_start=MORNING, without=(), now=MORNING) -> None:
    """Send the pieces of a part but some."""
    for seq, body in enumerate(bodies):
        if seq not in without:
            digest = hashlib.sha256(body).hexdigest()
            begins = wall_start if seq == 0 else None
            chunk = Chunk(part=part, seq=seq, sha256=digest, body=body, wall_start=begins, mime="video/webm")
            take_chunk(session=session, chunk=chunk, now=now)
            session.refresh_from_db()
