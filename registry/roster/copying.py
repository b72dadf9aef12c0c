"""PostgreSQL's COPY as a Python call: the fast way in for many rows."""

import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import connection


def copy_rows(table: str, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Append `rows` to `table`; table and column names are our own, never a user's."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", _RowStream(rows))


def next_ids(table: str, count: int) -> list[int]:
    """Draw `count` primary keys of `table` ahead, so that rows pointing at each other can be copied."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return [row[0] for row in cursor.fetchall()]


def range_text(lower: date, upper: date | None) -> str:
    """A half-open day range as PostgreSQL reads it."""
    return f"[{lower.isoformat()},{upper.isoformat() if upper else ''})"


class _RowStream(io.RawIOBase):
    """Hands rows to the driver in COPY's text format, a piece at a time."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._lines: Iterator[bytes] = (
            ("\t".join([_copy_text(value) for value in row]) + "\n").encode() for row in rows
        )
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        pieces = [self._rest]
        length = len(self._rest)
        while size < 0 or length < size:
            line = next(self._lines, None)
            if line is None:
                break
            pieces.append(line)
            length += len(line)
        joined = b"".join(pieces)
        piece, self._rest = (joined, b"") if size < 0 else (joined[:size], joined[size:])
        return piece


_ESCAPED = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _copy_text(value: Any) -> str:
    if value.__class__ is str:  # which most are, and few of them hold anything to escape
        return value.translate(_ESCAPES) if _ESCAPED.search(value) else value
    if value is None:
        return r"\N"
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value).translate(_ESCAPES)
