"""The event server: a bare ASGI application, one long answer a browser."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from redis.asyncio import Redis

from livestream.events.frames import FIRST, RETRY, is_place
from livestream.events.hub import Hub, Listener
from livestream.events.tickets import LIFETIME_SECONDS, Ticket, read_ticket

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
# The address is another than the site's where no proxy joins the two (`make run`). There are no cookies in
# play, the ticket is all that opens the stream: any page that has one may read it.
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"access-control-allow-origin", b"*"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
_PLAIN = [(b"content-type", b"text/plain"), (b"access-control-allow-origin", b"*")]


class EventServer:
    """Answers /events/?ticket=…&after=… with what happens in the ticket's class from then on."""

    def __init__(self, redis_url: str) -> None:
        self._redis_url = redis_url
        self._redis: Redis | None = None
        self._hub: Hub | None = None
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or start and stop with the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.begin()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def begin(self) -> Hub:
        """Start handing on events; the hub lives as long as this server."""
        self._redis = Redis.from_url(self._redis_url, decode_responses=True, health_check_interval=30)
        self._hub = Hub(self._redis)
        self._running = asyncio.create_task(self._hub.run())
        return self._hub

    async def stop(self) -> None:
        """Send every browser away and stop handing on."""
        if self._hub and self._running and self._redis:
            self._hub.end_all()
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
            await self._redis.aclose()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].endswith("/healthz"):
            await _plain(send, 200, b"ok")
            return
        query = parse_qs(scope["query_string"].decode("latin-1"))
        ticket = read_ticket(query.get("ticket", [""])[0])
        if ticket is None:
            await _plain(send, 403, b"no ticket")
        elif self._hub is None:
            await _plain(send, 503, b"not running")
        else:
            await self._stream(self._hub, ticket, _after(scope, query), receive, send)

    async def _stream(self, hub: Hub, ticket: Ticket, after: str, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": RETRY, "more_body": True})
        ends_at = time.monotonic() + LIFETIME_SECONDS
        async with hub.joined(ticket.room, ticket.viewer, ends_at, after) as listener:
            leaving = asyncio.create_task(_wait_until_gone(receive, listener))
            try:
                async for data in listener.batches():
                    await send({"type": "http.response.body", "body": data, "more_body": True})
            finally:
                leaving.cancel()
        await send({"type": "http.response.body", "body": b""})


async def _wait_until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()


def _after(scope: Scope, query: dict[str, list[str]]) -> str:
    """Return the last event the browser knows: what it says by itself when it returns, else the address."""
    said = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1")
    for each in (said, query.get("after", [""])[0]):
        if is_place(each) or each == FIRST:
            return each
    return ""


async def _plain(send: Send, status: int, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _PLAIN})
    await send({"type": "http.response.body", "body": body})
