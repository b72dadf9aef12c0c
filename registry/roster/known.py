"""What the register knows of the people and households that a roster says something new about."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from registry.models import Household, Membership, Person, StatusPeriod
from registry.roster.rows import RosterRow
from registry.sealing import lookup_hashes


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
    name: str
    name_key: str
    has_id_number: bool
    sex: str
    birth_year: int | None
    village_id: int | None
    phone_hash: bytes | None
    identity_level: int
    listed_on: date | None
    memberships: list[KnownMembership] = field(default_factory=list)

    def has_phone(self, phone: str) -> bool:
        """Tell whether `phone` is the number on record, under whichever index key."""
        return self.phone_hash in lookup_hashes(phone, purpose="phone")


def load_households(pks: Iterable[int]) -> dict[int, KnownHousehold]:
    """Return households by key with their status spells."""
    rows = Household.objects.filter(pk__in=list(pks)).values_list("pk", "village", "listed_on")
    found = {pk: KnownHousehold(pk, village, listed_on) for pk, village, listed_on in rows}
    periods = StatusPeriod.objects.filter(household__in=found)
    for pk, household, kind, valid in periods.values_list("pk", "household", "kind", "valid"):
        found[household].periods.append(KnownPeriod(pk, kind, valid.lower, valid.upper))
    return found


_PERSON_FIELDS = (
    "pk", "name", "name_key", "id_number_hash", "sex", "birth_year", "village", "phone_hash",
    "identity_level", "listed_on",
)  # fmt: skip


def load_people(pks: Iterable[int]) -> dict[int, KnownPerson]:
    """Return people by key with their household spells."""
    found: dict[int, KnownPerson] = {}
    for values in Person.objects.filter(pk__in=list(pks)).values_list(*_PERSON_FIELDS):
        person = found[values[0]] = KnownPerson(*values)
        person.has_id_number = person.has_id_number is not None
        person.phone_hash = bytes(person.phone_hash) if person.phone_hash else None
    rows = Membership.objects.filter(person__in=found).values_list(
        "pk", "person", "household", "number", "relation", "is_head", "valid"
    )
    for pk, person_pk, household, number, relation, is_head, valid in rows:
        found[person_pk].memberships.append(
            KnownMembership(pk, household, number, relation, is_head, valid.lower, valid.upper)
        )
    return found


Namesake = tuple[str, int, bool]  # number in the household, person, has an ID number


def load_namesakes(
    rows: Iterable[RosterRow], household_ids: dict[str, int]
) -> dict[tuple[int, str], list[Namesake]]:
    """Return who in the rows' households bears a row's name, by household and compared name."""
    wanted = [(household_ids[row.household], row.name_key) for row in rows if row.household in household_ids]
    found: dict[tuple[int, str], list[Namesake]] = defaultdict(list)
    members = Membership.objects.filter(
        household__in={household for household, _name in wanted},
        person__name_key__in={name for _household, name in wanted},
    ).order_by("valid", "pk")
    for household, name, number, pk, id_hash in members.values_list(
        "household", "person__name_key", "number", "person", "person__id_number_hash"
    ):
        found[household, name].append((number, pk, id_hash is not None))
    return found
