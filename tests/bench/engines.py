"""nginx-rtmp beside the site: latency a frame, loss after kills, start, refusals, CPU, HLS requests a second.

Against the demands of a livestream for a class: 6 s glass to glass, 1 s lost at a kill. Part of `live`.
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
from livestream.services.credentials import issue_credential, revoke_credentials
from livestream.services.sessions import end_session
from livestream.signing import media_base
from tests.bench.clock import RtmpSender, last_clock, latencies
from tests.bench.run import Figure, figure
from tests.bench.server import served
from tests.factories.livestream import make_class_session
from tests.livestream.engine_servers import EngineServer, wait_until

WATCHED_SECONDS = 8
_COPIES = 10


def measure() -> Iterator[Figure]:
    """Measure nginx-rtmp."""
    with tempfile.TemporaryDirectory() as folder:
        refused = _refused_without_site(Path(folder))
        with served() as site:
            server = EngineServer("nginx-rtmp", site, Path(folder))
            server.start()
            try:
                refused += _refused_by_key(server)
                yield figure(
                    "rtmp: refused (wrong, expired, revoked key; site away)",
                    25 * refused,
                    "%",
                    against=100,
                    n=4,
                )
                yield from _of_rtmp(server, site, Path(folder))
            finally:
                server.stop()


def bad_secrets(session: LiveSession) -> list[str]:
    """Return secrets that let nobody in: made up, run out, taken back."""
    yesterday = timezone.now() - timedelta(days=1)
    _credential, expired = issue_credential(session=session, now=yesterday)
    _credential, revoked = issue_credential(session=session)
    revoke_credentials(session=session)
    return ["made-up", expired, revoked]


def _refused_by_key(server: EngineServer) -> int:
    with one_session() as session:
        secrets = bad_secrets(session)
        return sum(_is_refused(server, session, secret) for secret in secrets)


def _refused_without_site(folder: Path) -> int:
    """Offer a good key while the site that would have to say so is away."""
    alone = EngineServer("nginx-rtmp", "http://127.0.0.1:9", folder / "alone")
    alone.start()
    try:
        with one_session() as session:
            _credential, secret = issue_credential(session=session)
            return int(_is_refused(alone, session, secret))
    finally:
        alone.stop()


def _is_refused(server: EngineServer, session: LiveSession, secret: str) -> bool:
    sender = RtmpSender(f"{server.engine.rtmp_url}/{session.uid.hex}?{urlencode({'key': secret})}")
    try:
        sender.process.wait(15)
    except subprocess.TimeoutExpired:
        return False
    finally:
        sender.end()
    return is_in(session, "ready") and server.engine.list_active() == []


def _of_rtmp(server: EngineServer, site: str, folder: Path) -> Iterator[Figure]:
    with one_session() as session:
        yield from _while_sending(server, session)
        yield from _when_killed(server, session)
    yield from _of_copies(server, folder)
    yield from _of_requests(server, site, folder)


def _while_sending(server: EngineServer, session: LiveSession) -> Iterator[Figure]:
    sender = _rtmp_sender(server, session)
    yield figure("rtmp: publish to accepted", wait_until(lambda: is_in(session, "live")), "s")
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
    yield from latency("rtmp play", latencies(play, WATCHED_SECONDS, rtmp_live="live", fflags="nobuffer"), 6)
    yield from latency("rtmp to HLS as it comes", latencies(hls, WATCHED_SECONDS, live_start_index="-2"), 6)
    wait_until(lambda: ladder.read_text().count("#EXTINF") > 3, 40)
    yield from latency(
        "rtmp to ladder 240p", latencies(str(ladder), WATCHED_SECONDS, live_start_index="-2"), 6
    )
    worker.stop()
    worker.join()
    sender.end()


def _when_killed(server: EngineServer, session: LiveSession) -> Iterator[Figure]:
    wait_until(lambda: is_in(session, "interrupted"))
    sender = _rtmp_sender(server, session)
    wait_until(lambda: is_in(session, "live"))
    yield figure("rtmp: back on air within grace", time.time() - sender.began_at, "s", against=5)
    time.sleep(4)
    sender.process.kill()
    killed_at = time.time()
    yield figure(
        "rtmp: killed sender noticed", wait_until(lambda: is_in(session, "interrupted")), "s", against=12
    )
    yield figure(
        "rtmp: lost when the sender is killed", killed_at - _recorded_until(server, session), "s", against=1
    )
    sender = _rtmp_sender(server, session)
    wait_until(lambda: is_in(session, "live"))
    time.sleep(4)
    sender.process.send_signal(signal.SIGSTOP)
    yield figure(
        "rtmp: frozen sender noticed", wait_until(lambda: is_in(session, "interrupted"), 30), "s", against=12
    )
    sender.end()
    sender = _rtmp_sender(server, session)
    wait_until(lambda: is_in(session, "live"))
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
        before, began = cpu_of(server), time.monotonic()
        time.sleep(WATCHED_SECONDS)
        share = (cpu_of(server) - before) / (time.monotonic() - began) / _COPIES
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
        before, began = cpu_of(tls), time.monotonic()
        said = subprocess.run(
            ["wrk", "-t", "1", "-c", "100", "-d", "6s", address], capture_output=True, text=True, check=True
        ).stdout
        share = (cpu_of(tls) - before) / (time.monotonic() - began)
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
    finally:
        tls.stop()
        shutil.rmtree(raw.session_folder(session))
        engine.certificate = engine.certificate_key = ""
    yield figure("HLS over TLS, signed: requests", rate, "1/s", size="80 kB")
    yield figure("HLS over TLS, signed: requests a core", rate / share, "1/s", against=10_000, size="80 kB")


def latency(name: str, found: list[float], most: float, *, worst: float | None = None) -> Iterator[Figure]:
    """Yield the median and the slowest twentieth of how old frames were."""
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


def is_in(session: LiveSession, state: str) -> bool:
    """Tell whether a session is in a state now."""
    return LiveSession.objects.filter(pk=session.pk, state=state).exists()


def _recorded_until(server: EngineServer, session: LiveSession) -> float:
    return last_clock(server.engine.raw_assets(session)[-1].files[0])


def cpu_of(server: EngineServer) -> float:
    """Return the seconds of CPU the server and its workers have used."""
    first = psutil.Process(server.pid)
    times = [process.cpu_times() for process in [first, *first.children(recursive=True)]]
    return sum(each.user + each.system for each in times)


@contextmanager
def one_session() -> Iterator[LiveSession]:
    """Make a class to send into, for as long as the block lasts."""
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
