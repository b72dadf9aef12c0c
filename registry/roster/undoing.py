"""Taking a whole import back: what it made goes, what it changed becomes what it was.

Three things stay, each with its reason: people and households that a later list names, people somebody relies
on since (an enrolment, a login, an entry of the log …), and values that were changed again since.
Everything is decided in temporary tables, for the preview as for the deed: call inside a transaction.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from registry.models import Household, Membership, Person, RosterImport, RosterMark, StatusPeriod
from registry.roster.journal import Edit

LATER_ROSTER = "later_roster"
LOGIN = "login"
STAYING_SHOWN = 500
# Spells that the undo removes keep nobody.
_GOING: dict[type[models.Model], str] = {Membership: "undo_membership", StatusPeriod: "undo_period"}


@dataclass(frozen=True)
class UndoCounts:
    """What an undo takes back, and what stays; `staying` holds uids of people and why, the first few."""

    people_removed: int
    people_restored: int
    people_staying: int
    households_removed: int
    households_staying: int
    memberships_removed: int
    memberships_reopened: int
    periods_removed: int
    periods_reopened: int
    staying: list[dict[str, Any]]


def weigh(roster_import: RosterImport) -> UndoCounts:
    """Find out what undoing the import would do; leaves the temporary tables `undo_…` for `take_back`."""
    _list_subjects(roster_import, RosterMark.Kind.PERSON, "undo_person")
    _list_subjects(roster_import, RosterMark.Kind.HOUSEHOLD, "undo_household")
    _list_spells(roster_import)
    _find_reasons(Person, "undo_person")
    _run(
        "UPDATE undo_person SET reasons = array_append(reasons, %s) FROM registry_person AS person "
        "WHERE person.id = pk AND is_new AND NOT is_later AND person.user_id IS NOT NULL",
        [LOGIN],
    )
    _find_reasons(Household, "undo_household")
    return _counts(roster_import)


def take_back(roster_import: RosterImport) -> None:
    """Do what `weigh` found, in the same transaction."""
    _run("DELETE FROM registry_membership WHERE id IN (SELECT id FROM undo_membership)")
    _run("DELETE FROM registry_statusperiod WHERE id IN (SELECT id FROM undo_period)")
    for edit, subject, column in (
        (Edit.MEMBERSHIP_END, "undo_person", "person_id"),
        (Edit.MEMBERSHIP, "undo_person", "person_id"),
        (Edit.PERIOD_END, "undo_household", "household_id"),
        (Edit.HOUSEHOLD, "undo_household", "id"),
        (Edit.PERSON, "undo_person", "id"),
    ):
        _restore(roster_import, edit, subject, column)
    _restore_secrets(roster_import)
    _run(
        "DELETE FROM registry_person WHERE id IN (SELECT pk FROM undo_person WHERE is_new AND reasons = '{}')"
    )
    _forget_listing(roster_import)
    _run(
        "DELETE FROM registry_household WHERE id IN "
        "(SELECT pk FROM undo_household WHERE is_new AND reasons = '{}')"
    )


def _list_subjects(roster_import: RosterImport, kind: RosterMark.Kind, table: str) -> None:
    """The people or households the list names; a later list that names one too keeps it as it is."""
    _run(f"DROP TABLE IF EXISTS {table}")
    _run(
        f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS "  # noqa: S608
        "SELECT pk, bool_or(is_new) AS is_new, false AS is_later, '{}'::text[] AS reasons "
        "FROM registry_rostermark, unnest(pks) AS pk WHERE roster_import_id = %s AND kind = %s GROUP BY pk",
        [roster_import.pk, kind],
    )
    _run(
        f"UPDATE {table} SET is_later = true, reasons = ARRAY[%s] WHERE pk IN ("  # noqa: S608
        "SELECT unnest(mark.pks) FROM registry_rostermark AS mark "
        "JOIN registry_rosterimport AS later ON later.id = mark.roster_import_id "
        "WHERE mark.kind = %s AND later.state = %s "
        # Marks are made one import after another, whatever the clocks of two workers say.
        "AND mark.id > (SELECT max(id) FROM registry_rostermark WHERE roster_import_id = %s))",
        [LATER_ROSTER, kind, RosterImport.State.APPLIED, roster_import.pk],
    )
    _run(f"ANALYZE {table}")


def _list_spells(roster_import: RosterImport) -> None:
    for table, source, subject, column in (
        ("undo_membership", "registry_membership", "undo_person", "person_id"),
        ("undo_period", "registry_statusperiod", "undo_household", "household_id"),
    ):
        _run(f"DROP TABLE IF EXISTS {table}")
        _run(
            f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS SELECT spell.id FROM {source} AS spell "  # noqa: S608
            f"JOIN {subject} AS subject ON subject.pk = spell.{column} "
            "WHERE spell.source_id = %s AND NOT subject.is_later",
            [roster_import.pk],
        )
        _run(f"ANALYZE {table}")


def _find_reasons(model: type[models.Model], table: str) -> None:
    """Name, for each new row, the kinds of other rows that point at it; apps above us included."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):  # which a one-to-one is too
            continue
        other, column = relation.related_model._meta, relation.field.column
        going = _GOING.get(relation.related_model)
        left = f"AND other.id NOT IN (SELECT id FROM {going})" if going else ""  # noqa: S608
        _run(
            f"UPDATE {table} SET reasons = array_append(reasons, %s) WHERE is_new AND NOT is_later "  # noqa: S608
            f"AND pk IN (SELECT other.{column} FROM {other.db_table} AS other "
            f"WHERE other.{column} IS NOT NULL {left})",
            [other.label_lower],
        )


def _restore(roster_import: RosterImport, edit: Edit, subject: str, column: str) -> None:
    """Give each column its value from before, where it still holds what the import wrote."""
    types = _types_of(edit)
    settings = ", ".join(
        f"{name} = CASE WHEN now.{name} IS NOT DISTINCT FROM (note.after->>'{name}')::{kind} "
        f"THEN (note.before->>'{name}')::{kind} ELSE now.{name} END"
        for name, kind in types.items()
    )
    _run(
        f"UPDATE {edit.target.table} AS now SET {settings} "  # noqa: S608
        f"FROM registry_rosteredit AS note, {subject} AS subject "
        f"WHERE note.roster_import_id = %s AND note.edit = %s AND note.row = now.id "
        f"AND subject.pk = now.{column} AND NOT subject.is_later",
        [roster_import.pk, edit.value],
    )


def _types_of(edit: Edit) -> dict[str, str]:
    if edit in (Edit.MEMBERSHIP_END, Edit.PERIOD_END):
        return {"valid": "daterange"}
    return edit.target.columns


def _restore_secrets(roster_import: RosterImport) -> None:
    """Take back ID numbers that were added, and put replaced phones back, unless they changed since."""
    is_ours = (
        "note.roster_import_id = %s AND note.edit = %s AND note.row = person.id AND subject.pk = person.id "
        "AND NOT subject.is_later"
    )
    _run(
        "UPDATE registry_person AS person SET id_number_sealed = NULL, id_number_hash = NULL "  # noqa: S608
        f"FROM registry_rosteredit AS note, undo_person AS subject WHERE {is_ours} "
        "AND person.id_number_hash = (note.after->>'id_number_hash')::bytea",
        [roster_import.pk, Edit.ID_NUMBER.value],
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person.id, note.id FROM registry_person AS person, registry_rosteredit AS note, "  # noqa: S608
            f"undo_person AS subject WHERE {is_ours} "
            "AND person.phone_hash = (note.after->>'phone_hash')::bytea",
            [roster_import.pk, Edit.PHONE.value],
        )
        note_of = dict(cursor.fetchall())
    notes = roster_import.edits.in_bulk(list(note_of.values()))
    people = list(Person.objects.filter(pk__in=note_of).only("uid"))
    for person in people:
        person.phone = notes[note_of[person.pk]].phone
    Person.objects.bulk_update(people, ["phone_sealed", "phone_hash"], batch_size=2_000)


def _forget_listing(roster_import: RosterImport) -> None:
    """People who came with the list and stay are no longer listed, nor matched with a roster."""
    levels = Person.IdentityLevel
    _run(
        "UPDATE registry_person AS person SET listed_on = NULL, identity_level = CASE "
        "WHEN identity_level = %s THEN %s ELSE identity_level END FROM undo_person AS subject "
        "WHERE subject.pk = person.id AND subject.is_new AND NOT subject.is_later "
        "AND person.listed_on = %s",
        [int(levels.MATCHED), int(levels.DECLARED), roster_import.as_of],
    )
    _run(
        "UPDATE registry_household AS household SET listed_on = NULL FROM undo_household AS subject "
        "WHERE subject.pk = household.id AND subject.is_new AND NOT subject.is_later "
        "AND household.listed_on = %s",
        [roster_import.as_of],
    )


def _counts(roster_import: RosterImport) -> UndoCounts:
    ids = {"import": roster_import.pk}
    restored = (
        "SELECT count(DISTINCT subject.pk) FROM registry_rosteredit AS note "
        "JOIN {table} AS row ON row.id = note.row JOIN {subject} AS subject ON subject.pk = row.{column} "
        "WHERE note.roster_import_id = %(import)s AND note.edit = ANY(%(edits)s) AND NOT subject.is_later"
    )

    def edited(table: str, subject: str, column: str, *edits: Edit) -> int:
        statement = restored.format(table=table, subject=subject, column=column)
        return _number(statement, {**ids, "edits": [edit.value for edit in edits]})

    gone, stays = "is_new AND reasons = '{}'", "is_new AND reasons <> '{}'"
    return UndoCounts(
        people_removed=_number(f"SELECT count(*) FROM undo_person WHERE {gone}"),  # noqa: S608
        people_restored=edited(
            "registry_person", "undo_person", "id", Edit.PERSON, Edit.ID_NUMBER, Edit.PHONE
        ),
        people_staying=_number(f"SELECT count(*) FROM undo_person WHERE {stays}"),  # noqa: S608
        households_removed=_number(f"SELECT count(*) FROM undo_household WHERE {gone}"),  # noqa: S608
        households_staying=_number(f"SELECT count(*) FROM undo_household WHERE {stays}"),  # noqa: S608
        memberships_removed=_number("SELECT count(*) FROM undo_membership"),
        memberships_reopened=edited("registry_membership", "undo_person", "person_id", Edit.MEMBERSHIP_END),
        periods_removed=_number("SELECT count(*) FROM undo_period"),
        periods_reopened=edited("registry_statusperiod", "undo_household", "household_id", Edit.PERIOD_END),
        staying=_staying(),
    )


def _staying() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person.uid, subject.reasons FROM undo_person AS subject "
            "JOIN registry_person AS person ON person.id = subject.pk "
            "WHERE subject.is_new AND subject.reasons <> '{}' "
            "ORDER BY subject.is_later, person.id LIMIT %s",
            [STAYING_SHOWN],
        )
        return [{"person": str(uid), "reasons": reasons} for uid, reasons in cursor.fetchall()]


def _number(statement: str, values: dict[str, Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])


def _run(statement: str, values: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
