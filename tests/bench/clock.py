"""Pictures that carry the clock as a bar code, so that latency and loss are counted per frame."""

import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import av

WIDTH, HEIGHT, RATE = 320, 240, 20
_BITS = 48  # of milliseconds since 1970
_COLUMNS = 8
_BAR, _ROW = WIDTH // _COLUMNS, HEIGHT // (_BITS // _COLUMNS)


def drawn(milliseconds: int) -> bytes:
    """Return a grey picture that says `milliseconds` since 1970."""
    rows = []
    for row in range(_BITS // _COLUMNS):
        line = b"".join(
            bytes([235 if milliseconds >> (row * _COLUMNS + column) & 1 else 16]) * _BAR
            for column in range(_COLUMNS)
        )
        rows.append(line * _ROW)
    return b"".join(rows)


def read(frame: av.VideoFrame) -> float:
    """Return the seconds since 1970 that a picture says, whatever its size has become."""
    plane = frame.planes[0]
    light, across = bytes(plane), plane.line_size
    found = 0
    for bit in range(_BITS):
        row, column = divmod(bit, _COLUMNS)
        y = int((row + 0.5) * frame.height / (_BITS // _COLUMNS))
        x = int((column + 0.5) * frame.width / _COLUMNS)
        found |= (light[y * across + x] > 125) << bit
    return found / 1000


class RtmpSender:
    """Sends the clock and silence by ffmpeg in real time; `process` may be killed or stopped."""

    def __init__(self, url: str) -> None:
        source = [
            "-f",
            "rawvideo",
            "-pix_fmt",
            "gray",
            "-s",
            f"{WIDTH}x{HEIGHT}",
            "-r",
            str(RATE),
            "-i",
            "pipe:0",
        ]
        silence = ["-re", "-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono"]
        picture = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", str(RATE)]
        coding = ["-pix_fmt", "yuv420p", *picture, "-c:a", "aac", "-threads", "1"]
        latency = ["-fflags", "nobuffer", "-flush_packets", "1"]
        self.process = subprocess.Popen(
            ["ffmpeg", "-v", "error", *latency, *source, *silence, *coding, "-f", "flv", url],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.began_at = time.time()
        threading.Thread(target=self._draw, daemon=True).start()

    def _draw(self) -> None:
        number = 0
        while self.process.poll() is None:
            try:
                self.process.stdin.write(drawn(int(time.time() * 1000)))
                self.process.stdin.flush()
            except OSError:
                return
            number += 1
            time.sleep(max(0.0, self.began_at + number / RATE - time.time()))

    def end(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()


def latencies(address: str, seconds: float, **options: str) -> list[float]:
    """Play `address` in real time for `seconds`; return for each frame how old it was when shown."""
    found: list[float] = []
    with av.open(address, options=options, timeout=20) as container:
        first = None
        for frame in container.decode(video=0):
            now = time.time()
            first = first or (now, frame.time)
            shown = max(now, first[0] + frame.time - first[1])
            found.append(shown - read(frame))
            if frame.time - first[1] >= seconds:
                break
            time.sleep(max(0.0, shown - now))
    return found


def last_clock(path: Path) -> float:
    """Return the clock of the last frame of a recording, however it was cut."""
    last = 0.0
    for frame in _frames(path):
        last = read(frame)
    return last


def _frames(path: Path) -> Iterator[av.VideoFrame]:
    with av.open(str(path)) as container:
        try:
            yield from container.decode(video=0)
        except av.FFmpegError:
            return
