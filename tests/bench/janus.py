"""Janus beside the site: latency a frame, start, loss after kills, refusals, CPU a sender and a viewer.

Against the demands of coaching eye to eye: 0.5 / 1 s glass to glass, 1 s lost at a kill. Part of `live`.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from livestream.models import LiveSession
from livestream.services.credentials import issue_credential
from livestream.services.ingest import reconcile_engine
from tests.bench.clock import last_clock
from tests.bench.engines import WATCHED_SECONDS, bad_secrets, cpu_of, is_in, latency, one_session
from tests.bench.run import Figure, figure
from tests.bench.server import served
from tests.livestream.engine_servers import EngineServer, wait_until

_VIEWERS = 4
_WEBRTC = [sys.executable, "-W", "ignore", "-m", "tests.bench.webrtc"]


def measure() -> Iterator[Figure]:
    """Measure Janus."""
    with served() as site, tempfile.TemporaryDirectory() as folder:
        server = EngineServer("janus", site, Path(folder))
        server.start()
        try:
            yield from _refusals(site)
            with one_session() as session:
                yield from _while_sending(server, site, session, Path(folder))
                yield from _when_killed(server, site, session)
        finally:
            server.stop()


def _refusals(site: str) -> Iterator[Figure]:
    with one_session() as session:
        headers = {"Content-Type": "application/sdp"}
        answers = [
            requests.post(
                f"{site}/rehearse/whip/{session.uid}/",
                "v=0",
                headers={**headers, "Authorization": f"Bearer {secret}"},
                timeout=10,
            ).status_code
            for secret in bad_secrets(session)
        ]
    share = 100 * answers.count(401) / len(answers)
    yield figure("janus: refused (wrong, expired, revoked key)", share, "%", against=100, n=len(answers))


def _while_sending(server: EngineServer, site: str, session: LiveSession, folder: Path) -> Iterator[Figure]:
    began = time.time()
    with _sender(site, session) as sender:
        wait_until(lambda: is_in(session, "live"))
        yield figure("janus: start to accepted, with Python's own start", time.time() - began, "s")
        wait_until(lambda: session.media_events.filter(type="publish").exists())
        time.sleep(2)
        viewing = _viewers(server, session, folder, 1)
        yield from latency("janus WebRTC", _seen(server, *viewing[0]), 0.5, worst=1.0)
        alone = _share(server)
        yield figure("janus: CPU a sender, recorded", alone * 100, "% of a core")
        viewing = _viewers(server, session, folder, _VIEWERS)
        each = (_share(server) - alone) / _VIEWERS
        for one in viewing:
            _seen(server, *one)
        yield figure("janus: CPU a viewer", each * 100, "% of a core", n=_VIEWERS)
        yield figure(
            "janus: viewers a core", 1 / max(each, 0.001), "", against=80, size="320x240, 30 a second"
        )
        sender.kill()
        killed_at = time.time()
        noticed = wait_until(lambda: is_in(session, "interrupted"))
    yield figure("janus: killed sender noticed", noticed, "s", against=12)
    yield figure(
        "janus: lost when the sender is killed", killed_at - _kept_until(server, session), "s", against=1
    )


def _when_killed(server: EngineServer, site: str, session: LiveSession) -> Iterator[Figure]:
    with _sender(site, session):
        wait_until(lambda: is_in(session, "live"))
        time.sleep(5)
        server.kill()
        killed_at = time.time()
    yield figure("janus: lost when Janus is killed", killed_at - _kept_until(server, session), "s", against=1)
    server.start()
    reconcile_engine(engine=server.engine)
    began = time.time()
    with _sender(site, session):
        wait_until(lambda: is_in(session, "live"))
        yield figure(
            "janus: back on air after that, with Python's own start", time.time() - began, "s", against=5
        )


@contextmanager
def _sender(site: str, session: LiveSession) -> Iterator[subprocess.Popen[bytes]]:
    _credential, secret = issue_credential(session=session)
    process = subprocess.Popen([*_WEBRTC, "send", f"{site}/rehearse/whip/{session.uid}/", secret])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _viewers(
    server: EngineServer, session: LiveSession, folder: Path, number: int
) -> list[tuple[str, subprocess.Popen[str]]]:
    """Let so many watch; they print how old each picture is."""
    viewing = []
    for count in range(number):
        name = server.engine.connect()
        offer, answer = folder / f"offer-{count}", folder / f"answer-{count}"
        answer.unlink(missing_ok=True)
        offer.write_text(server.engine.subscribe(name, session))
        command = [*_WEBRTC, "watch", str(offer), str(answer), str(WATCHED_SECONDS)]
        viewing.append((name, subprocess.Popen(command, stdout=subprocess.PIPE, text=True)))
        wait_until(answer.exists)
        server.engine.start(name, answer.read_text())
    return viewing


def _seen(server: EngineServer, name: str, viewer: subprocess.Popen[str]) -> list[float]:
    said, _none = viewer.communicate(timeout=60)
    server.engine.disconnect(name, "measured")
    return [float(line) for line in said.splitlines()]


def _share(server: EngineServer) -> float:
    before, began = cpu_of(server), time.monotonic()
    time.sleep(5)
    return (cpu_of(server) - before) / (time.monotonic() - began)


def _kept_until(server: EngineServer, session: LiveSession) -> float:
    return last_clock(server.engine.finalise(session)[-1].files[0])
