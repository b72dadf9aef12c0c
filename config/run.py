"""`make run`: the whole site under one process manager, stopped as a whole.

Order: check the port, start the embedded services, bring the site up to date, then web, worker and beat from
the Procfile. Whatever fails says so in one line.
"""

import argparse
import errno
import fcntl
import os
import shutil
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from io import StringIO
from pathlib import Path
from typing import IO

import django
import psutil
from honcho.environ import parse_procfile
from honcho.manager import Manager

from config import embedded, live
from config.embedded.places import local

_CHECKOUT = Path(__file__).resolve().parent.parent
_LEAST_FREE_BYTES = 500_000_000
_WATCH_SECONDS = 2.0
_READY_SECONDS = 90.0
# Marks the processes we start, so that the next start finds what a killed one left behind.
_MARK = "CUNBO_RUN"


class StartRefusedError(RuntimeError):
    """The site cannot start here and now; the text is one line for the person at the keyboard."""


def main() -> int:
    """Serve until stopped; return the exit code."""
    arguments = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    if arguments.stop:
        return _stop()
    try:
        return _serve(arguments.host, arguments.port, is_live=arguments.live)
    except (StartRefusedError, embedded.EmbeddedServiceError) as refusal:
        print(refusal, file=sys.stderr)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        print(f"The disk is full: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        _say("Stopped.")
        embedded.stop_if_unused()
        return 0
    return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
    parser.add_argument("--port", default="8000")
    parser.add_argument("--live", action="store_true", help="start nginx-rtmp and Janus too, where installed")
    parser.add_argument("--stop", action="store_true", help="stop the embedded services and exit")
    return parser.parse_args()


def _stop() -> int:
    stopped = embedded.stop_if_unused()
    _say("Stopped." if stopped else "Still in use: stop `make run` and running commands first.")
    return 0 if stopped else 1


def _serve(host: str, port_text: str, *, is_live: bool) -> int:
    port = _checked_port(host, port_text)
    _check_disk()
    own = _only_run_here()
    _end_leftovers()
    embedded.ensure_started()
    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")  # printed in certificates and their codes
    engines = _prepare_engines(port) if is_live else {}
    django.setup()
    from django.core.management import call_command

    from config.prepare import prepare_site

    prepare_site(_say)
    if engines:
        call_command("render_media_config", verbosity=0)
    try:
        return _run_processes(host, port, engines)
    finally:
        embedded.stop_if_unused()
        own.close()


def _checked_port(host: str, text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise StartRefusedError(f"PORT={text} is not a port: give a number from 1 to 65535.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise StartRefusedError(
                f"Port {port} needs root: choose one above 1023, as in make run PORT=8000."
            ) from None
        except OSError as error:
            raise StartRefusedError(
                f"Port {port} cannot be used ({error.strerror}); choose another: make run PORT={port ^ 1}"
            ) from None
    return port


def _check_disk() -> None:
    free = shutil.disk_usage(_CHECKOUT).free
    if free < _LEAST_FREE_BYTES:
        raise StartRefusedError(
            f"The disk is full: {free // 10**6} MB free, {_LEAST_FREE_BYTES // 10**6} MB needed."
        )


def _only_run_here() -> IO[str]:
    """Take the lock that one running site of this folder holds; the kernel frees it when we die."""
    local().mkdir(parents=True, exist_ok=True)
    lock = (local() / "run.lock").open("a+")
    try:
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise StartRefusedError("Cunbo already runs from this folder: stop it first.") from None
    return lock


def _end_leftovers() -> None:
    """End the web server, worker and beat of a run that was killed before it could."""
    left = [process for process in psutil.process_iter() if _is_ours(process)]
    for process in left:
        process.terminate()
    _, alive = psutil.wait_procs(left, timeout=5)
    for process in alive:
        process.kill()


def _is_ours(process: psutil.Process) -> bool:
    try:
        return process.pid != os.getpid() and process.environ().get(_MARK) == str(local())
    except psutil.Error:
        return False


class _SiteManager(Manager):
    """Honcho's manager with our own background threads, begun only once it has forked its children."""

    def __init__(self, threads: list[threading.Thread]) -> None:
        super().__init__()
        self._threads = threads

    def _start(self) -> None:
        super()._start()
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        for thread in self._threads:
            thread.start()

    def wait_for_children(self) -> None:
        """Wait for Honcho's own helper processes, which end after what they watched."""
        for process in self._processes.values():
            process["process"].join(5)


def _prepare_engines(port: int) -> dict[str, str]:
    """Say what is missing, tell the site's settings, and return how each engine's server is started."""
    names = live.engines_here()
    if missing := live.missing_line(names):
        _say(missing)
    os.environ.update(live.settings_of(names, port))
    return live.processes(names)


def _run_processes(host: str, port: int, engines: dict[str, str]) -> int:
    stopping = threading.Event()
    watcher = threading.Thread(target=_keep_services_running, args=(stopping,), daemon=True)
    herald = threading.Thread(target=_announce, args=(host, port, stopping), daemon=True)
    manager = _SiteManager([watcher, herald])
    environment = _environment(host, port)
    site = parse_procfile((_CHECKOUT / "Procfile").read_text()).processes
    for name, command in {**site, **engines}.items():
        manager.add_process(name, command, env=environment, cwd=str(_CHECKOUT))
    manager.loop()
    stopping.set()
    watcher.join()  # or it would start again what we are about to stop
    manager.wait_for_children()
    by_signal = manager.returncode in {128 + signal.SIGINT, 128 + signal.SIGTERM}
    _say(
        "Stopped."
        if by_signal
        else "A part of the site ended by itself (see above), so all of it was stopped."
    )
    return 0 if by_signal else 1


def _events_port(host: str, port: int) -> int:
    """Return a port for the event server: the next one, or any that is free."""
    for wanted in (port + 1, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, wanted))
            except (OSError, OverflowError):
                continue
            return int(probe.getsockname()[1])
    raise StartRefusedError("No port is free for the event server.")


def _environment(host: str, port: int) -> dict[str, str]:
    cores = max(2, os.cpu_count() or 2)
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        # On an empty machine we may well be root; the demo is not the place for two screens of warning.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
        "CUNBO_LOCAL": str(local()),
        _MARK: str(local()),
        "HOST": host,
        "PORT": str(port),
        "EVENTS_PORT": str(_events_port(host, port)),
        "WEB_CONCURRENCY": os.environ.get("WEB_CONCURRENCY", str(cores)),
        "WORKER_CONCURRENCY": os.environ.get("WORKER_CONCURRENCY", str(cores)),
    }


def _keep_services_running(stopping: threading.Event) -> None:
    """Start an embedded server again when somebody killed it."""
    while not stopping.wait(_WATCH_SECONDS):
        try:
            embedded.ensure_started()
        except embedded.EmbeddedServiceError as error:
            _say(str(error))


def _announce(host: str, port: int, stopping: threading.Event) -> None:
    """Print where the site is, for whom and how to stop it, as soon as all of it is ready."""
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/"  # noqa: S104
    deadline = time.monotonic() + _READY_SECONDS
    while not _is_ready(address):
        if stopping.wait(0.3):
            return
        if time.monotonic() > deadline:
            _say(f"Not everything is ready yet; {address}readyz says what is missing.")
            break
    rule = "-" * 72
    _say("\n".join([rule, f"Cunbo 村播学堂: {address}", *_demo_accounts(), "Stop: Ctrl-C", rule]))


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}readyz", timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _demo_accounts() -> list[str]:
    """Return the lines `load_demo --accounts` prints: who can sign in, and how."""
    from django.conf import settings
    from django.core.management import call_command, get_commands

    if not settings.DEMO or "load_demo" not in get_commands():
        return []
    lines = StringIO()
    call_command("load_demo", "--accounts", stdout=lines)
    return lines.getvalue().splitlines()


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
