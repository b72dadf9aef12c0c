"""The clock by WebRTC: a sender by WHIP and a viewer of Janus, each aiortc in a process of its own.

`python -m tests.bench.webrtc send URL SECRET` sends until it is ended;
`… watch OFFER-FILE ANSWER-FILE SECONDS` prints how old each frame was, one a line.
"""

import asyncio
import sys
import time
from pathlib import Path

from aiortc import RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from av import VideoFrame

from tests.bench.clock import HEIGHT, WIDTH, drawn, read
from tests.livestream.whip_client import AudioStreamTrack, ask


class Clock(VideoStreamTrack):
    """The clock, 30 times a second."""

    async def recv(self) -> VideoFrame:
        """Return the next frame when it is time for it."""
        pts, time_base = await self.next_timestamp()
        frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
        frame.planes[0].update(drawn(int(time.time() * 1000)))
        for plane in frame.planes[1:]:
            plane.update(b"\x80" * plane.buffer_size)
        frame.pts, frame.time_base = pts, time_base
        return frame


async def send(url: str, secret: str) -> None:
    """Connect and send."""
    connection = RTCPeerConnection()
    connection.addTrack(Clock())
    connection.addTrack(AudioStreamTrack())
    await connection.setLocalDescription(await connection.createOffer())
    _place, answer = await asyncio.to_thread(
        ask, "POST", url, secret, connection.localDescription.sdp.encode()
    )
    await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    await asyncio.Event().wait()


async def watch(offer: str, answer: str, seconds: str) -> None:
    """Answer an offer and look at what comes."""
    connection = RTCPeerConnection()
    tracks = []
    connection.on("track", tracks.append)
    await connection.setRemoteDescription(RTCSessionDescription(Path(offer).read_text(), "offer"))
    await connection.setLocalDescription(await connection.createAnswer())
    beside = Path(answer).with_suffix(".new")
    beside.write_text(connection.localDescription.sdp)
    beside.replace(answer)
    video = next(track for track in tracks if track.kind == "video")
    end = time.monotonic() + float(seconds)
    while time.monotonic() < end:
        frame = await video.recv()
        print(time.time() - read(frame), flush=True)


if __name__ == "__main__":
    asyncio.run({"send": send, "watch": watch}[sys.argv[1]](*sys.argv[2:]))
