"""Hands the events of all classes to their browsers, on one Redis subscription a process.

Every browser has a short queue of its own. Whoever does not take her events away fast enough is not waited
for: her queue is dropped and she is told to fetch the whole again, so one slow line slows nobody else.
"""

import asyncio
import contextlib
import os
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from structlog import get_logger

from livestream.events.frames import FIRST, HEARTBEAT, encoded, frame, place
from livestream.events.publishing import CHANNEL, stream_key

QUEUE_LENGTH = 200
STREAMS_OF_ONE = 4  # of one person in one class; a further one ends the oldest
TICK_SECONDS = 5.0
LOOK_UP_SECONDS = 1.0  # at the latest, from waiting for messages: whether to end
TICKS_A_HEARTBEAT = 3
REPLAYS_AT_ONCE = 8  # a whole class that comes back at once would else open a connection each
RESYNC = frame(encoded("resync", {}))
RENEW = frame(encoded("renew", {}))
log = get_logger(__name__)


class Listener:
    """One browser in one class: what waits for it, and when its ticket ends."""

    def __init__(self, room: str, viewer: str, ends_at: float) -> None:
        self.room, self.viewer, self.ends_at = room, viewer, ends_at
        self._queue: list[bytes] = []
        self._woken = asyncio.Event()
        self._newest = (0, 0)  # what is not newer has been given already
        self._held_back: list[tuple[bytes, tuple[int, int]]] | None = None
        self._is_ended = False

    def give(self, data: bytes, event_id: tuple[int, int] | None = None) -> None:
        """Let `data` wait for the browser; one that has too much waiting is sent away to fetch the whole."""
        if self._is_ended:
            return
        if event_id is not None:
            if self._held_back is not None:
                self._held_back.append((data, event_id))
                return
            if event_id <= self._newest:
                return
            self._newest = event_id
        if len(self._queue) >= QUEUE_LENGTH:
            self._queue.clear()
            self.end(RESYNC)
            return
        self._queue.append(data)
        self._woken.set()

    def hold_back(self) -> None:
        """Keep what comes until the replay of what came before it is there."""
        self._held_back = []

    def replay(self, events: list[tuple[bytes, tuple[int, int]]]) -> None:
        """Give what came before, then what was held back; what is in both is given once."""
        held, self._held_back = self._held_back or [], None
        if events:
            self._queue.extend(data for data, _event_id in events)
            self._newest = events[-1][1]
            self._woken.set()
        for data, event_id in held:
            self.give(data, event_id)

    def end(self, last: bytes = b"") -> None:
        """Send what waits and `last`, then nothing more."""
        if not self._is_ended:
            self._queue.append(last)
            self._is_ended = True
            self._woken.set()

    async def batches(self) -> AsyncIterator[bytes]:
        """Yield everything that waits, joined, as often as there is something."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            data, self._queue = b"".join(self._queue), []
            if data:
                yield data
            if self._is_ended:
                return


def _end_if_cancelled() -> None:
    """End a loop that was told to: the client loses a cancellation, or turns it into an error, at times."""
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError


class Hub:
    """All browsers of this process; `run` keeps them supplied until it is cancelled."""

    def __init__(self, redis: "Redis", name: str = "") -> None:
        # Connecting again in silence would lose what was sent meanwhile: `_listen` has to hear of it.
        redis.set_retry(Retry(NoBackoff(), 0))
        self._redis = redis
        self._name = name or f"{os.getpid()}"
        self._rooms: dict[str, list[Listener]] = defaultdict(list)
        self._newest: dict[str, str] = {}
        self._replays = asyncio.Semaphore(REPLAYS_AT_ONCE)

    async def run(self) -> None:
        """Listen to Redis, and count and keep awake every few seconds."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._tick())

    @contextlib.asynccontextmanager
    async def joined(self, room: str, viewer: str, ends_at: float, after: str) -> AsyncIterator[Listener]:
        """Let a browser in for as long as the block lasts; it first gets what came after `after`."""
        listener = Listener(room, viewer, ends_at)
        same = [each for each in self._rooms[room] if each.viewer == viewer]
        if len(same) >= STREAMS_OF_ONE:
            same[0].end(RENEW)
            self._leave(same[0])
        # In the room before the replay is read, so that nothing is lost between the two.
        self._rooms[room].append(listener)
        try:
            if after:
                await self._replay(listener, after)
            yield listener
        finally:
            self._leave(listener)

    def end_all(self) -> None:
        """Send every browser away: the process stops, another one will take them."""
        for listeners in self._rooms.values():
            for listener in listeners:
                listener.end(RENEW)

    def _leave(self, listener: Listener) -> None:
        listeners = self._rooms.get(listener.room, [])
        if listener in listeners:
            listeners.remove(listener)
        if not listeners:
            self._rooms.pop(listener.room, None)
            self._newest.pop(listener.room, None)

    async def _replay(self, listener: Listener, after: str) -> None:
        """Give what came after an event; one that came too late for that is told to fetch the whole."""
        listener.hold_back()
        try:
            async with self._replays:
                kept: Any = await self._redis.xrange(stream_key(listener.room), min=after)
        except (RedisError, OSError):
            kept = []
        if after != FIRST:
            if not kept or place(kept[0][0]) != place(after):
                listener.replay([])
                listener.end(RESYNC)
                return
            kept = kept[1:]
        listener.replay([(frame(fields["event"], each), place(each)) for each, fields in kept])

    async def _listen(self) -> None:
        """Subscribe once for all classes; after a lost connection bring every class up to date first."""
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as subscription:
                    await subscription.psubscribe(f"{CHANNEL}*")
                    await self._catch_up()
                    while True:
                        _end_if_cancelled()
                        if message := await subscription.get_message(timeout=LOOK_UP_SECONDS):
                            self._hand_on(message)
            except (RedisError, OSError) as error:
                _end_if_cancelled()
                log.warning("event_server_lost_redis", reason=type(error).__name__)
                await asyncio.sleep(1)

    def _hand_on(self, message: dict[str, Any]) -> None:
        room = message["channel"].removeprefix(CHANNEL)
        if room in self._rooms:
            event_id, _space, body = message["data"].partition(" ")
            self._give_all(room, event_id, body)

    def _give_all(self, room: str, event_id: str, body: str) -> None:
        self._newest[room] = event_id
        data, where = frame(body, event_id), place(event_id)
        for listener in tuple(self._rooms.get(room, ())):
            listener.give(data, where)

    async def _catch_up(self) -> None:
        for room, newest in tuple(self._newest.items()):
            missed: Any = await self._redis.xrange(stream_key(room), min=f"({newest}")
            for event_id, fields in missed:
                self._give_all(room, event_id, fields["event"])

    async def _tick(self) -> None:
        count = 0
        while True:
            await asyncio.sleep(TICK_SECONDS)
            count += 1
            self._end_old_tickets()
            if count % TICKS_A_HEARTBEAT == 0:
                self._give_everybody(HEARTBEAT)
            try:
                await self._tell_presence()
            except (RedisError, OSError):
                _end_if_cancelled()
                log.warning("event_server_cannot_count")

    def _end_old_tickets(self) -> None:
        now = time.monotonic()
        for listener in [each for room in self._rooms.values() for each in room if each.ends_at <= now]:
            listener.end(RENEW)

    def _give_everybody(self, data: bytes) -> None:
        for listeners in self._rooms.values():
            for listener in tuple(listeners):
                listener.give(data)

    async def _tell_presence(self) -> None:
        """Say how many are there: one number for a class, over all processes, each person once here."""
        for room, listeners in tuple(self._rooms.items()):
            here = len({listener.viewer for listener in listeners})
            data = frame(encoded("presence", {"count": await self._count(room, here)}))
            for listener in tuple(listeners):
                listener.give(data)

    async def _count(self, room: str, here: int) -> int:
        """Leave our number with Redis for 15 s and add up those of all processes."""
        key, now = f"live-presence:{room}", int(time.time())
        async with self._redis.pipeline(transaction=False) as commands:
            commands.hset(key, self._name, f"{here}:{now}")
            commands.expire(key, 60)
            commands.hgetall(key)
            *_done, counts = await commands.execute()
        fresh = (each.split(":") for each in counts.values())
        return sum(int(number) for number, at in fresh if now - int(at) <= 3 * TICK_SECONDS)
