"""Writes a plan: COPY for what is new, one UPDATE from a temporary table for each kind of change.

The caller holds the import lock and the transaction; nothing is decided here. What is written is noted for a
later undo (`journal`).
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from registry import sealing
from registry.models import Person, RosterImport, RosterMark
from registry.roster.copying import copy_rows, next_ids, range_text
from registry.roster.journal import Edit, keep_old_phones, mark, note_and_update
from registry.roster.plan import PersonChange, Plan, identity_level_of
from registry.roster.rows import RosterRow
from registry.roster.staging import Tick, ticking

Kind = RosterMark.Kind


def write_plan(
    plan: Plan, roster_import: RosterImport, first_temporary: Callable[[], str], now: datetime, tick: Tick
) -> None:
    """Write everything `plan` holds, with `roster_import` as its source.

    `first_temporary` draws the county's next temporary number and holds its lock, hence it comes last.
    """
    households = {**plan.household_ids, **_write_households(plan, roster_import)}
    tick(0)
    person_ids = _write_people(plan, roster_import, now, tick)
    _write_memberships(plan, roster_import, households, person_ids, tick)
    _write_periods(plan, roster_import, households)
    tick(0)
    _give_temporary_numbers(plan, person_ids, first_temporary)


def _write_households(plan: Plan, roster_import: RosterImport) -> dict[str, int]:
    ids = next_ids("registry_household", len(plan.new_households))
    copy_rows(
        "registry_household",
        ("id", "county_id", "number", "village_id", "listed_on"),
        (
            (pk, roster_import.county_id, number, village, plan.as_of)
            for pk, (number, village) in zip(ids, plan.new_households.items(), strict=True)
        ),
    )
    mark(roster_import, Kind.HOUSEHOLD, ids, is_new=True)
    mark(roster_import, Kind.HOUSEHOLD, plan.households_named, is_new=False)
    note_and_update(roster_import, Edit.HOUSEHOLD, plan.changed_households)
    return dict(zip(plan.new_households, ids, strict=True))


def _write_people(plan: Plan, roster_import: RosterImport, now: datetime, tick: Tick) -> list[int]:
    ids = next_ids("registry_person", len(plan.new_people))
    copy_rows(
        "registry_person",
        (
            "id", "uid", "name", "name_key", "sex", "birth_year", "village_id",
            "id_number_sealed", "id_number_hash", "identity_level",
            "phone_sealed", "phone_hash", "phone_owner", "listed_on", "created_at",
        ),
        ticking(tick, _new_people(ids, plan, now)),
    )  # fmt: skip
    mark(roster_import, Kind.PERSON, ids, is_new=True)
    mark(roster_import, Kind.PERSON, plan.people_named, is_new=False)
    keep_old_phones(roster_import, [change.pk for change in plan.changed_people if change.takes_phone])
    note_and_update(
        roster_import,
        Edit.PERSON,
        (
            (
                change.pk, change.row.name, change.row.name_key, change.row.sex, change.row.birth_year,
                change.row.village_id, int(identity_level_of(change.row)), plan.as_of,
            )
            for change in plan.changed_people
        ),
    )  # fmt: skip
    _seal_changes(roster_import, plan.changed_people)
    return ids


def _new_people(ids: list[int], plan: Plan, now: datetime) -> Iterator[tuple[Any, ...]]:
    numbers = sealing.lookup_hashes_of_many((row.id_number for row in plan.new_people), purpose="id_number")
    phones = sealing.lookup_hashes_of_many((row.phone for row in plan.new_people), purpose="phone")
    for pk, row, number, phone in zip(ids, plan.new_people, numbers, phones, strict=True):
        uid = uuid.uuid4()
        yield (
            pk, uid, row.name, row.name_key, row.sex, row.birth_year, row.village_id,
            _sealed("id_number", uid, row.id_number), number[0] if number else None,
            int(identity_level_of(row)),
            _sealed("phone", uid, row.phone), phone[0] if phone else None, "", plan.as_of, now,
        )  # fmt: skip


def _sealed(column: str, uid: uuid.UUID, value: str) -> bytes | None:
    """As `Person.id_number` and `Person.phone` seal, without making a person for each row."""
    return sealing.seal(value, context=f"registry_person.{column}.{uid}") if value else None


def _seal_changes(roster_import: RosterImport, changes: list[PersonChange]) -> None:
    taking = {change.pk: change for change in changes if change.takes_id_number or change.takes_phone}
    ids, phones = [], []
    for pk, uid in Person.objects.filter(pk__in=taking).values_list("pk", "uid"):
        person = Person(uid=uid)
        if taking[pk].takes_id_number:
            person.id_number = taking[pk].row.id_number
            ids.append((pk, person.id_number_sealed, person.id_number_hash))
        if taking[pk].takes_phone:
            person.phone = taking[pk].row.phone
            phones.append((pk, person.phone_sealed, person.phone_hash))
    note_and_update(roster_import, Edit.ID_NUMBER, ids)
    note_and_update(roster_import, Edit.PHONE, phones)


def _write_memberships(
    plan: Plan, roster_import: RosterImport, households: dict[str, int], person_ids: list[int], tick: Tick
) -> None:
    _close(roster_import, Edit.MEMBERSHIP_END, plan.closed_memberships, plan)
    note_and_update(roster_import, Edit.MEMBERSHIP, plan.changed_memberships)
    spells: Iterator[tuple[int, RosterRow, Any]] = (
        (pk, row, None) for pk, row in zip(person_ids, plan.new_people, strict=True)
    )
    copy_rows(
        "registry_membership",
        ("person_id", "household_id", "number", "is_head", "relation", "valid", "source_id"),
        ticking(
            tick,
            (
                (
                    pk, households[row.household], row.number, row.is_head, row.relation,
                    range_text(plan.as_of, upper), roster_import.pk,
                )
                for group in (spells, plan.new_memberships)
                for pk, row, upper in group
            ),
        ),
    )  # fmt: skip


def _write_periods(plan: Plan, roster_import: RosterImport, households: dict[str, int]) -> None:
    _close(roster_import, Edit.PERIOD_END, plan.closed_periods, plan)
    copy_rows(
        "registry_statusperiod",
        ("household_id", "kind", "label", "valid", "source_id", "reason"),
        (
            (
                households[period.household], int(period.kind), period.label,
                range_text(plan.as_of, period.upper), roster_import.pk, "",
            )
            for period in plan.new_periods
        ),
    )  # fmt: skip


def _close(roster_import: RosterImport, edit: Edit, ids: list[int], plan: Plan) -> None:
    note_and_update(roster_import, edit, ((pk, plan.as_of) for pk in ids))


def _give_temporary_numbers(plan: Plan, person_ids: list[int], first_temporary: Callable[[], str]) -> None:
    """Number those without an ID number one after another from the county's next free one."""
    pks = [pk for pk, row in zip(person_ids, plan.new_people, strict=True) if not row.id_number]
    if not pks:
        return
    prefix, _dash, first = first_temporary().rpartition("-")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_person AS person SET temporary_number = %s || lpad(fresh.serial::text, "
            "greatest(5, length(fresh.serial::text)), '0') "
            "FROM (SELECT pk, place + %s AS serial FROM unnest(%s::bigint[]) "
            "WITH ORDINALITY AS given(pk, place)) AS fresh WHERE fresh.pk = person.id",
            [f"{prefix}-", int(first) - 1, pks],
        )
