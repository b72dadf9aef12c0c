"""The real web server and the real worker, on the database, Redis and files of this test process."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from config.celery_app import HEARTBEAT_KEY
from tests import databases

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
    }


@pytest.fixture(scope="session")
def _web_server(_server_environment) -> Iterator[str]:
    port = _free_port()
    command = [str(_BIN / "gunicorn"), "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    url = f"http://127.0.0.1:{port}"
    with Running([*command, "--no-control-socket"], _server_environment) as process:
        _wait(process, lambda: urllib.request.urlopen(f"{url}/healthz", timeout=5).status == 200)
        yield url


@pytest.fixture
def live_site(_web_server, transactional_db) -> LiveSite:
    """The site under gunicorn on this test's committed rows; the database is put back afterwards."""
    return LiveSite(_web_server)


@pytest.fixture(scope="session")
def _worker(_server_environment) -> Iterator[subprocess.Popen[bytes]]:
    command = [str(_BIN / "celery"), "--app", "config.celery_app", "--quiet", "worker", "--concurrency", "1"]
    with Running([*command, "--loglevel", "WARNING"], _server_environment) as process:
        yield process


@pytest.fixture
def celery_worker_process(_worker, transactional_db) -> subprocess.Popen[bytes]:
    """A real `celery worker` that takes this test process's tasks."""
    _wait(_worker, lambda: cache.get(HEARTBEAT_KEY) is not None)
    return _worker


class Running:
    """Run a server as long as the block lasts; its output is shown when the test fails."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._start = lambda: subprocess.Popen(
            command, env=environment, cwd=settings.BASE_DIR, start_new_session=True, stdin=subprocess.DEVNULL
        )

    def __enter__(self) -> subprocess.Popen[bytes]:
        self._process = self._start()
        return self._process

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)


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
