"""Writes a plan: COPY for what is new, one UPDATE from a temporary table for each kind of change.

The caller holds the import lock and the transaction; nothing is decided here.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from registry.models import Person, RosterImport
from registry.roster.copying import copy_rows, next_ids, range_text
from registry.roster.plan import PersonChange, Plan, identity_level_of
from registry.roster.rows import RosterRow


def write_plan(plan: Plan, roster_import: RosterImport, county_code: str, now: datetime) -> None:
    """Write everything `plan` holds, with `roster_import` as its source."""
    household_ids = _write_households(plan, roster_import.county_id)
    person_ids = _write_people(plan, county_code, now)
    _write_memberships(plan, roster_import.pk, household_ids, person_ids)
    _write_periods(plan, roster_import.pk, household_ids)


def _write_households(plan: Plan, county_id: int) -> dict[str, int]:
    new = list(plan.new_households.items())
    ids = next_ids("registry_household", len(new))
    copy_rows(
        "registry_household",
        ("id", "county_id", "number", "village_id", "listed_on"),
        (
            (pk, county_id, number, village, plan.as_of)
            for pk, (number, village) in zip(ids, new, strict=True)
        ),
    )
    _update(
        "registry_household",
        {"village_id": "bigint", "listed_on": "date"},
        plan.changed_households,
    )
    return {number: pk for pk, (number, _village) in zip(ids, new, strict=True)}


def _write_people(plan: Plan, county_code: str, now: datetime) -> dict[int, int]:
    ids = next_ids("registry_person", len(plan.new_people))
    temporary = _TemporaryNumbers(county_code, plan.as_of.year)
    copy_rows(
        "registry_person",
        (
            "id", "uid", "name", "name_key", "sex", "birth_year", "village_id",
            "id_number_sealed", "id_number_hash", "temporary_number", "identity_level",
            "phone_sealed", "phone_hash", "phone_owner", "listed_on", "created_at",
        ),
        (
            _new_person(pk, row, plan, temporary, now)
            for pk, row in zip(ids, plan.new_people, strict=True)
        ),
    )  # fmt: skip
    _update(
        "registry_person",
        {
            "name": "text", "name_key": "text", "sex": "text", "birth_year": "smallint",
            "village_id": "bigint", "identity_level": "smallint", "listed_on": "date",
        },
        (
            (change.person.pk, change.name, change.name_key, change.sex, change.birth_year, change.village_id,
             change.identity_level, change.listed_on)
            for change in plan.changed_people
        ),
    )  # fmt: skip
    _seal_changes(plan.changed_people)
    return {row.row: pk for pk, row in zip(ids, plan.new_people, strict=True)}


def _new_person(
    pk: int, row: RosterRow, plan: Plan, temporary: "_TemporaryNumbers", now: datetime
) -> tuple[Any, ...]:
    person = Person(uid=uuid.uuid4())
    person.id_number = row.id_number
    person.phone = row.phone
    return (
        pk, person.uid, row.name, row.name_key, row.sex, row.birth_year, row.village_id,
        person.id_number_sealed, person.id_number_hash, None if row.id_number else temporary.next(),
        int(identity_level_of(row)), person.phone_sealed, person.phone_hash, "", plan.as_of, now,
    )  # fmt: skip


def _seal_changes(changes: list[PersonChange]) -> None:
    ids, phones = [], []
    for change in changes:
        person = Person(uid=change.person.uid)
        if change.takes_id_number:
            person.id_number = change.row.id_number
            ids.append((change.person.pk, person.id_number_sealed, person.id_number_hash))
        if change.takes_phone:
            person.phone = change.row.phone
            phones.append((change.person.pk, person.phone_sealed, person.phone_hash))
    _update("registry_person", {"id_number_sealed": "bytea", "id_number_hash": "bytea"}, ids)
    _update("registry_person", {"phone_sealed": "bytea", "phone_hash": "bytea"}, phones)


def _write_memberships(
    plan: Plan, source_id: int, household_ids: dict[str, int], person_ids: dict[int, int]
) -> None:
    _close("registry_membership", plan.closed_memberships, plan)
    _update(
        "registry_membership",
        {"number": "text", "relation": "text", "is_head": "boolean"},
        plan.changed_memberships,
    )
    known = _known_households(plan, household_ids)
    copy_rows(
        "registry_membership",
        ("person_id", "household_id", "number", "is_head", "relation", "valid", "source_id"),
        (
            (
                spell.person_pk or person_ids[spell.row.row], known[spell.row.household], spell.row.number,
                spell.row.is_head, spell.row.relation, range_text(plan.as_of, spell.upper), source_id,
            )
            for spell in plan.new_memberships
        ),
    )  # fmt: skip


def _write_periods(plan: Plan, source_id: int, household_ids: dict[str, int]) -> None:
    _close("registry_statusperiod", plan.closed_periods, plan)
    known = _known_households(plan, household_ids)
    copy_rows(
        "registry_statusperiod",
        ("household_id", "kind", "label", "valid", "source_id", "reason"),
        (
            (
                known[period.household],
                int(period.kind),
                period.label,
                range_text(plan.as_of, period.upper),
                source_id,
                "",
            )
            for period in plan.new_periods
        ),
    )


def _known_households(plan: Plan, new_ids: dict[str, int]) -> dict[str, int]:
    return {**plan.household_ids, **new_ids}


def _update(table: str, columns: dict[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Set `columns` of the rows whose id leads each tuple."""
    rows = list(rows)
    if not rows:
        return
    definitions = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    settings = ", ".join(f"{name} = fresh.{name}" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE fresh (id bigint, {definitions}) ON COMMIT DROP")
        copy_rows("fresh", ("id", *columns), rows)
        cursor.execute(f"UPDATE {table} SET {settings} FROM fresh WHERE fresh.id = {table}.id")  # noqa: S608
        cursor.execute("DROP TABLE fresh")


def _close(table: str, ids: list[int], plan: Plan) -> None:
    """End the spells `ids` at the cut-off date."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET valid = daterange(lower(valid), %s) WHERE id = ANY(%s)",  # noqa: S608
            [plan.as_of, ids],
        )


class _TemporaryNumbers:
    """Numbers T-<county>-<year>-<five digits> after the last one given; the import lock keeps them unique."""

    def __init__(self, county_code: str, year: int) -> None:
        self._prefix = f"T-{county_code}-{year}-"
        last = Person.objects.filter(temporary_number__startswith=self._prefix).aggregate(
            last=Max("temporary_number")
        )["last"]
        self._last = int(last.removeprefix(self._prefix)) if last else 0

    def next(self) -> str:
        self._last += 1
        return f"{self._prefix}{self._last:05d}"
