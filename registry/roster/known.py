"""What the database knows of the people and households a roster names, loaded in few queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from registry.models import Household, Membership, Person, Region, StatusPeriod
from registry.roster.rows import RosterRow

_CHUNK = 5_000


@dataclass(slots=True)
class KnownPeriod:
    """A status spell on record; `upper` is the first day it no longer holds."""

    pk: int
    kind: int
    lower: date | None
    upper: date | None


@dataclass(slots=True)
class KnownMembership:
    """A household spell on record."""

    pk: int
    household_id: int
    number: str
    relation: str
    is_head: bool
    lower: date | None
    upper: date | None


@dataclass(slots=True)
class KnownHousehold:
    """A household on record with its spells."""

    pk: int
    village_id: int
    listed_on: date | None
    periods: list[KnownPeriod] = field(default_factory=list)


@dataclass(slots=True)
class KnownPerson:
    """A person on record with her household spells."""

    pk: int
    uid: Any
    name: str
    name_key: str
    id_hash: bytes | None
    sex: str
    birth_year: int | None
    village_id: int | None
    phone_hash: bytes | None
    identity_level: int
    listed_on: date | None
    memberships: list[KnownMembership] = field(default_factory=list)


@dataclass
class Known:
    """Everything a plan needs to know."""

    households: dict[str, KnownHousehold]
    people_by_id: dict[bytes, KnownPerson]
    members: dict[int, list[tuple[str, KnownPerson]]]
    lookalikes: set[tuple[str, int | None, int]]


def load_known(county: Region, rows: list[RosterRow]) -> Known:
    """Load households by number, people by ID number or household, look-alikes by name and village."""
    households = _households(county, {row.household for row in rows})
    people: dict[int, KnownPerson] = {}
    for hashes in _chunks(row.id_hash for row in rows if row.id_hash):
        _add_people(people, id_number_hash__in=hashes)
    for pks in _chunks(household.pk for household in households.values()):
        _add_people(people, pk__in=Membership.objects.filter(household__in=pks).values("person"))
    members = _add_memberships(people)
    return Known(
        households=households,
        people_by_id={person.id_hash: person for person in people.values() if person.id_hash},
        members=members,
        lookalikes=_lookalikes(rows, people),
    )


def _households(county: Region, numbers: set[str]) -> dict[str, KnownHousehold]:
    found: dict[str, KnownHousehold] = {}
    by_pk: dict[int, KnownHousehold] = {}
    for chunk in _chunks(numbers):
        rows = Household.objects.filter(county=county, number__in=chunk)
        for pk, number, village, listed_on in rows.values_list("pk", "number", "village", "listed_on"):
            found[number] = by_pk[pk] = KnownHousehold(pk, village, listed_on)
    for pks in _chunks(by_pk):
        periods = StatusPeriod.objects.filter(household__in=pks)
        for pk, household, kind, valid in periods.values_list("pk", "household", "kind", "valid"):
            by_pk[household].periods.append(KnownPeriod(pk, kind, valid.lower, valid.upper))
    return found


_PERSON_FIELDS = (
    "pk", "uid", "name", "name_key", "id_number_hash", "sex", "birth_year", "village", "phone_hash",
    "identity_level", "listed_on",
)  # fmt: skip


def _add_people(people: dict[int, KnownPerson], **conditions: Any) -> None:
    for values in Person.objects.filter(**conditions).values_list(*_PERSON_FIELDS):
        if values[0] not in people:
            person = KnownPerson(*values)
            person.id_hash = bytes(person.id_hash) if person.id_hash else None
            person.phone_hash = bytes(person.phone_hash) if person.phone_hash else None
            people[person.pk] = person


def _add_memberships(people: dict[int, KnownPerson]) -> dict[int, list[tuple[str, KnownPerson]]]:
    members: dict[int, list[tuple[str, KnownPerson]]] = defaultdict(list)
    for pks in _chunks(people):
        rows = Membership.objects.filter(person__in=pks).values_list(
            "pk", "person", "household", "number", "relation", "is_head", "valid"
        )
        for pk, person_pk, household, number, relation, is_head, valid in rows:
            person = people[person_pk]
            person.memberships.append(
                KnownMembership(pk, household, number, relation, is_head, valid.lower, valid.upper)
            )
            members[household].append((number, person))
    return members


def _lookalikes(rows: list[RosterRow], known: dict[int, KnownPerson]) -> set[tuple[str, int | None, int]]:
    """Name, birth year and village of everybody on record who shares a name with a row that has no match."""
    hashes = {person.id_hash for person in known.values()}
    names = {row.name_key for row in rows if row.id_hash is None or row.id_hash not in hashes}
    found: set[tuple[str, int | None, int]] = set()
    for chunk in _chunks(names):
        people = Person.objects.filter(name_key__in=chunk, village__isnull=False)
        for name_key, birth_year, village in people.values_list("name_key", "birth_year", "village"):
            found |= {(name_key, birth_year, village), (name_key, None, village)}
    return found


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk
