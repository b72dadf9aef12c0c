"""Watches by WHEP in a browser's place, on the event loop of the test."""

import asyncio
import urllib.parse
import urllib.request
from dataclasses import dataclass

from aiortc import RTCPeerConnection, RTCSessionDescription

_FORGERY_TOKEN = "a" * 32


@dataclass
class Viewer:
    """A login at one browser, by its session cookie."""

    url: str
    cookie: str

    def ask(self, method: str, url: str, body: str | None = None) -> tuple[str, str]:
        """Send one request; return its Location and its body."""
        headers = {"Cookie": f"{self.cookie}; csrftoken={_FORGERY_TOKEN}", "X-CSRFToken": _FORGERY_TOKEN}
        headers["Content-Type"] = "application/sdp"
        content = None if body is None else body.encode()
        request = urllib.request.Request(urllib.parse.urljoin(self.url, url), content, headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.headers.get("Location", ""), answer.read().decode()

    async def watch(self, pictures: int) -> tuple[str, list[tuple[int, int]]]:
        """Connect and look at some pictures, then be gone without a word; return where, and their sizes."""
        connection = RTCPeerConnection()
        tracks = []
        connection.on("track", tracks.append)
        place, offer = await asyncio.to_thread(self.ask, "POST", self.url, "")
        await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await connection.setLocalDescription(await connection.createAnswer())
        await asyncio.to_thread(self.ask, "PATCH", place, connection.localDescription.sdp)
        picture = next(track for track in tracks if track.kind == "video")
        frames = [await asyncio.wait_for(picture.recv(), 20) for _ in range(pictures)]
        await connection.close()
        return place, [(frame.width, frame.height) for frame in frames]
