"""What other apps hold about a person: each tells its part, so that one page and one copy hold it all.

The registry knows no course and no certificate. An app above adds its part when it starts (`apps.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise

from registry.models import Person


@dataclass(frozen=True, slots=True)
class Section:
    """One table about a person: `key` names it in the machine-readable copy."""

    key: str
    title: str | Promise
    headings: list[str | Promise]
    rows: list[list[str]] = field(default_factory=list)


Part = Callable[[Person], Section]
_PARTS: dict[str, Part] = {}


def add_part(name: str, part: Part) -> None:
    """Have `part` asked whenever what we hold about somebody is shown; the same name replaces it."""
    _PARTS[name] = part


def held_about(person: Person) -> list[Section]:
    """Return what every app holds about `person`, in the order of their names."""
    return [_PARTS[name](person) for name in sorted(_PARTS)]
