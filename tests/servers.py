"""The real web server and the real worker, on the database, Redis and files of this test process."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from config import celery_app
from config.celery_app import HEARTBEAT_KEY
from tests import databases
from tests.lifelines import end_with_parent
from tests.personal import personal_in, personal_texts

_BIN = Path(sys.executable).parent
_START_SECONDS = 60


@dataclass(frozen=True)
class LiveSite:
    """A running site: `url` without the closing slash."""

    url: str


@pytest.fixture(scope="session")
def _server_environment(django_db_setup) -> dict[str, str]:
    """What a server needs to work on this test process's database, Redis and files."""
    name = settings.DATABASES["default"]["NAME"]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": databases.url_of(name),
        "PYTEST_XDIST_WORKER": settings.TEST_PROCESS,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "LOG_LEVEL": "INFO",  # as much as the real site logs
        "EVENTS_PORT": str(_free_port()),  # where `event_server` listens, if a test asks for it
    }


@pytest.fixture(scope="session")
def _web_server(_server_environment) -> Iterator[tuple[str, "Running"]]:
    port = _free_port()
    command = [str(_BIN / "gunicorn"), "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    url = f"http://127.0.0.1:{port}"
    with Running([*command, "--no-control-socket"], _server_environment) as running:
        _wait(running.process, lambda: urllib.request.urlopen(f"{url}/healthz", timeout=5).status == 200)
        yield url, running


@pytest.fixture(scope="session")
def signing_files() -> None:
    """Keys that sign certificates, in this process's folder; what they sign is trusted once published."""
    from certificates.services.keys import make_key_files  # Django may not be set up yet above

    make_key_files(bits=2048)


@pytest.fixture
def live_site(_web_server, transactional_db, signing_files) -> Iterator[LiveSite]:
    """The site under gunicorn on this test's committed rows; the database is put back afterwards.

    Its log may hold nothing personal.
    """
    url, running = _web_server
    running.new_lines()
    yield LiveSite(url)
    _assert_discreet(running)


@pytest.fixture(scope="session")
def _worker(_server_environment) -> Iterator["Running"]:
    command = [str(_BIN / "celery"), "--app", "config.celery_app", "--quiet", "worker", "--concurrency", "1"]
    celery_app.control.purge()  # rows that earlier tests named by number are others by now
    with Running([*command, "--loglevel", "INFO"], _server_environment) as running:
        yield running


@pytest.fixture
def celery_worker_process(_worker, transactional_db, signing_files) -> Iterator[subprocess.Popen[bytes]]:
    """A real `celery worker` that takes this test process's tasks. Its log may hold nothing personal."""
    _wait(_worker.process, lambda: cache.get(HEARTBEAT_KEY) is not None)
    _worker.new_lines()
    yield _worker.process
    _assert_discreet(_worker)


@pytest.fixture(scope="session")
def event_server(_server_environment) -> Iterator[LiveSite]:
    """The event server of live classes under uvicorn, on this test process's Redis."""
    port = _server_environment["EVENTS_PORT"]
    command = [str(_BIN / "uvicorn"), "config.asgi:application", "--host", "127.0.0.1", "--port", port]
    url = f"http://127.0.0.1:{port}"
    with Running([*command, "--lifespan", "on", "--log-level", "warning"], _server_environment) as running:
        is_up = lambda: urllib.request.urlopen(f"{url}/events/healthz", timeout=5).status == 200  # noqa: E731
        _wait(running.process, is_up)
        yield LiveSite(url)


def _assert_discreet(running: "Running") -> None:
    """Show what the server logged during the test, and fail when it logged something personal."""
    lines = running.new_lines()
    print("\n".join(lines))
    assert personal_in(lines, personal_texts()) == []


class Running:
    """Run a server as long as the block lasts, and no longer than this process; keeps what it says."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._command, self._environment = command, environment

    def __enter__(self) -> "Running":
        self._output = tempfile.TemporaryFile("w+b")
        self.process = subprocess.Popen(
            self._command,
            env=self._environment,
            cwd=settings.BASE_DIR,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            preexec_fn=end_with_parent,
        )
        self._read = 0
        return self

    def new_lines(self) -> list[str]:
        """Return what was said since this was asked last."""
        content = os.pread(self._output.fileno(), os.fstat(self._output.fileno()).st_size, 0)
        new, self._read = content[self._read :], len(content)
        return new.decode(errors="replace").splitlines()

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        self._output.close()


def _wait(process: subprocess.Popen[bytes], is_up: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"{process.args} ended with {process.returncode}"
        try:
            if is_up():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{process.args} did not come up in {_START_SECONDS} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
