"""nginx-rtmp and Janus beside the site: latency a frame, loss after kills, start, CPU, HLS requests a second.

Against the demands of a livestream for coaching: 0.5 / 1 s eye to eye, 6 s for a class, 1 s lost at a kill.
"""

import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode, urljoin

import psutil
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from livestream import raw
from livestream.agent.stream import StreamWorker
from livestream.models import LiveSession
from livestream.services.credentials import issue_credential
from livestream.services.sessions import end_session
from livestream.signing import media_base
from tests.bench.clock import RtmpSender, last_clock, latencies
from tests.bench.run import Figure, figure
from tests.bench.server import served
from tests.factories.livestream import make_class_session
from tests.livestream.engine_servers import EngineServer, wait_until

_WATCHED_SECONDS = 8
_COPIES = 10


def measure() -> Iterator[Figure]:
    """Measure one engine after the other."""
    with served() as site, tempfile.TemporaryDirectory() as folder:
        for name, figures in (("nginx-rtmp", _of_rtmp), ("janus", _of_janus)):
            server = EngineServer(name, site, Path(folder))
            server.start()
            try:
                yield from figures(server, site, Path(folder))
            finally:
                server.stop()


def _of_rtmp(server: EngineServer, site: str, folder: Path) -> Iterator[Figure]:
    with _session() as session:
        yield from _while_sending(server, session)
        yield from _when_killed(server, session)
    yield from _of_copies(server, folder)
    yield from _of_requests(server, site, folder)


def _while_sending(server: EngineServer, session: LiveSession) -> Iterator[Figure]:
    sender = _rtmp_sender(server, session)
    yield figure("rtmp: publish to accepted", wait_until(lambda: _is(session, "live")), "s")
    hls = server.engine.hls_address(session, timezone.now())
    wait_until(lambda: ".ts" in requests.get(hls, timeout=5).text)
    yield figure("rtmp: publish to first HLS as it comes", time.time() - sender.began_at, "s", against=6)
    worker = StreamWorker(session)
    asked_at = time.time()
    worker.start()
    ladder = worker.folder / "240p" / "live.m3u8"
    wait_until(lambda: ladder.exists() and "#EXTINF" in ladder.read_text(), 40)
    yield figure("rtmp: watched to first segment of the ladder", time.time() - asked_at, "s", against=6)
    _credential, secret = issue_credential(session=session, purpose="play")
    play = f"{server.engine.rtmp_url}/{session.uid.hex}?{urlencode({'key': secret})}"
    yield from _latency(
        "rtmp play", latencies(play, _WATCHED_SECONDS, rtmp_live="live", fflags="nobuffer"), 6
    )
    yield from _latency("rtmp to HLS as it comes", latencies(hls, _WATCHED_SECONDS, live_start_index="-2"), 6)
    wait_until(lambda: ladder.read_text().count("#EXTINF") > 3, 40)
    yield from _latency(
        "rtmp to ladder 240p", latencies(str(ladder), _WATCHED_SECONDS, live_start_index="-2"), 6
    )
    worker.stop()
    worker.join()
    sender.end()


def _when_killed(server: EngineServer, session: LiveSession) -> Iterator[Figure]:
    wait_until(lambda: _is(session, "interrupted"))
    sender = _rtmp_sender(server, session)
    wait_until(lambda: _is(session, "live"))
    yield figure("rtmp: back on air within grace", time.time() - sender.began_at, "s", against=5)
    time.sleep(4)
    sender.process.kill()
    killed_at = time.time()
    yield figure(
        "rtmp: killed sender noticed", wait_until(lambda: _is(session, "interrupted")), "s", against=12
    )
    yield figure(
        "rtmp: lost when the sender is killed", killed_at - _recorded_until(server, session), "s", against=1
    )
    sender = _rtmp_sender(server, session)
    wait_until(lambda: _is(session, "live"))
    time.sleep(4)
    sender.process.send_signal(signal.SIGSTOP)
    yield figure(
        "rtmp: frozen sender noticed", wait_until(lambda: _is(session, "interrupted"), 30), "s", against=12
    )
    sender.end()
    sender = _rtmp_sender(server, session)
    wait_until(lambda: _is(session, "live"))
    time.sleep(4)
    killed_at = time.time()
    server.kill()
    yield figure(
        "rtmp: lost when nginx is killed", killed_at - _recorded_until(server, session), "s", against=1
    )
    sender.end()
    server.start()


def _of_copies(server: EngineServer, folder: Path) -> Iterator[Figure]:
    film = folder / "film.flv"
    drawn = [
        "-f",
        "lavfi",
        "-i",
        "testsrc=size=360x640:rate=20",
        "-f",
        "lavfi",
        "-i",
        "sine=sample_rate=16000",
    ]
    coding = ["-t", "10", "-c:v", "libx264", "-preset", "veryfast", "-b:v", "800k", "-g", "40", "-c:a", "aac"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *drawn, *coding, str(film)], check=True)
    with _sessions(_COPIES) as sessions:
        senders = [
            subprocess.Popen(
                [
                    "ffmpeg",
                    "-v",
                    "quiet",
                    "-re",
                    "-stream_loop",
                    "-1",
                    "-i",
                    str(film),
                    "-c",
                    "copy",
                    "-f",
                    "flv",
                    _rtmp_address(server, session),
                ]
            )
            for session in sessions
        ]
        wait_until(lambda: len(server.engine.list_active()) == _COPIES, 60)
        before, began = _cpu(server), time.monotonic()
        time.sleep(_WATCHED_SECONDS)
        share = (_cpu(server) - before) / (time.monotonic() - began) / _COPIES
        for sender in senders:
            sender.kill()
            sender.wait()
    yield figure("rtmp: CPU a sender, recorded and as HLS", share * 100, "% of a core", against=2, n=_COPIES)


def _of_requests(server: EngineServer, site: str, folder: Path) -> Iterator[Figure]:
    """Ask for one small segment again and again, over TLS and behind signed addresses."""
    if shutil.which("wrk") is None:
        print("wrk is not installed: HLS requests a second are not measured", file=sys.stderr)
        return
    server.stop()
    engine = server.engine
    engine.certificate, engine.certificate_key = _certificate(folder)
    tls = EngineServer("nginx-rtmp", site, folder)
    tls.start()
    session = uuid.uuid4()
    segment = raw.live_folder(session) / "240p" / "r1-00000.ts"
    segment.parent.mkdir(parents=True)
    segment.write_bytes(b"x" * 80_000)
    try:
        signed = media_base(session, timezone.now())
        address = urljoin(engine.hls_url.replace("http:", "https:"), f"{signed}hls/240p/r1-00000.ts")
        assert requests.get(address, timeout=5, verify=False).status_code == 200
        before, began = _cpu(tls), time.monotonic()
        said = subprocess.run(
            ["wrk", "-t", "1", "-c", "100", "-d", "6s", address], capture_output=True, text=True, check=True
        ).stdout
        share = (_cpu(tls) - before) / (time.monotonic() - began)
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
    finally:
        tls.stop()
        shutil.rmtree(raw.session_folder(session))
        engine.certificate = engine.certificate_key = ""
    yield figure("HLS over TLS, signed: requests", rate, "1/s", size="80 kB")
    yield figure("HLS over TLS, signed: requests a core", rate / share, "1/s", against=10_000, size="80 kB")


def _of_janus(server: EngineServer, site: str, folder: Path) -> Iterator[Figure]:
    with _session() as session:
        _credential, secret = issue_credential(session=session)
        whip = [sys.executable, "-W", "ignore", "-m", "tests.bench.webrtc"]
        url = f"{site}/rehearse/whip/{session.uid}/"
        began = time.time()
        sender = subprocess.Popen([*whip, "send", url, secret])
        wait_until(lambda: _is(session, "live"))
        yield figure("janus: start to accepted, with Python's own start", time.time() - began, "s")
        wait_until(lambda: session.media_events.filter(type="publish").exists())
        time.sleep(2)
        yield from _latency("janus WebRTC", _watched(server, session, whip, folder), 0.5, worst=1.0)
        before, measured_from = _cpu(server), time.monotonic()
        time.sleep(5)
        share = (_cpu(server) - before) / (time.monotonic() - measured_from)
        yield figure("janus: CPU a sender, recorded", share * 100, "% of a core")
        sender.kill()
        killed_at = time.time()
        noticed = wait_until(lambda: _is(session, "interrupted"))
        yield figure("janus: killed sender noticed", noticed, "s", against=12)
        kept = server.engine.finalise(session)[-1].files[0]
        yield figure("janus: lost when the sender is killed", killed_at - last_clock(kept), "s", against=1)


def _watched(server: EngineServer, session: LiveSession, whip: list[str], folder: Path) -> list[float]:
    viewer = server.engine.connect()
    offer, answer = folder / "offer", folder / "answer"
    offer.write_text(server.engine.subscribe(viewer, session))
    watching = subprocess.Popen(
        [*whip, "watch", str(offer), str(answer), str(_WATCHED_SECONDS)], stdout=subprocess.PIPE, text=True
    )
    wait_until(answer.exists)
    server.engine.start(viewer, answer.read_text())
    said, _none = watching.communicate(timeout=60)
    server.engine.disconnect(viewer, "measured")
    return [float(line) for line in said.splitlines()]


def _latency(name: str, found: list[float], most: float, *, worst: float | None = None) -> Iterator[Figure]:
    ordered = sorted(found)
    yield figure(
        f"{name}: glass to glass, p50", statistics.median(ordered), "s", against=most, n=len(ordered)
    )
    p95 = ordered[int(len(ordered) * 0.95)]
    yield figure(f"{name}: glass to glass, p95", p95, "s", against=worst or most, n=len(ordered))


def _rtmp_address(server: EngineServer, session: LiveSession) -> str:
    _credential, secret = issue_credential(session=session)
    return f"{server.engine.rtmp_url}/{session.uid.hex}?{urlencode({'key': secret})}"


def _rtmp_sender(server: EngineServer, session: LiveSession) -> RtmpSender:
    return RtmpSender(_rtmp_address(server, session))


def _is(session: LiveSession, state: str) -> bool:
    return LiveSession.objects.filter(pk=session.pk, state=state).exists()


def _recorded_until(server: EngineServer, session: LiveSession) -> float:
    return last_clock(server.engine.raw_assets(session)[-1].files[0])


def _cpu(server: EngineServer) -> float:
    """Return the seconds of CPU the server and its workers have used."""
    first = psutil.Process(server.pid)
    times = [process.cpu_times() for process in [first, *first.children(recursive=True)]]
    return sum(each.user + each.system for each in times)


@contextmanager
def _session() -> Iterator[LiveSession]:
    with _sessions(1) as sessions:
        yield sessions[0]


@contextmanager
def _sessions(number: int) -> Iterator[list[LiveSession]]:
    """Make classes to send into: nobody has to agree to them. End them and remove their media afterwards."""
    sessions = [make_class_session("ready", created_at=timezone.now()) for _ in range(number)]
    try:
        yield sessions
    finally:
        for session in sessions:
            end_session(session=session)
            raw.remove_all(session.uid)


def _certificate(folder: Path) -> tuple[str, str]:
    """Make a certificate for this machine alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1)
    )
    (folder / "tls.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "tls.key").write_bytes(private)
    return str(folder / "tls.pem"), str(folder / "tls.key")
