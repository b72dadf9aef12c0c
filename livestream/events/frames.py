"""Events as browsers read them, and their order. Pure calculation."""

import json
from typing import Any

HEARTBEAT = b": here\n\n"
# A browser that lost the line by itself waits this long; ours asks sooner and spreads out (live-events.js).
RETRY = b"retry: 20000\n\n"
FIRST = "0-0"


def encoded(kind: str, values: dict[str, Any]) -> str:
    """Return an event as Redis keeps it: one line, so that it can stand in a frame as it is."""
    return json.dumps({"kind": kind, **values}, ensure_ascii=False, separators=(",", ":"))


def frame(body: str, event_id: str = "") -> bytes:
    """Return one event as a frame; with an id the browser asks for what came after it when it returns."""
    number = f"id: {event_id}\n" if event_id else ""
    return f"{number}data: {body}\n\n".encode()


def place(event_id: str) -> tuple[int, int]:
    """Return where an id of a Redis Stream stands, for comparing; nonsense stands before everything."""
    first, _dash, second = event_id.partition("-")
    if not first.isascii() or not first.isdigit() or not (second or "0").isdigit():
        return (0, 0)
    return (int(first), int(second or 0))


def is_place(event_id: str) -> bool:
    """Tell whether it is an id that a stream could have given."""
    return place(event_id) != (0, 0)
