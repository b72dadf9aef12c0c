"""`make run`: what it refuses in one line, and that it starts and stops as a whole."""

import contextlib
import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from config import run as site
from tests.lifelines import end_with_parent

RUN = [sys.executable, "-m", "config.run"]


def environment(home):
    ours = {"DATABASE_URL", "REDIS_URL", "CUNBO_POSTGRES", "PYTEST_XDIST_WORKER"}
    kept = {k: v for k, v in os.environ.items() if k not in ours}
    return {**kept, "CUNBO_LOCAL": str(home), "DJANGO_SETTINGS_MODULE": "config.settings.test"}


def refused(home, *arguments):
    done = subprocess.run(
        [*RUN, *arguments],
        env=environment(home),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr


def test_run_says_that_the_port_is_taken(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        line = refused(tmp_path, "--port", str(port))

    assert (
        line
        == f"Port {port} cannot be used (Address already in use); choose another: make run PORT={port ^ 1}\n"
    )


@pytest.mark.parametrize("port", ["0", "65536", "eight", "-1"])
def test_run_says_that_the_port_is_none(tmp_path, port):
    assert (
        refused(tmp_path, f"--port={port}") == f"PORT={port} is not a port: give a number from 1 to 65535.\n"
    )


def test_run_says_that_the_disk_is_full(monkeypatch):
    monkeypatch.setattr(site, "_LEAST_FREE_BYTES", 10**18)

    with pytest.raises(site.StartRefusedError, match=r"^The disk is full: \d+ MB free, \d+ MB needed.$"):
        site._check_disk()


class Site:
    """A running `make run`, its output collected."""

    def __init__(self, home, port):
        self.home, self.port, self.lines = home, port, []
        self.process = subprocess.Popen(
            [*RUN, "--port", str(port)],
            env=environment(home),
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
        self._reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True)
        self._reader.start()

    def wait_for(self, pattern, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if any(re.search(pattern, line) for line in self.lines):
                return
            assert self.process.poll() is None, "".join(self.lines)
            time.sleep(0.2)
        raise AssertionError(f"no {pattern!r} in {seconds} s:\n{''.join(self.lines)}")

    def wait_until_ready(self, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.2)
        raise AssertionError("".join(self.lines))

    def wait_for_workers_beside(self, killed, seconds):
        deadline = time.monotonic() + seconds
        while not set(workers_of(self.home)) - set(killed):
            assert time.monotonic() < deadline, "".join(self.lines)
            time.sleep(0.2)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        self._reader.join(5)
        self.process.stdout.close()
        return code


def started_by(home):
    """Return the processes that a run in `home` started, its servers included."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(home) in " ".join(process.cmdline()) or process.environ().get("CUNBO_RUN") == str(home):
                found.append(process)
        except psutil.Error:
            continue
    return found


def command_of(process):
    try:
        return process.cmdline()
    except psutil.Error:  # it has ended meanwhile
        return []


def workers_of(home):
    return [process for process in started_by(home) if "worker" in command_of(process)]


@pytest.mark.servers
@pytest.mark.xdist_group("embedded")
def test_run_serves_until_ctrl_c_and_survives_killed_servers(home, start, unused_tcp_port):
    first = start(unused_tcp_port)
    first.wait_for(r"Stop: Ctrl-C", 400)
    first.wait_until_ready(10)

    second = refused(home, "--port", str(unused_tcp_port ^ 1))
    killed_workers = workers_of(home)
    for process in killed_workers:
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended with the one before it
            process.kill()
    for pid_file in ("postgres/postmaster.pid", "redis/pid"):
        os.kill(int((home / pid_file).read_text().split()[0]), signal.SIGKILL)
    first.wait_for_workers_beside(killed_workers, 60)
    first.wait_until_ready(60)

    assert second == "Cunbo already runs from this folder: stop it first.\n"
    assert f"Cunbo 村播学堂: http://127.0.0.1:{unused_tcp_port}/\n" in first.lines

    # A killed run leaves its processes behind; the next one ends them and starts within 15 seconds.
    first.process.kill()
    first.process.wait(5)
    os.killpg(first.process.pid, signal.SIGKILL)
    left = [process for process in started_by(home) if "gunicorn" in " ".join(command_of(process))]
    next_one = start(unused_tcp_port ^ 1)
    next_one.wait_until_ready(60)

    assert left
    assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in left)
    assert next_one.stop() == 0
    assert started_by(home) == []


@pytest.fixture
def home():
    """Not below pytest's temporary folder, which every run of pytest closes again to PostgreSQL's user."""
    with tempfile.TemporaryDirectory(prefix="cunbo-test-") as folder:
        yield Path(folder)


@pytest.fixture
def start(home):
    """A function that starts a site on a port; what a failed test leaves running is ended."""
    sites = []

    def start_at(port):
        sites.append(Site(home, port))
        return sites[-1]

    yield start_at
    left = started_by(home)
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=10)
    for site_ in sites:
        site_.process.wait(10)
        site_.process.stdout.close()


@pytest.fixture
def unused_tcp_port():
    """An odd port that is free, as is the even one before it; the event server takes the one after it.

    Below those the kernel gives away: asking one of those whether somebody listens may connect to itself.
    """
    while True:
        port = random.randrange(10_001, 18_000, 2)
        with socket.socket() as one, socket.socket() as two:
            try:
                one.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port ^ 1))
            except OSError:
                continue
            return port
