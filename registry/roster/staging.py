"""The checked rows beside the register, in the database: which of them say nothing new, and whom they mean.

Comparing there is what makes a list that changes little cheap: only rows that say something else are loaded
and thought about. Call inside a transaction; the temporary tables end with it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db import connection

from registry.models import Person, Region
from registry.roster.copying import copy_rows
from registry.roster.rows import RosterRow
from registry.roster.statuses import kinds_of
from registry.sealing import lookup_hashes_of_many

Tick = Callable[[int], None]  # hears how many rows are done since the last time
TICK = 2_000
Row = TypeVar("Row")


@dataclass
class HouseholdRows:
    """A household as its rows have it: the first row's village, the first status that is stated."""

    first: RosterRow
    stating: RosterRow | None = None


@dataclass
class Staged:
    """Rows are known by their place in the list."""

    households: dict[str, HouseholdRows]
    household_ids: dict[str, int] = field(default_factory=dict)
    changed_households: list[str] = field(default_factory=list)
    person_ids: dict[int, int] = field(default_factory=dict)
    unchanged: set[int] = field(default_factory=set)


def stage(rows: list[RosterRow], county: Region, as_of: date, tick: Tick) -> Staged:
    """Compare `rows` of a list of `as_of` with the register."""
    staged = Staged(_by_household(rows))
    _copy_numbered(rows, tick)
    _copy_households(staged.households)
    _find_households(staged, county, as_of)
    tick(0)
    _find_people(staged, county, as_of)
    tick(0)
    return staged


def rows_with_lookalikes(new: dict[int, RosterRow]) -> set[int]:
    """Return which of the rows `new` share name, village and birth year with somebody on record."""
    columns = {"n": "int", "name_key": "text", "village_id": "bigint", "birth_year": "smallint"}
    _create("roster_new", columns)
    copy_rows(
        "roster_new", columns, ((n, row.name_key, row.village_id, row.birth_year) for n, row in new.items())
    )
    _analyze("roster_new")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line.n FROM roster_new AS line "
            "WHERE EXISTS (SELECT FROM registry_person AS person WHERE person.name_key = line.name_key "
            "AND person.village_id = line.village_id "
            "AND (line.birth_year IS NULL OR person.birth_year = line.birth_year))"
        )
        return {n for (n,) in cursor.fetchall()}


def _by_household(rows: list[RosterRow]) -> dict[str, HouseholdRows]:
    households: dict[str, HouseholdRows] = {}
    for row in rows:
        household = households.get(row.household)
        if household is None:
            household = households[row.household] = HouseholdRows(row)
        if row.status and household.stating is None:
            household.stating = row
    return households


def _copy_numbered(rows: list[RosterRow], tick: Tick) -> None:
    """Stage the rows with an ID number: what they say as one fingerprint, a third of the work of its parts.

    While the index key is being changed a person on record bears either hash, so a row stands once for each.
    """
    columns = {
        "n": "int", "hash": "bytea", "household": "text", "fingerprint": "uuid", "phone_hash": "bytea",
    }  # fmt: skip
    _create("roster_line", columns)
    numbers = lookup_hashes_of_many((row.id_number for row in rows), purpose="id_number")
    phones = lookup_hashes_of_many((row.phone for row in rows), purpose="phone")
    copy_rows(
        "roster_line",
        columns,
        (
            (n, value, row.household, _fingerprint(row), phone[0] if phone else None)
            for n, (row, hashes, phone) in enumerate(ticking(tick, zip(rows, numbers, phones, strict=True)))
            for value in hashes
        ),
    )
    _analyze("roster_line")


# The same in SQL and in Python: what a row says of a person, and of her place in the household.
_FINGERPRINT = (
    "md5(concat_ws(chr(31), person.name, person.name_key, person.sex, coalesce(person.birth_year, 0), "
    "coalesce(person.village_id, 0), spell.number, spell.relation, spell.is_head))::uuid"
)


def _fingerprint(row: RosterRow) -> str:
    said = (
        f"{row.name}\x1f{row.name_key}\x1f{row.sex}\x1f{row.birth_year or 0}\x1f{row.village_id}"
        f"\x1f{row.number}\x1f{row.relation}\x1f{'t' if row.is_head else 'f'}"
    )
    return hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()


def _copy_households(households: dict[str, HouseholdRows]) -> None:
    columns = {"number": "text", "village_id": "bigint", "kinds": "int"}
    _create("roster_household", columns)
    copy_rows(
        "roster_household",
        columns,
        ((number, each.first.village_id, _mask(each)) for number, each in households.items()),
    )
    _analyze("roster_household")


def _mask(household: HouseholdRows) -> int | None:
    """The kinds of status as bits; None where no row states one."""
    if household.stating is None:
        return None
    return sum(1 << kind for kind in kinds_of(household.stating.status) or ())


def _find_households(staged: Staged, county: Region, as_of: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT known.number, known.id, (known.listed_on > %(as_of)s OR "
            "(known.listed_on = %(as_of)s AND known.village_id = stated.village_id)) AND "
            "(stated.kinds IS NULL OR stated.kinds = coalesce(bit_or(1 << period.kind), 0)) "
            "FROM roster_household AS stated "
            "JOIN registry_household AS known ON known.county_id = %(county)s "
            "AND known.number = stated.number "
            "LEFT JOIN registry_statusperiod AS period ON period.household_id = known.id "
            "AND period.valid @> %(as_of)s::date "
            "GROUP BY known.number, known.id, known.listed_on, known.village_id, "
            "stated.village_id, stated.kinds",
            {"as_of": as_of, "county": county.pk},
        )
        for number, pk, is_unchanged in cursor.fetchall():
            staged.household_ids[number] = pk
            if not is_unchanged:
                staged.changed_households.append(number)


def _find_people(staged: Staged, county: Region, as_of: date) -> None:
    """Whom the ID numbers mean, and whether the row says of them what is on record already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line.n, person.id, spell.id IS NOT NULL AND (person.listed_on > %(as_of)s OR ("  # noqa: S608 - our own text
            "person.listed_on = %(as_of)s AND person.identity_level >= %(matched)s "
            "AND (line.phone_hash IS NULL OR person.phone_hash = line.phone_hash) "
            f"AND line.fingerprint = {_FINGERPRINT})) "
            "FROM roster_line AS line "
            "JOIN registry_person AS person ON person.id_number_hash = line.hash "
            "LEFT JOIN registry_household AS household ON household.county_id = %(county)s "
            "AND household.number = line.household "
            "LEFT JOIN registry_membership AS spell ON spell.person_id = person.id "
            "AND spell.household_id = household.id AND spell.valid @> %(as_of)s::date "
            "ORDER BY person.id DESC",
            {"as_of": as_of, "county": county.pk, "matched": int(Person.IdentityLevel.MATCHED)},
        )
        for n, pk, is_unchanged in cursor.fetchall():
            staged.person_ids[n] = pk
            (staged.unchanged.add if is_unchanged else staged.unchanged.discard)(n)


def _create(table: str, columns: dict[str, str]) -> None:
    definitions = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({definitions}) ON COMMIT DROP")


def _analyze(*tables: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def ticking(tick: Tick, rows: Iterable[Row]) -> Iterator[Row]:
    """Hand on `rows` and tell `tick` now and then."""
    for count, row in enumerate(rows, start=1):
        yield row
        if count % TICK == 0:
            tick(TICK)
