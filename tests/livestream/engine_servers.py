"""The real nginx-rtmp and Janus beside the real web server, one of each a test process; and senders."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test.utils import override_settings

from livestream.engines import LiveEngine, engine_named
from livestream.management.commands.render_media_config import start_command
from livestream.models import IngestAttempt, LiveSession
from registry.private_files import private_storage
from tests.lifelines import end_with_parent
from tests.servers import Running

_WHIP_CLIENT = Path(__file__).with_name("whip_client.py")


def wait_until(happens: Callable[[], object], seconds: float = 20) -> float:
    """Wait for something another process does; return after how many seconds it was there."""
    begin = time.monotonic()
    while not happens():
        if time.monotonic() - begin > seconds:
            raise AssertionError(f"did not happen in {seconds} s")
        time.sleep(0.05)
    return time.monotonic() - begin


class EngineServer:
    """A running engine of the site at `site_url`; `kill` ends it without a word."""

    def __init__(self, name: str, site_url: str, folder: Path) -> None:
        self.engine: LiveEngine = engine_named(name)
        self._command = start_command(name, folder / name).split()
        with override_settings(LIVE_HOOK_URL=site_url):
            call_command("render_media_config", folder=folder, verbosity=0)
        Path(private_storage().path("live/engines/nginx-rtmp")).mkdir(parents=True, exist_ok=True)
        self._running: Running | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._running = Running(self._command, {"PATH": "/usr/sbin:/usr/bin:/bin"})
        self._running.__enter__()
        wait_until(lambda: self.engine.health().is_up)

    @property
    def pid(self) -> int:
        """The number of its first process."""
        return self._running.process.pid

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self._running:
            self._running.__exit__()
            self._running = None

    def kill(self) -> None:
        """Kill all of its processes with -9 and wait until they are gone."""
        first = psutil.Process(self._running.process.pid)
        everybody = [first, *first.children(recursive=True)]
        for process in everybody:
            process.kill()
        psutil.wait_procs(everybody, timeout=10)
        self.stop()


@pytest.fixture(scope="session")
def _rtmp_server(_web_server, tmp_path_factory) -> Iterator[EngineServer]:
    server = EngineServer("nginx-rtmp", _web_server[0], tmp_path_factory.mktemp("engines"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _janus_server(_web_server, tmp_path_factory) -> Iterator[EngineServer]:
    server = EngineServer("janus", _web_server[0], tmp_path_factory.mktemp("engines"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def rtmp(_rtmp_server, live_site) -> EngineServer:
    """The real nginx-rtmp, asking this test's site."""
    return _rtmp_server


@pytest.fixture
def janus(_janus_server, live_site) -> EngineServer:
    """The real Janus, telling this test's site."""
    return _janus_server


@dataclass
class Senders:
    """Starts senders as processes of their own and ends them with the test."""

    site_url: str

    def __post_init__(self) -> None:
        self._started: list[subprocess.Popen[str]] = []

    def rtmp(self, session: LiveSession, secret: str) -> subprocess.Popen[str]:
        """Send a small moving picture and a tone by ffmpeg."""
        base = settings.LIVE_ENGINES["nginx-rtmp"]["rtmp_url"]
        url = f"{base}/{session.uid.hex}?{urlencode({'key': secret})}"
        picture = [
            "-f",
            "lavfi",
            "-i",
            "testsrc=size=160x120:rate=10",
            "-f",
            "lavfi",
            "-i",
            "sine=sample_rate=16000",
        ]
        coding = [
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-tune",
            "zerolatency",
            "-g",
            "10",
            "-c:a",
            "aac",
        ]
        return self._start(
            ["ffmpeg", "-v", "error", "-re", *picture, *coding, "-threads", "1", "-f", "flv", url]
        )

    def whip(self, session: LiveSession, secret: str) -> subprocess.Popen[str]:
        """Send a small moving picture and silence by WebRTC."""
        url = f"{self.site_url}/rehearse/whip/{session.uid}/"
        return self._start([sys.executable, "-W", "ignore", str(_WHIP_CLIENT), url, secret])

    def end(self) -> None:
        """Kill whoever still sends, frozen or not, and let the site hear of it before its rows go."""
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdout.close()
        with contextlib.suppress(AssertionError):
            wait_until(lambda: not IngestAttempt.objects.filter(ended_at=None).exists(), seconds=3)

    def _start(self, command: list[str]) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=end_with_parent,
        )
        self._started.append(process)
        return process


@pytest.fixture
def senders(live_site) -> Iterator[Senders]:
    """Who sends in this test."""
    started = Senders(live_site.url)
    yield started
    started.end()


def freeze(process: subprocess.Popen[str]) -> None:
    """Stop a process where it is: its connection stays open and says nothing."""
    process.send_signal(signal.SIGSTOP)
