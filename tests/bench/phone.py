"""A phone that rehearses: draws pictures that carry the clock, and sends them piece by piece, as it goes."""

import hashlib
import threading
import time
import urllib.request
from datetime import UTC, datetime

import av
from PIL import Image, ImageDraw

WIDTH, HEIGHT, FRAMES = 360, 640, 20
BITS = 32  # milliseconds since the day began, one bar a bit
BAR = WIDTH // BITS
BAR_HEIGHT = 40
SLICE_SECONDS = 1.0
_SAMPLES = 960  # of Opus, 20 ms


class Phone(threading.Thread):
    """Records and sends until `stop`; `answers` are the seconds each piece waited for its answer."""

    def __init__(self, address: str, headers: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.address, self.headers = address, headers
        self.answers: list[float] = []
        self.began = 0.0
        self._pending = bytearray()
        self._stopping = threading.Event()

    def stop(self) -> int:
        """End, and return how many pieces there are."""
        self._stopping.set()
        self.join()
        return len(self.answers)

    def write(self, content: bytes) -> int:
        """Take what the muxer writes; it cannot go back."""
        self._pending += content
        return len(content)

    def run(self) -> None:
        """Draw, encode and send at the pace of the clock."""
        container = av.open(self, "w", format="webm", options={"live": "1", "cluster_time_limit": "500"})
        video = container.add_stream("libvpx", rate=FRAMES)
        video.width, video.height, video.pix_fmt, video.bit_rate = WIDTH, HEIGHT, "yuv420p", 700_000
        video.options = {"deadline": "realtime", "cpu-used": "10", "g": str(2 * FRAMES)}
        audio = container.add_stream("libopus", rate=48_000)
        audio.layout = "mono"
        self.began, sent_at, samples = time.time(), time.time(), 0
        for number in range(10**9):
            if self._stopping.is_set():
                break
            time.sleep(max(0.0, self.began + number / FRAMES - time.time()))
            frame = av.VideoFrame.from_image(_picture(number))
            frame.pts = number
            container.mux(video.encode(frame))
            while samples < (number + 1) * 48_000 // FRAMES:
                container.mux(audio.encode(_silence(samples)))
                samples += _SAMPLES
            if time.time() - sent_at >= SLICE_SECONDS:
                sent_at = time.time()
                self._send()
        container.mux(video.encode())
        container.close()
        self._send()

    def _send(self) -> None:
        body, self._pending = bytes(self._pending), bytearray()
        if not body:
            return  # on a busy machine the muxer may have written nothing yet
        seq = len(self.answers)
        begins = datetime.fromtimestamp(self.began, UTC).isoformat()
        headers = {"X-Chunk-Sha256": hashlib.sha256(body).hexdigest(), "X-Wall-Start": begins}
        headers |= {"Content-Type": "video/webm", **self.headers}
        address = self.address.replace("/chunks/0/", f"/chunks/{seq}/")
        request = urllib.request.Request(address, body, headers, method="PUT")
        asked = time.perf_counter()
        urllib.request.urlopen(request, timeout=30).close()
        self.answers.append(time.perf_counter() - asked)


def _picture(number: int) -> Image.Image:
    """Draw a moving scene below the clock."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), (40, 90, 60))
    draw = ImageDraw.Draw(picture)
    for line in range(BAR_HEIGHT, HEIGHT, 16):
        shade = 60 + (line * 7 + number * 3) % 120
        draw.rectangle([0, line, WIDTH, line + 8], fill=(shade, 110, 255 - shade))
    left = number * 5 % WIDTH
    draw.ellipse([left - 60, 200, left + 60, 320], fill=(220, 190, 80))
    stamp = int(time.time() * 1000) % 86_400_000
    for bit in range(BITS):
        is_white = stamp >> (BITS - 1 - bit) & 1
        fill = (255, 255, 255) if is_white else (0, 0, 0)
        draw.rectangle([bit * BAR, 0, (bit + 1) * BAR - 1, BAR_HEIGHT - 1], fill=fill)
    return picture


def _silence(pts: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout="mono", samples=_SAMPLES)
    frame.planes[0].update(bytes(2 * _SAMPLES))
    frame.sample_rate, frame.pts = 48_000, pts
    return frame


# In the page: reads the clock of every picture shown and keeps how old each was.
WATCH = f"""() => {{
    const video = document.querySelector("video");
    const canvas = document.createElement("canvas");
    canvas.width = {WIDTH};
    canvas.height = 1;
    const pen = canvas.getContext("2d", {{ willReadFrequently: true }});
    window.ages = [];
    window.firstAt = 0;
    const look = () => {{
        const scale = video.videoHeight / {HEIGHT};
        pen.drawImage(video, 0, {BAR_HEIGHT // 2} * scale, video.videoWidth, 1, 0, 0, {WIDTH}, 1);
        const row = pen.getImageData(0, 0, {WIDTH}, 1).data;
        let stamp = 0;
        for (let bit = 0; bit < {BITS}; bit++) {{
            stamp = stamp * 2 + (row[4 * ({BAR} * bit + {BAR // 2})] > 127 ? 1 : 0);
        }}
        window.firstAt ||= Date.now();
        const age = (Date.now() % 86400000) - stamp;
        if (age >= 0 && age < 60000) window.ages.push(age / 1000);
        video.requestVideoFrameCallback(look);
    }};
    video.requestVideoFrameCallback(look);
}}"""
