"""Putting events into a class's stream, and reading what came after one."""

import json
from functools import lru_cache, partial
from typing import Any

import redis
from django.conf import settings
from django.db import transaction
from structlog import get_logger

from livestream.events.frames import FIRST, encoded, place

KEPT_EVENTS = 2000
KEPT_SECONDS = 24 * 60 * 60
CHANNEL = "live-events:"
log = get_logger(__name__)
# Kept and announced in one step: what is announced later also stands later in the stream.
_PUBLISH = """
    local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'event', ARGV[1])
    redis.call('EXPIRE', KEYS[1], ARGV[3])
    redis.call('PUBLISH', ARGV[4], id .. ' ' .. ARGV[1])
    return id
"""


def stream_key(room: str) -> str:
    """Return the name of a class's stream."""
    return f"live:{room}"


def publish_on_commit(*, room: str, kind: str, **values: Any) -> None:
    """Send an event to everybody in the class once what it tells is committed."""
    transaction.on_commit(partial(publish, room=room, kind=kind, **values), robust=True)


def publish(*, room: str, kind: str, **values: Any) -> str:
    """Send an event now and return its id; without Redis it is lost, and browsers find it when they ask."""
    try:
        arguments: list[Any] = [encoded(kind, values), KEPT_EVENTS, KEPT_SECONDS, CHANNEL + room]
        return str(_redis(settings.REDIS_URL).eval(_PUBLISH, 1, stream_key(room), *arguments))
    except redis.RedisError:
        log.warning("event_not_sent", kind=kind)
        return ""


def newest_event(room: str) -> str:
    """Return the id of the newest event, to ask for what follows it."""
    try:
        newest: Any = _redis(settings.REDIS_URL).xrevrange(stream_key(room), count=1)
    except redis.RedisError:
        return FIRST
    return str(newest[0][0]) if newest else FIRST


def events_after(room: str, event_id: str) -> list[tuple[str, dict[str, Any]]] | None:
    """Return what came after an event; None when the stream no longer reaches back to it."""
    connection = _redis(settings.REDIS_URL)
    try:
        kept: Any = connection.xrange(stream_key(room), min=event_id)
    except redis.RedisError:
        return None
    if event_id != FIRST:
        if not kept or place(kept[0][0]) != place(event_id):
            return None
        kept = kept[1:]
    return [(event, json.loads(fields["event"])) for event, fields in kept]


@lru_cache(maxsize=4)
def _redis(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, decode_responses=True, socket_timeout=2, health_check_interval=30)
