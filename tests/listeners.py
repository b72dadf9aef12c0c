"""Many browsers in one live class at once, over bare sockets: what each heard, and when."""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

JOIN_AT_ONCE = 50


@dataclass
class Heard:
    """What one browser was told: the numbers of messages with the seconds each took to come."""

    numbers: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


async def listen(
    url: str, paths: list[str], send: Callable[[int, float], object], *, messages: int, pause: float
) -> list[Heard]:
    """Let a browser listen at each path, send numbered messages, and return what every browser heard.

    `send` gets the number and the moment, which the message has to carry as `n` and `sent`.
    """
    heard = [Heard() for _ in paths]
    is_done = [asyncio.Event() for _ in paths]
    gate = asyncio.Semaphore(JOIN_AT_ONCE)
    joined = [asyncio.Event() for _ in paths]
    browsers = [
        asyncio.create_task(
            _browser(url, path, gate, joined[number], heard[number], messages, is_done[number])
        )
        for number, path in enumerate(paths)
    ]
    await asyncio.wait_for(asyncio.gather(*(each.wait() for each in joined)), 60)
    for number in range(messages):
        await asyncio.to_thread(send, number, time.time())
        await asyncio.sleep(pause)
    with contextlib.suppress(TimeoutError):  # what did not come is missing in `heard`
        await asyncio.wait_for(asyncio.gather(*(each.wait() for each in is_done)), 10)
    for browser in browsers:
        browser.cancel()
    await asyncio.gather(*browsers, return_exceptions=True)
    return heard


async def _browser(
    url: str,
    path: str,
    gate: asyncio.Semaphore,
    joined: asyncio.Event,
    heard: Heard,
    wanted: int,
    is_done: asyncio.Event,
) -> None:
    parts = urlsplit(url)
    async with gate:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(head.decode())
        await reader.readuntil(b"retry")
    joined.set()
    try:
        while True:
            line = await reader.readline()
            if not line:
                return
            if line.startswith(b"data: "):
                _note(json.loads(line[6:]), heard)
                if len(heard.numbers) >= wanted:
                    is_done.set()
    finally:
        writer.close()


def _note(event: dict[str, object], heard: Heard) -> None:
    if event["kind"] == "message":
        heard.numbers.append(int(str(event["n"])))
        heard.seconds.append(time.time() - float(str(event["sent"])))
