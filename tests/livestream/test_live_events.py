"""The hub that hands events on, against the real Redis: order, replay, slow lines, tickets."""

import asyncio
import json
import uuid
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from redis.asyncio import Redis

from livestream.events import hub as hubs
from livestream.events.frames import FIRST, frame, is_place, place
from livestream.events.hub import RENEW, RESYNC, Hub, Listener
from livestream.events.publishing import events_after, newest_event, publish, stream_key
from livestream.events.server import EventServer
from livestream.events.tickets import LIFETIME_SECONDS, read_ticket, ticket_for
from tests.factories.courses import at
from tests.forging import with_other_character

FOREVER = float("inf")


@pytest.fixture
def room():
    return str(uuid.uuid4())


@asynccontextmanager
async def running():
    redis = Redis.from_url(settings.REDIS_URL, decode_responses=True, client_name=uuid.uuid4().hex)
    hub = Hub(redis)
    task = asyncio.create_task(hub.run())
    await until(lambda: subscribed(redis))
    try:
        yield hub
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await redis.aclose()


async def subscriptions(redis):
    """Return the hub's own subscriptions; other test processes have theirs on the same server."""
    name = redis.get_connection_kwargs()["client_name"]
    return [each for each in await redis.client_list(_type="pubsub") if each["name"] == name]


async def subscribed(redis):
    return any(int(each["psub"]) for each in await subscriptions(redis))


async def cut_off(hub):
    """Cut the hub's own subscription."""
    for each in await subscriptions(hub._redis):
        await hub._redis.client_kill_filter(_id=each["id"])


async def until(check):
    for _ in range(500):
        if await check():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("did not happen")


async def heard(listener, count):
    """Return the next events as (id, kind, n) or the kind alone, without those about presence."""
    found = []
    async for data in listener.batches():
        for block in data.decode().strip().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.split("\n"))
            event = json.loads(lines["data"])
            if event["kind"] != "presence":
                found.append(event.get("n", event["kind"]))
        if len(found) >= count:
            return found
    return found


def run(story, seconds=10):
    return asyncio.run(asyncio.wait_for(story, seconds))


async def send(room, *numbers):
    return [await asyncio.to_thread(publish, room=room, kind="message", n=number) for number in numbers]


def test_everybody_in_the_class_hears_everything_in_order(room):
    async def story():
        async with (
            running() as hub,
            hub.joined(room, "p1", FOREVER, "") as one,
            hub.joined(room, "p2", FOREVER, "") as two,
        ):
            await send(room, *range(20))
            await send(str(uuid.uuid4()), 99)
            return await heard(one, 20), await heard(two, 20)

    assert run(story()) == (list(range(20)), list(range(20)))


def test_who_returns_hears_what_she_missed_once(room):
    async def story():
        async with running() as hub:
            ids = await send(room, 1, 2, 3)
            async with hub.joined(room, "p1", FOREVER, ids[0]) as listener:
                await send(room, 4, 5)
                return await heard(listener, 4)

    assert run(story()) == [2, 3, 4, 5]


def test_who_came_before_the_first_event_hears_all(room):
    async def story():
        async with running() as hub:
            await send(room, 1, 2)
            async with hub.joined(room, "p1", FOREVER, FIRST) as listener:
                return await heard(listener, 2)

    assert run(story()) == [1, 2]


def test_who_missed_more_than_is_kept_is_told_to_fetch_the_whole(room):
    async def story():
        async with running() as hub:
            await send(room, 1)
            async with hub.joined(room, "p1", FOREVER, "5-0") as listener:
                return await all_of(listener)

    assert run(story()).endswith(RESYNC)


def test_what_comes_during_the_replay_comes_once_and_after_it():
    listener = Listener("room", "p1", FOREVER)
    listener.hold_back()
    listener.give(b"3", (3, 0))
    listener.give(b"4", (4, 0))

    listener.replay([(b"2", (2, 0)), (b"3", (3, 0))])
    listener.end()

    assert run(all_of(listener)) == b"234"


def test_slow_line_is_dropped_and_slows_nobody(room, monkeypatch):
    monkeypatch.setattr(hubs, "QUEUE_LENGTH", 5)

    async def story():
        async with (
            running() as hub,
            hub.joined(room, "p1", FOREVER, "") as quick,
            hub.joined(room, "p2", FOREVER, "") as slow,
        ):
            got = []
            for number in range(12):
                await send(room, number)
                got += await heard(quick, 1)
            return got, await all_of(slow)

    assert run(story()) == (list(range(12)), RESYNC)


async def all_of(listener):
    return b"".join([data async for data in listener.batches()])


def test_further_streams_of_one_person_end_her_oldest(room):
    async def story():
        async with running() as hub, hub.joined(room, "p1", FOREVER, "") as first:
            opened = [hub.joined(room, "p1", FOREVER, "") for _ in range(hubs.STREAMS_OF_ONE)]
            for each in opened:
                await each.__aenter__()
            last = await all_of(first)
            for each in opened:
                await each.__aexit__(None, None, None)
            return last, dict(hub._rooms)

    last, rooms = run(story())
    assert last == RENEW
    assert rooms == {}


def test_hub_that_is_told_to_ends_wherever_it_is_with_connecting(monkeypatch):
    """The Redis client loses a cancellation that comes while it connects."""
    monkeypatch.setattr(hubs, "LOOK_UP_SECONDS", 0.01)

    async def story():
        for steps in range(80):
            redis = Redis.from_url(settings.REDIS_URL, decode_responses=True)
            task = asyncio.create_task(Hub(redis).run())
            for _step in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task], timeout=5)
            assert task.cancelled(), steps
            await redis.aclose()

    run(story(), seconds=60)


def test_stream_ends_with_its_ticket_and_presence_counts_people(room, monkeypatch):
    monkeypatch.setattr(hubs, "TICK_SECONDS", 0.02)

    async def story():
        async with (
            running() as hub,
            hub.joined(room, "p1", FOREVER, "") as one,
            hub.joined(room, "p1", FOREVER, ""),
        ):
            async with hub.joined(room, "p2", 0, "") as old:
                last = await all_of(old)
            async for data in one.batches():
                if b'"count":1' in data:
                    break
            return last

    assert run(story()).endswith(RENEW)


@pytest.mark.slow
def test_lost_redis_connection_loses_no_event(room):
    async def story():
        async with running() as hub, hub.joined(room, "p1", FOREVER, "") as listener:
            await send(room, 1)
            assert await heard(listener, 1) == [1]
            await cut_off(hub)
            await send(room, 2, 3)
            return await heard(listener, 2)

    assert run(story()) == [2, 3]


def test_events_after_one_and_after_too_long(room):
    first, second = (publish(room=room, kind="message", n=number) for number in (1, 2))

    assert newest_event(room) == second
    assert events_after(room, first) == [(second, {"kind": "message", "n": 2})]
    assert events_after(room, second) == []
    assert len(events_after(room, FIRST)) == 2
    assert events_after(room, "5-0") is None
    assert events_after(str(uuid.uuid4()), FIRST) == []
    assert newest_event(str(uuid.uuid4())) == FIRST


def test_without_redis_nothing_breaks(settings, room):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert publish(room=room, kind="message") == ""
    assert newest_event(room) == FIRST
    assert events_after(room, FIRST) is None
    assert stream_key(room) == f"live:{room}"


def test_ticket_opens_one_class_for_ten_minutes(room):
    now = at("2026-03-05")
    with time_machine.travel(now, tick=False):
        text = ticket_for(room=room, viewer="p1")
        assert read_ticket(text).room == room
    with time_machine.travel(now + timedelta(seconds=LIFETIME_SECONDS + 2), tick=False):
        assert read_ticket(text) is None
    assert read_ticket(with_other_character(text)) is None
    assert read_ticket("") is None


def test_places_are_compared_as_numbers():
    assert place("9-1") < place("10-0") < place("10-2")
    assert not is_place("x-1")
    assert not is_place("1-x")
    assert not is_place("")
    assert frame("{}", "1-0") == b"id: 1-0\ndata: {}\n\n"


class Browser:
    """What uvicorn would do: asks once, keeps what it is sent, leaves when told."""

    def __init__(self, query, headers=(), path="/events/"):
        self.scope = {"type": "http", "path": path, "query_string": query.encode(), "headers": list(headers)}
        self.status, self.headers, self.body = 0, {}, b""
        self.leaving = asyncio.Event()

    async def receive(self):
        await self.leaving.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        self.body += message.get("body", b"")


def served(*browsers, during=None):
    async def story():
        server = EventServer(settings.REDIS_URL)
        server.begin()
        tasks = [asyncio.create_task(server(each.scope, each.receive, each.send)) for each in browsers]
        if during:
            await during()
        for each in browsers:
            each.leaving.set()
        await asyncio.gather(*tasks)
        await server.stop()

    run(story())


@pytest.mark.parametrize("query", ["", "ticket=", "ticket=forged", "ticket=a&ticket=b"])
def test_server_refuses_who_has_no_ticket(query):
    async def story():
        browser = Browser(query)
        await EventServer(settings.REDIS_URL)(browser.scope, browser.receive, browser.send)
        return browser

    assert run(story()).status == 403


def test_server_sends_what_came_after_the_last_known_event(room):
    first = publish(room=room, kind="message", n=1)
    publish(room=room, kind="message", n=2)
    query = f"ticket={ticket_for(room=room, viewer='p1')}"
    by_address = Browser(f"{query}&after={first}")
    by_header = Browser(f"{query}&after={FIRST}", [(b"last-event-id", first.encode())])

    async def both_heard():
        await until(lambda: came(by_address, by_header))

    async def came(*browsers):
        return all(b'"n":2' in each.body for each in browsers)

    served(by_address, by_header, during=both_heard)

    for browser in (by_address, by_header):
        assert browser.status == 200
        assert browser.headers[b"content-type"].startswith(b"text/event-stream")
        assert browser.headers[b"access-control-allow-origin"] == b"*"
        assert b'"n":1' not in browser.body


def test_server_says_that_it_lives():
    async def story():
        browser = Browser("", path="/events/healthz")
        await EventServer(settings.REDIS_URL)(browser.scope, browser.receive, browser.send)
        return browser

    assert run(story()).body == b"ok"


def test_server_starts_and_stops_with_its_process():
    async def story():
        server = EventServer(settings.REDIS_URL)
        told = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
        said = []

        async def receive():
            return next(told)

        async def send(message):
            said.append(message["type"])

        await server({"type": "lifespan"}, receive, send)
        return said

    assert run(story()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
