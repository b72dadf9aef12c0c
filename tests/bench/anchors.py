"""Where a remark lands in the finished recording: its moment by the clock against the clock in the picture.

Two parts with half a minute missing between them, cut off in the middle as by a dead phone. Part of `live`.
"""

import io
from collections.abc import Iterator
from datetime import timedelta

import av
from django.utils import timezone

from livestream import raw
from livestream.models import LiveSession, RecordingBuild
from livestream.services import Declared, build_recording, finish
from livestream.timeline import vod_seconds
from tests.bench.clock import HEIGHT, RATE, WIDTH, drawn, read
from tests.bench.run import Figure, figure
from tests.factories.media import pieces, send

SECONDS, GAP = 12, 30


def measure_anchors(session: LiveSession) -> Iterator[Figure]:
    """Record, build, and look up the moment of every picture on both sides of the gap."""
    first = timezone.now().replace(microsecond=0) - timedelta(minutes=5)
    second = first + timedelta(seconds=SECONDS + GAP)
    for number, begin in enumerate((first, second)):
        film = _film(begin.timestamp())
        send(session, number, pieces(film, SECONDS), wall_start=begin, now=timezone.now())
    finish(session=session, parts=[Declared(number, SECONDS) for number in range(2)])
    build_recording(build=RecordingBuild.objects.get(session=session))
    parts = list(session.parts.order_by("number"))
    file = raw.session_folder(session.uid) / session.renditions.get(kind="mp4").path
    errors = {False: [0.0], True: [0.0]}
    with av.open(str(file)) as container:
        for frame in container.decode(video=0):
            said = read(frame)
            moment = first + timedelta(seconds=said - first.timestamp())
            errors[moment >= second].append(abs(vod_seconds(parts, moment) - frame.time))
    for is_after, name in ((False, "before"), (True, "after")):
        found = errors[is_after]
        yield figure(f"anchor: error {name} a gap, worst", max(found), "s", against=1, n=len(found) - 1)


def _film(begin: float) -> bytes:
    """Draw pictures whose clock runs from `begin`, as a phone's recorder writes them."""
    target = io.BytesIO()
    with av.open(target, "w", format="webm") as container:
        video = container.add_stream("libvpx", rate=RATE)
        video.width, video.height, video.pix_fmt, video.bit_rate = WIDTH, HEIGHT, "yuv420p", 700_000
        video.options = {"deadline": "realtime", "cpu-used": "10", "g": str(2 * RATE)}
        for number in range(SECONDS * RATE):
            frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
            frame.planes[0].update(drawn(int(1000 * (begin + number / RATE))))
            for plane in frame.planes[1:]:
                plane.update(b"\x80" * plane.buffer_size)
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode())
    return target.getvalue()
