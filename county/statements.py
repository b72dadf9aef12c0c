"""What a return states of a person-time, how two statements differ, and their fingerprint. Pure."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

Key = tuple[int, int]  # person, class


@dataclass(frozen=True, slots=True)
class Statement:
    """One person-time as it is stated: where from, and the readings the form counts."""

    place: str
    was_registered: bool
    was_ever_registered: bool
    was_monitored: bool
    is_completed: bool
    is_certified: bool
    minutes: int


# What a person-time adds to which figure.
FIGURES = {
    "was_registered": "poor_person_times",
    "was_ever_registered": "registered_person_times",
    "was_monitored": "monitored_person_times",
    "is_completed": "completed",
    "is_certified": "certificates",
    "minutes": "minutes",
}


def statement_from(stored: Mapping[str, Any] | None) -> Statement | None:
    """Return the statement a line stored, or None where it stored nothing."""
    return None if stored is None else Statement(**stored)


def difference(before: Statement | None, after: Statement | None) -> dict[str, int]:
    """Return what changes in the figures of a month, each with its sign; nothing where nothing does."""
    change = Counter({"person_times": (after is not None) - (before is not None)})
    for reading, figure in FIGURES.items():
        change[figure] += int(getattr(after, reading, 0)) - int(getattr(before, reading, 0))
    return {figure: by for figure, by in change.items() if by}


def differences(
    stated: Mapping[Key, Statement], true: Mapping[Key, Statement]
) -> list[tuple[Key, Statement | None, Statement | None]]:
    """Return what was stated and is not so, or is so and was not stated, in the order of the keys."""
    keys = sorted(stated.keys() | true.keys())
    pairs = [(key, stated.get(key), true.get(key)) for key in keys]
    return [(key, before, after) for key, before, after in pairs if before != after]


def fingerprint(figures: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of figures and lines; the order of lines does not matter."""
    ordered = sorted(json.dumps(line, sort_keys=True, ensure_ascii=False) for line in lines)
    text = json.dumps({"figures": figures, "lines": ordered}, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def stored(statement: Statement | None) -> dict[str, Any] | None:
    """Return the statement as a line stores it."""
    return None if statement is None else asdict(statement)
