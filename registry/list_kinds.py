"""The lists that may leave the system. An app above adds its own when it starts (`apps.py`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from registry.models import Person


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """Which part of a list: a region with all below it, and the days, both included."""

    region_code: str
    since: date | None
    until: date | None
    most: int


Row = tuple[Person | None, list[str | int]]


@dataclass(frozen=True, slots=True)
class ListKind:
    """One kind of list.

    `rows` gives for each row the person it is about (ID and phone numbers are added from her if they were
    approved) and its cells under `headings`. `scopes_of` tells in which regions a user may ask for it.
    """

    key: str
    title: str | Promise
    note: str | Promise
    headings: list[str | Promise]
    has_people: bool
    rows: Callable[[ListQuestion], Iterable[Row]]
    scopes_of: Callable[[object], list[str]]


_KINDS: dict[str, ListKind] = {}


def add_kind(kind: ListKind) -> None:
    """Offer a kind of list; the same key replaces it."""
    _KINDS[kind.key] = kind


def list_kind(key: str) -> ListKind:
    """Return the kind; raises KeyError for an unknown one."""
    return _KINDS[key]


def list_kinds() -> list[ListKind]:
    """Return every kind, by key."""
    return [_KINDS[key] for key in sorted(_KINDS)]
