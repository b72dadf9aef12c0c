"""What a roster would change: decided here for dry run and apply alike, from what `staging` found.

A roster says what was so on its cut-off date. It adds spells and closes open ones; it never rewrites what a
list of the same day or a newer one has said, and it says nothing about people it does not name.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from registry.models import Person
from registry.roster.known import (
    KnownHousehold,
    KnownMembership,
    KnownPeriod,
    KnownPerson,
    load_households,
    load_namesakes,
    load_people,
)
from registry.roster.problems import Problem
from registry.roster.rows import RosterRow
from registry.roster.staging import HouseholdRows, Staged, Tick, rows_with_lookalikes
from registry.roster.statuses import kinds_of

_CHUNK = 4_000
Item = TypeVar("Item")


class PersonChange(NamedTuple):
    """A person on record becomes what `row` says; ID number and phone only where `takes_…` says so."""

    pk: int
    row: RosterRow
    takes_id_number: bool
    takes_phone: bool


class NewMembership(NamedTuple):
    """A spell of a person on record from the cut-off date on."""

    person_pk: int
    row: RosterRow
    upper: date | None


class NewPeriod(NamedTuple):
    """A status spell from the cut-off date on."""

    household: str
    kind: int
    label: str
    upper: date | None


@dataclass
class Plan:
    """Everything an import would write, and the counts of the contract."""

    as_of: date
    household_ids: dict[str, int]
    households_named: list[int] = field(default_factory=list)
    new_households: dict[str, int] = field(default_factory=dict)
    changed_households: list[tuple[int, int, date]] = field(default_factory=list)
    new_people: list[RosterRow] = field(default_factory=list)
    people_named: list[int] = field(default_factory=list)
    changed_people: list[PersonChange] = field(default_factory=list)
    new_memberships: list[NewMembership] = field(default_factory=list)
    changed_memberships: list[tuple[int, str, str, bool]] = field(default_factory=list)
    closed_memberships: list[int] = field(default_factory=list)
    new_periods: list[NewPeriod] = field(default_factory=list)
    closed_periods: list[int] = field(default_factory=list)
    periods_unchanged: int = 0
    suggested: int = 0
    problems: list[Problem] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """The counts of people, households and spells as the import contract names them."""
        return {
            "persons": {
                "created": len(self.new_people),
                "matched": len(self.people_named),
                "suggested": self.suggested,
            },
            "households": {"created": len(self.new_households), "matched": len(self.households_named)},
            "status_periods": {
                "opened": len(self.new_periods),
                "closed": len(self.closed_periods),
                "unchanged": self.periods_unchanged,
            },
        }


def plan_import(
    rows: list[RosterRow], staged: Staged, as_of: date, columns: dict[str, dict[str, str]], tick: Tick
) -> Plan:
    """Return what the checked and staged `rows` of a list of `as_of` would change.

    `columns` names the columns of each sheet in problems; `tick` is called often.
    """
    plan = Plan(as_of, staged.household_ids)
    _HouseholdPlanner(plan, staged, columns).plan_all(tick)
    _PersonPlanner(plan, staged, columns).plan_all(rows, tick)
    return plan


class _HouseholdPlanner:
    def __init__(self, plan: Plan, staged: Staged, columns: dict[str, dict[str, str]]) -> None:
        self._plan = plan
        self._staged = staged
        self._columns = columns

    def plan_all(self, tick: Tick) -> None:
        plan, staged = self._plan, self._staged
        plan.households_named = list(staged.household_ids.values())
        changed = set(staged.changed_households)
        for number, rows in staged.households.items():
            if number not in staged.household_ids:
                plan.new_households[number] = rows.first.village_id
                self._plan_status(number, KnownHousehold(0, rows.first.village_id, None), rows)
            elif number not in changed and rows.stating:
                plan.periods_unchanged += len(kinds_of(rows.stating.status) or ())
        for numbers in _chunks(number for number in staged.households if number in changed):
            known = load_households(staged.household_ids[number] for number in numbers)
            for number in numbers:
                self._plan_known(number, known[staged.household_ids[number]], staged.households[number])
            tick(0)

    def _plan_known(self, number: str, known: KnownHousehold, rows: HouseholdRows) -> None:
        village, as_of = rows.first.village_id, self._plan.as_of
        is_current = known.listed_on is None or as_of >= known.listed_on
        if is_current and (known.village_id, known.listed_on) != (village, as_of):
            self._plan.changed_households.append((known.pk, village, as_of))
        self._plan_status(number, known, rows)

    def _plan_status(self, number: str, known: KnownHousehold, rows: HouseholdRows) -> None:
        if rows.stating is None:
            return
        plan, as_of = self._plan, self._plan.as_of
        asserted = kinds_of(rows.stating.status) or frozenset()
        covering = [period for period in known.periods if _covers(period, as_of)]
        kinds_held = {period.kind for period in covering}
        ended = [period for period in covering if period.kind not in asserted]
        is_newest = known.listed_on is None or as_of > known.listed_on
        is_restated = as_of == known.listed_on and kinds_held and kinds_held != asserted
        begun_today = any(period.lower == as_of for period in ended)
        if begun_today or (not is_newest and (ended or is_restated)):
            plan.problems.append(_problem(rows.stating, self._columns, "status", "status_disagrees"))
            return
        plan.closed_periods += [period.pk for period in ended]
        plan.periods_unchanged += len(asserted & kinds_held)
        upper = _next_start(known, as_of, None if is_newest else known.listed_on)
        plan.new_periods += [
            NewPeriod(number, kind, rows.stating.status, upper) for kind in sorted(asserted - kinds_held)
        ]


class _PersonPlanner:
    """Matches all rows by ID number first; the rest by place in the household."""

    def __init__(self, plan: Plan, staged: Staged, columns: dict[str, dict[str, str]]) -> None:
        self._plan = plan
        self._staged = staged
        self._columns = columns
        self._matched = set(staged.person_ids.values())

    def plan_all(self, rows: list[RosterRow], tick: Tick) -> None:
        staged, plan = self._staged, self._plan
        plan.people_named = [staged.person_ids[n] for n in sorted(staged.unchanged)]
        rest = [n for n in range(len(rows)) if n not in staged.unchanged]
        new: list[int] = []
        for chunk in _chunks(rest):
            found = self._match([(n, rows[n]) for n in chunk])
            people = load_people(found.values())
            for n in chunk:
                if n in found:
                    self._plan_known(rows[n], people[found[n]])
                else:
                    new.append(n)
            tick(len(chunk))
        plan.new_people = [rows[n] for n in new]
        alike = rows_with_lookalikes({n: rows[n] for n in new}) if new else set()
        plan.suggested = len(alike)
        plan.problems += [_problem(rows[n], self._columns, "name", "maybe_known") for n in sorted(alike)]

    def _match(self, rows: list[tuple[int, RosterRow]]) -> dict[int, int]:
        """Return whom the rows mean, new people left out."""
        found = {n: self._staged.person_ids[n] for n, _row in rows if n in self._staged.person_ids}
        open_rows = [(n, row) for n, row in rows if n not in found]
        namesakes = load_namesakes((row for _n, row in open_rows), self._plan.household_ids)
        for n, row in open_rows:
            pk = self._match_in_household(row, namesakes) if namesakes else None
            if pk:
                found[n] = pk
                self._matched.add(pk)
        return found

    def _match_in_household(
        self, row: RosterRow, namesakes: dict[tuple[int, str], list[tuple[str, int, bool]]]
    ) -> int | None:
        """By name and place in the household: one of the two must then lack an ID number."""
        known = namesakes.get((self._plan.household_ids.get(row.household, 0), row.name_key), ())
        candidates = {
            pk: number
            for number, pk, has_id in known
            if pk not in self._matched and not (has_id and row.id_number)
        }
        if row.number:
            by_number = [pk for pk, number in candidates.items() if number == row.number]
            if by_number:
                return by_number[0]
        if not row.id_number and len(candidates) == 1:
            pk, number = next(iter(candidates.items()))
            return None if number and row.number else pk
        return None

    def _plan_known(self, row: RosterRow, person: KnownPerson) -> None:
        self._plan.people_named.append(person.pk)
        self._plan_membership(row, person)
        if person.listed_on is None or self._plan.as_of >= person.listed_on:
            self._plan_change(row, person)

    def _plan_membership(self, row: RosterRow, person: KnownPerson) -> None:
        plan, as_of = self._plan, self._plan.as_of
        household = plan.household_ids.get(row.household)
        current = next((spell for spell in person.memberships if _covers(spell, as_of)), None)
        is_newest = person.listed_on is None or as_of > person.listed_on
        if current and current.household_id == household:
            same = (current.number, current.relation, current.is_head)
            wanted = (row.number, row.relation, row.is_head)
            if same != wanted and (is_newest or as_of == person.listed_on):
                plan.changed_memberships.append((current.pk, *wanted))
            return
        if current:
            if not is_newest or current.lower == as_of:
                plan.problems.append(_problem(row, self._columns, "household", "household_disagrees"))
                return
            plan.closed_memberships.append(current.pk)
        later = [spell.lower for spell in person.memberships if spell.lower and spell.lower > as_of]
        plan.new_memberships.append(NewMembership(person.pk, row, min(later, default=None)))

    def _plan_change(self, row: RosterRow, person: KnownPerson) -> None:
        change = PersonChange(
            pk=person.pk,
            row=row,
            takes_id_number=bool(row.id_number) and not person.has_id_number,
            takes_phone=bool(row.phone) and not person.has_phone(row.phone),
        )
        new = (
            row.name, row.name_key, row.sex or person.sex, row.birth_year or person.birth_year,
            row.village_id, max(person.identity_level, identity_level_of(row)), self._plan.as_of,
        )  # fmt: skip
        old = (
            person.name, person.name_key, person.sex, person.birth_year, person.village_id,
            person.identity_level, person.listed_on,
        )  # fmt: skip
        if new != old or change.takes_id_number or change.takes_phone:
            self._plan.changed_people.append(change)


def identity_level_of(row: RosterRow) -> int:
    """A row with an ID number matches the register; one without is only what somebody declared."""
    return Person.IdentityLevel.MATCHED if row.id_number else Person.IdentityLevel.DECLARED


def _next_start(known: KnownHousehold, as_of: date, listed_on: date | None) -> date | None:
    """The first day on which something later is known: an older list speaks only up to there."""
    starts = [period.lower for period in known.periods if period.lower and period.lower > as_of]
    if listed_on and listed_on > as_of:
        starts.append(listed_on)
    return min(starts, default=None)


def _problem(row: RosterRow, columns: dict[str, dict[str, str]], column: str, code: str) -> Problem:
    return Problem(row.row, columns[row.sheet][column], code, sheet=row.sheet)


def _covers(spell: KnownPeriod | KnownMembership, day: date) -> bool:
    return (spell.lower is None or spell.lower <= day) and (spell.upper is None or day < spell.upper)


def _chunks(values: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk
