"""PostgreSQL and Redis from wheels, in `.local/`, for machines that have neither.

Both need no root and no TCP port, outlive the process that started them, and are joined by the next one.
`DATABASE_URL` and `REDIS_URL` always win. The addresses are known before anything runs, so settings only
read them; `ensure_started` starts what is missing and is called by whoever is about to need it.
"""

import os
from typing import Protocol
from urllib.parse import urlsplit

from config.embedded import postgres, redis_server
from config.embedded.errors import EmbeddedServiceError
from config.embedded.places import hold, is_held_by_others, start_lock

__all__ = [
    "EmbeddedServiceError",
    "celery_url",
    "database_url",
    "ensure_started",
    "redis_url",
    "stop_if_unused",
]


def database_url() -> str:
    """Return `DATABASE_URL`, or the address of the embedded PostgreSQL; starts nothing."""
    return os.environ.get("DATABASE_URL") or postgres.address()


def redis_url(number: int = 0) -> str:
    """Return `REDIS_URL`, or the address of the embedded Redis; starts nothing.

    `number` chooses another of its databases; 0 is the one the address names.
    """
    url = os.environ.get("REDIS_URL")
    if not url:
        return redis_server.address(number)
    return urlsplit(url)._replace(path=f"/{number}").geturl() if number else url


def celery_url(url: str) -> str:
    """Return `url` as Celery's transport spells it: a unix socket is `redis+socket://`."""
    if not url.startswith("unix://"):
        return url
    return url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")


def ensure_started() -> None:
    """Start whichever embedded server has no URL of its own and does not answer; once under concurrent calls.

    The caller counts as a user of the servers until its process ends. Raises `EmbeddedServiceError`.
    """
    servers = _embedded()
    if not servers:
        return
    hold()
    for server in servers:
        if not server.answers():
            with start_lock():
                server.start()


def stop_if_unused() -> bool:
    """Stop the embedded servers unless another process uses them; say whether they are stopped."""
    with start_lock():
        if is_held_by_others():
            return False
        postgres.stop()
        redis_server.stop()
    return True


class _Server(Protocol):
    def answers(self) -> bool: ...
    def start(self) -> None: ...


def _embedded() -> list[_Server]:
    servers: dict[str, _Server] = {"DATABASE_URL": postgres, "REDIS_URL": redis_server}
    return [server for variable, server in servers.items() if not os.environ.get(variable)]
