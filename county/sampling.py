"""Drawing whom to call (A15): 5 % of a class, at least three, spread over the towns. No database.

Every person has a lot: the SHA-256 of seed, class and person. Who knows the seed draws the same people, on
any machine and in any order of the list; who does not cannot guess them.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

SHARE = Fraction(5, 100)
AT_LEAST = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be drawn: an identifier that never changes, and the code of her town."""

    key: str
    town: str = ""


def sample_size(people: int) -> int:
    """Return how many are called of so many: 5 % rounded up, at least three, all of a small class."""
    return min(people, max(AT_LEAST, -(-people * SHARE.numerator // SHARE.denominator)))


def draw(candidates: Iterable[Candidate], *, seed: str, of: str) -> list[Candidate]:
    """Return whom the seed draws in the class `of`, by town and lot.

    Each town gives as many as its part of the class; what remains of the parts goes by size, then by lot.
    """
    lots = {each: _lot(seed, of, each.key) for each in candidates}
    places = _places_by_town(Counter(each.town for each in lots), seed, of)
    drawn: list[Candidate] = []
    for town in sorted(places):
        people = sorted((each for each in lots if each.town == town), key=lots.__getitem__)
        drawn += people[: places[town]]
    return drawn


def fingerprint(lists: dict[str, list[Candidate]]) -> str:
    """Return the SHA-256 of the lists that were drawn from, by class; their order does not matter."""
    lines = sorted(f"{of} {each.key} {each.town}" for of, people in lists.items() for each in people)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _places_by_town(people: Counter[str], seed: str, of: str) -> dict[str, int]:
    total = people.total()
    if not total:
        return {}
    size = sample_size(total)
    parts = {town: divmod(number * size, total) for town, number in people.items()}
    places = {town: whole for town, (whole, _rest) in parts.items()}
    by_rest = sorted(parts, key=lambda town: (-parts[town][1], _lot(seed, of, town)))
    for town in by_rest[: size - sum(places.values())]:
        places[town] += 1
    return places


def _lot(seed: str, of: str, key: str) -> str:
    return hashlib.sha256(f"{seed}\n{of}\n{key}".encode()).hexdigest()
