"""What a roster would change: decided here, without the database, for dry run and apply alike.

A roster says what was so on its cut-off date. It adds spells and closes open ones; it never rewrites what a
list of the same day or a newer one has said, and it says nothing about people it does not name.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from registry.models import Person
from registry.roster.known import Known, KnownHousehold, KnownMembership, KnownPeriod, KnownPerson
from registry.roster.problems import Problem
from registry.roster.rows import RosterRow
from registry.roster.statuses import kinds_of


@dataclass(slots=True)
class PersonChange:
    """New values of a person on record; ID number and phone only where `takes_…` says so."""

    person: KnownPerson
    row: RosterRow
    name: str
    name_key: str
    sex: str
    birth_year: int | None
    village_id: int | None
    identity_level: int
    listed_on: date
    takes_id_number: bool
    takes_phone: bool


@dataclass(slots=True)
class NewMembership:
    """A spell from the cut-off date on; the person is on record (`person_pk`) or new with `row`."""

    row: RosterRow
    person_pk: int | None
    upper: date | None


@dataclass(slots=True)
class NewPeriod:
    """A status spell from the cut-off date on."""

    household: str
    kind: int
    label: str
    upper: date | None


@dataclass
class Plan:
    """Everything an import would write, and the counts of the contract."""

    as_of: date
    new_households: dict[str, int] = field(default_factory=dict)
    household_ids: dict[str, int] = field(default_factory=dict)
    changed_households: list[tuple[int, int, date]] = field(default_factory=list)
    new_people: list[RosterRow] = field(default_factory=list)
    changed_people: list[PersonChange] = field(default_factory=list)
    new_memberships: list[NewMembership] = field(default_factory=list)
    changed_memberships: list[tuple[int, str, str, bool]] = field(default_factory=list)
    closed_memberships: list[int] = field(default_factory=list)
    new_periods: list[NewPeriod] = field(default_factory=list)
    closed_periods: list[int] = field(default_factory=list)
    periods_unchanged: int = 0
    people_matched: int = 0
    suggested: int = 0
    households_matched: int = 0
    problems: list[Problem] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """The counts of people, households and spells as the import contract names them."""
        return {
            "persons": {
                "created": len(self.new_people),
                "matched": self.people_matched,
                "suggested": self.suggested,
            },
            "households": {"created": len(self.new_households), "matched": self.households_matched},
            "status_periods": {
                "opened": len(self.new_periods),
                "closed": len(self.closed_periods),
                "unchanged": self.periods_unchanged,
            },
        }


def plan_import(rows: list[RosterRow], known: Known, as_of: date, columns: dict[str, str]) -> Plan:
    """Return what the checked `rows` of a list of `as_of` would change; `columns` names them in problems."""
    planner = _Planner(known, as_of, columns)
    by_household: dict[str, list[RosterRow]] = {}
    for row in rows:
        by_household.setdefault(row.household, []).append(row)
    for number, household_rows in by_household.items():
        planner.plan_household(number, household_rows)
    for row in rows:
        planner.plan_person(row)
    return planner.plan


class _Planner:
    def __init__(self, known: Known, as_of: date, columns: dict[str, str]) -> None:
        self.plan = Plan(as_of)
        self._known = known
        self._as_of = as_of
        self._columns = columns
        self._matched: set[int] = set()

    def plan_household(self, number: str, rows: list[RosterRow]) -> None:
        known = self._known.households.get(number)
        village = rows[0].village_id
        if known is None:
            self.plan.new_households[number] = village
            known = KnownHousehold(0, village, None)
        else:
            self.plan.households_matched += 1
            self.plan.household_ids[number] = known.pk
            is_current = known.listed_on is None or self._as_of >= known.listed_on
            if is_current and (known.village_id, known.listed_on) != (village, self._as_of):
                self.plan.changed_households.append((known.pk, village, self._as_of))
        stating = next((row for row in rows if row.status), None)
        if stating:
            self._plan_status(number, known, stating)

    def _plan_status(self, number: str, known: KnownHousehold, row: RosterRow) -> None:
        asserted = kinds_of(row.status) or frozenset()
        covering = [period for period in known.periods if _covers(period, self._as_of)]
        ended = [period for period in covering if period.kind not in asserted]
        is_newest = known.listed_on is None or self._as_of > known.listed_on
        is_same_day = self._as_of == known.listed_on
        kinds_held = {period.kind for period in covering}
        if not is_newest and (ended or (is_same_day and kinds_held and kinds_held != asserted)):
            self._report(row, "status", "status_disagrees")
            return
        if any(period.lower == self._as_of for period in ended):
            self._report(row, "status", "status_disagrees")
            return
        self.plan.closed_periods += [period.pk for period in ended]
        for kind in sorted(asserted):
            if kind in kinds_held:
                self.plan.periods_unchanged += 1
            else:
                upper = self._next_start(known, None if is_newest else known.listed_on)
                self.plan.new_periods.append(NewPeriod(number, kind, row.status, upper))

    def _next_start(self, known: KnownHousehold, listed_on: date | None) -> date | None:
        """The first day on which something later is known: an older list speaks only up to there."""
        starts = [period.lower for period in known.periods if period.lower and period.lower > self._as_of]
        if listed_on and listed_on > self._as_of:
            starts.append(listed_on)
        return min(starts, default=None)

    def plan_person(self, row: RosterRow) -> None:
        person = self._match(row)
        if person is None:
            self.plan.new_people.append(row)
            self.plan.new_memberships.append(NewMembership(row, None, None))
            if (row.name_key, row.birth_year, row.village_id) in self._known.lookalikes:
                self.plan.suggested += 1
                self._report(row, "name", "maybe_known")
            return
        self._matched.add(person.pk)
        self.plan.people_matched += 1
        self._plan_membership(row, person)
        if person.listed_on is None or self._as_of >= person.listed_on:
            self._plan_person_change(row, person)

    def _match(self, row: RosterRow) -> KnownPerson | None:
        """By ID number; else by place in the household: one of the two must then lack an ID number."""
        person = self._known.people_by_id.get(row.id_hash) if row.id_hash else None
        if person is None:
            person = self._match_in_household(row)
        return None if person is None or person.pk in self._matched else person

    def _match_in_household(self, row: RosterRow) -> KnownPerson | None:
        household = self._known.households.get(row.household)
        if household is None:
            return None
        same_name = {
            person.pk: (number, person)
            for number, person in self._known.members.get(household.pk, ())
            if person.name_key == row.name_key and (person.id_hash is None or row.id_hash is None)
        }
        if row.number:
            by_number = [person for number, person in same_name.values() if number == row.number]
            if by_number:
                return by_number[0]
        if row.id_hash is None and len(same_name) == 1:
            number, person = next(iter(same_name.values()))
            return person if not (number and row.number) else None
        return None

    def _plan_membership(self, row: RosterRow, person: KnownPerson) -> None:
        household = self._known.households.get(row.household)
        current = next((spell for spell in person.memberships if _covers(spell, self._as_of)), None)
        is_newest = person.listed_on is None or self._as_of > person.listed_on
        if current and household and current.household_id == household.pk:
            same = (current.number, current.relation, current.is_head)
            if (is_newest or self._as_of == person.listed_on) and same != (
                row.number, row.relation, row.is_head
            ):  # fmt: skip
                self.plan.changed_memberships.append((current.pk, row.number, row.relation, row.is_head))
            return
        if current:
            if not is_newest or current.lower == self._as_of:
                self._report(row, "household", "household_disagrees")
                return
            self.plan.closed_memberships.append(current.pk)
        later = [spell.lower for spell in person.memberships if spell.lower and spell.lower > self._as_of]
        self.plan.new_memberships.append(NewMembership(row, person.pk, min(later, default=None)))

    def _plan_person_change(self, row: RosterRow, person: KnownPerson) -> None:
        level = max(person.identity_level, identity_level_of(row))
        change = PersonChange(
            person=person,
            row=row,
            name=row.name,
            name_key=row.name_key,
            sex=row.sex or person.sex,
            birth_year=row.birth_year or person.birth_year,
            village_id=row.village_id,
            identity_level=level,
            listed_on=self._as_of,
            takes_id_number=bool(row.id_hash and person.id_hash is None),
            takes_phone=bool(row.phone_hash and row.phone_hash != person.phone_hash),
        )
        new = (change.name, change.sex, change.birth_year, change.village_id, level, change.listed_on)
        old = (
            person.name, person.sex, person.birth_year, person.village_id, person.identity_level,
            person.listed_on,
        )  # fmt: skip
        if new != old or change.takes_id_number or change.takes_phone:
            self.plan.changed_people.append(change)

    def _report(self, row: RosterRow, column: str, code: str) -> None:
        self.plan.problems.append(Problem(row.row, self._columns[column], code))


def identity_level_of(row: RosterRow) -> int:
    """A row with an ID number matches the register; one without is only what somebody declared."""
    return Person.IdentityLevel.MATCHED if row.id_hash else Person.IdentityLevel.DECLARED


def _covers(spell: KnownPeriod | KnownMembership, day: date) -> bool:
    return (spell.lower is None or spell.lower <= day) and (spell.upper is None or day < spell.upper)
