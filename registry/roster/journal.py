"""What an import writes, noted while it writes, so that exactly that can be taken back.

New spells name their import themselves. New people and households, and those a list names, are marked in
bundles; a row on record that changes keeps its values before and after.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import connection

from registry.models import Person, RosterEdit, RosterImport, RosterMark
from registry.roster.copying import copy_rows

_BUNDLE = 5_000


@dataclass(frozen=True)
class _Target:
    """The table that an edit changes, the types of what comes in, and the columns it sets."""

    table: str
    columns: dict[str, str]
    settings: dict[str, str]
    is_secret: bool = False


def _plain(table: str, columns: dict[str, str], *, is_secret: bool = False) -> _Target:
    return _Target(table, columns, {name: f"fresh.{name}" for name in columns}, is_secret)


class Edit(Enum):
    """The kinds of change to a row on record."""

    HOUSEHOLD = "household"
    PERSON = "person"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    MEMBERSHIP = "membership"
    MEMBERSHIP_END = "membership_end"
    PERIOD_END = "period_end"

    @property
    def target(self) -> _Target:
        """Where and what it writes."""
        return _TARGETS[self]


_ENDING = {"until": "date"}, {"valid": "daterange(lower(old.valid), fresh.until)"}
_TARGETS = {
    Edit.HOUSEHOLD: _plain("registry_household", {"village_id": "bigint", "listed_on": "date"}),
    Edit.PERSON: _Target(
        "registry_person",
        {
            "name": "text", "name_key": "text", "sex": "text", "birth_year": "smallint",
            "village_id": "bigint", "identity_level": "smallint", "listed_on": "date",
        },
        {
            "name": "fresh.name",
            "name_key": "fresh.name_key",
            # A row without an ID number knows neither; a card that was checked stays checked.
            "sex": "coalesce(nullif(fresh.sex, ''), old.sex)",
            "birth_year": "coalesce(fresh.birth_year, old.birth_year)",
            "village_id": "fresh.village_id",
            "identity_level": "greatest(old.identity_level, fresh.identity_level)",
            "listed_on": "fresh.listed_on",
        },
    ),
    Edit.ID_NUMBER: _plain(
        "registry_person", {"id_number_sealed": "bytea", "id_number_hash": "bytea"}, is_secret=True
    ),
    Edit.PHONE: _plain("registry_person", {"phone_sealed": "bytea", "phone_hash": "bytea"}, is_secret=True),
    Edit.MEMBERSHIP: _plain(
        "registry_membership", {"number": "text", "relation": "text", "is_head": "boolean"}
    ),
    Edit.MEMBERSHIP_END: _Target("registry_membership", *_ENDING),
    Edit.PERIOD_END: _Target("registry_statusperiod", *_ENDING),
}  # fmt: skip


def mark(roster_import: RosterImport, kind: RosterMark.Kind, pks: list[int], *, is_new: bool) -> None:
    """Note that the list made the rows `pks`, or names them."""
    copy_rows(
        "registry_rostermark",
        ("roster_import_id", "kind", "is_new", "pks"),
        (
            (roster_import.pk, kind.value, is_new, f"{{{','.join(map(str, pks[start : start + _BUNDLE]))}}}")
            for start in range(0, len(pks), _BUNDLE)
        ),
    )


def note_and_update(roster_import: RosterImport, edit: Edit, rows: Iterable[tuple[Any, ...]]) -> None:
    """Change the rows whose id leads each tuple, and keep what they held; secrets only by their hash."""
    rows = list(rows)
    if not rows:
        return
    target = edit.target
    definitions = ", ".join(f"{name} {kind}" for name, kind in target.columns.items())
    settings = ", ".join(f"{name} = {value}" for name, value in target.settings.items())
    kept = [name for name in target.settings if not name.endswith("_sealed")]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS fresh")
        cursor.execute(f"CREATE TEMPORARY TABLE fresh (id bigint, {definitions}) ON COMMIT DROP")
        copy_rows("fresh", ("id", *target.columns), rows)
        cursor.execute(
            f"INSERT INTO registry_rosteredit (uid, roster_import_id, edit, row, before, after) "  # noqa: S608
            f"SELECT gen_random_uuid(), %s, %s, old.id, {_as_json('old', kept)}, '{{}}' "
            f"FROM {target.table} AS old JOIN fresh ON fresh.id = old.id "
            f"ON CONFLICT (roster_import_id, edit, row) DO UPDATE SET before = excluded.before",
            [roster_import.pk, edit.value],
        )
        cursor.execute(
            f"UPDATE {target.table} AS old SET {settings} FROM fresh WHERE fresh.id = old.id"  # noqa: S608
        )
        cursor.execute(
            f"UPDATE registry_rosteredit AS note SET after = {_as_json('now', kept)} "  # noqa: S608
            f"FROM {target.table} AS now "
            "WHERE note.roster_import_id = %s AND note.edit = %s AND note.row = now.id",
            [roster_import.pk, edit.value],
        )


def _as_json(table: str, columns: list[str]) -> str:
    pairs = ", ".join(f"'{name}', {table}.{name}" for name in columns)
    return f"jsonb_build_object({pairs})"


def keep_old_phones(roster_import: RosterImport, pks: list[int]) -> None:
    """Keep the numbers that are about to be replaced, sealed under the journal's own rows.

    There they are found when keys change, as any sealed column is.
    """
    notes = []
    for person in Person.objects.filter(pk__in=pks, phone_sealed__isnull=False).iterator():
        note = RosterEdit(roster_import=roster_import, edit=Edit.PHONE.value, row=person.pk)
        note.phone = person.phone
        notes.append(note)
    RosterEdit.objects.bulk_create(notes, batch_size=_BUNDLE)
