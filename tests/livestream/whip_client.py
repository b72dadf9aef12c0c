"""Sends a moving picture and silence by WHIP until it is ended: `whip_client.py URL SECRET`.

Prints the Location of its connection, then each state of the connection, one a line. On SIGTERM it takes
leave with a DELETE.
"""

import asyncio
import signal
import sys
import urllib.parse
import urllib.request

from aiortc import AudioStreamTrack, RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from av import VideoFrame


class Picture(VideoStreamTrack):
    """A grey that grows lighter, frame by frame."""

    async def recv(self) -> VideoFrame:
        """Return the next frame when it is time for it."""
        pts, time_base = await self.next_timestamp()
        frame = VideoFrame(160, 120, "yuv420p")
        for number, plane in enumerate(frame.planes):
            plane.update(bytes([pts // 3000 % 200 if number == 0 else 128]) * plane.buffer_size)
        frame.pts, frame.time_base = pts, time_base
        return frame


def ask(method: str, url: str, secret: str, body: bytes | None = None) -> tuple[str, str]:
    """Send one request; return its Location and its body."""
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/sdp"}
    request = urllib.request.Request(url, body, headers, method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.headers.get("Location", ""), answer.read().decode()


async def send(url: str, secret: str) -> None:
    """Connect, and send until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    connection = RTCPeerConnection()
    connection.addTrack(Picture())
    connection.addTrack(AudioStreamTrack())
    connection.on("connectionstatechange", lambda: print(connection.connectionState, flush=True))
    await connection.setLocalDescription(await connection.createOffer())
    offer = connection.localDescription.sdp.encode()
    location, answer = await asyncio.to_thread(ask, "POST", url, secret, offer)
    print(location, flush=True)
    await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    await stop.wait()
    await asyncio.to_thread(ask, "DELETE", urllib.parse.urljoin(url, location), secret)
    await connection.close()


if __name__ == "__main__":
    asyncio.run(send(*sys.argv[1:]))
