"""From raw cells to a checked row, with everything that is wrong with it."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from registry.errors import PhoneError, RegistryError
from registry.id_numbers import IdNumber
from registry.names import compare_key
from registry.phones import clean_phone
from registry.roster.columns import header_key
from registry.roster.identity import read_id_number, read_name
from registry.roster.problems import ERROR, Problem
from registry.roster.reader import FIELDS, RosterSheet, SheetRow, cell_text
from registry.roster.statuses import kinds_of
from registry.roster.villages import VillageIndex

HEAD = "户主"
# A float holds 15 digits for certain; a longer number has lost its last ones.
_FLOAT_DIGITS = 10**15
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+\d+")
_PLACE = {name: place for place, name in enumerate(FIELDS)}


@dataclass(slots=True)
class RosterRow:
    """A row that may be applied; `sheet` is empty where the file has only one."""

    row: int
    sheet: str
    household: str
    number: str
    name: str
    name_key: str
    id_number: str
    sex: str
    birth_year: int | None
    village_id: int
    relation: str
    is_head: bool
    status: str
    phone: str

    @property
    def place(self) -> str:
        """Where the row stands, for people."""
        return f"{self.sheet} {self.row}" if self.sheet else str(self.row)


class RowChecker:
    """Checks the rows of one file in turn and remembers what they must not repeat."""

    def __init__(self, *, county_name: str, villages: VillageIndex, today: date | None = None) -> None:
        self.today = today or timezone.localdate()
        self.county = _County(county_name, villages)
        self._rows_by_id: dict[str, RosterRow] = {}
        self._rows_by_place: dict[tuple[str, str, str], RosterRow] = {}
        self._heads: dict[str, RosterRow] = {}
        self._phones: dict[str, RosterRow] = {}
        self._statuses: dict[str, RosterRow] = {}
        self._unstated: dict[str, Problem] = {}

    def check(
        self, source: SheetRow, sheet: RosterSheet, sheet_name: str = ""
    ) -> tuple[RosterRow | None, list[Problem]]:
        """Return the checked row, or None when it is refused, and its problems."""
        reading = _Reading(sheet, sheet_name, source)
        row = self._read(reading)
        if not reading.is_refused:
            self._check_against_others(row, reading)
        if reading.is_refused:
            return None, reading.problems
        self._remember(row, reading)
        return row, reading.problems

    def finish(self) -> list[Problem]:
        """Return what only shows when all rows are known: households without any status."""
        return [problem for household, problem in self._unstated.items() if household not in self._statuses]

    def _read(self, reading: "_Reading") -> RosterRow:
        reading.check_county(self.county)
        parsed = reading.id_number(self.today)
        phone = reading.phone()
        relation = reading.relation()
        name = reading.name()
        return RosterRow(
            row=reading.row,
            sheet=reading.sheet_name,
            household=reading.registry_number("household", is_required=True),
            number=reading.registry_number("number"),
            name=name,
            name_key=compare_key(name),
            id_number=parsed.number if parsed else "",
            sex=parsed.sex if parsed else "",
            birth_year=parsed.birth_date.year if parsed else None,
            village_id=reading.village(self.county),
            relation=relation,
            is_head=relation == HEAD,
            status=reading.status(),
            phone=phone,
        )

    def _check_against_others(self, row: RosterRow, reading: "_Reading") -> None:
        other = self._rows_by_id.get(row.id_number) if row.id_number else None
        same_place = self._rows_by_place.get((row.household, row.number, row.name_key))
        # Two people of one household may share a name; without an ID number nothing tells them apart.
        if other is None and same_place and not (row.id_number and same_place.id_number):
            other = same_place
        if other is not None:
            reading.report("id_number" if row.id_number else "name", "duplicate", other=other.place)
        head = self._heads.get(row.household) if row.is_head else None
        if head:
            reading.report("relation", "second_head", other=head.place)
            row.is_head = False
        stated = self._statuses.get(row.household)
        if stated and row.status and stated.status != row.status:
            reading.report("status", "status_conflict", other=stated.place)
        phone = self._phones.get(row.phone) if row.phone else None
        if phone and phone.household != row.household:
            reading.report("phone", "phone_shared", other=phone.place)

    def _remember(self, row: RosterRow, reading: "_Reading") -> None:
        if row.id_number:
            self._rows_by_id[row.id_number] = row
        self._rows_by_place.setdefault((row.household, row.number, row.name_key), row)
        if row.is_head:
            self._heads[row.household] = row
        if row.phone:
            self._phones.setdefault(row.phone, row)
        if row.status:
            self._statuses.setdefault(row.household, row)
        elif row.household not in self._unstated:
            self._unstated[row.household] = reading.problem("status", "status_missing")


class _County:
    """What rows say over and over, looked up once: whether the county is meant, which village it is."""

    def __init__(self, name: str, villages: VillageIndex) -> None:
        self._name = name
        self._villages = villages
        self._is_meant: dict[str, bool] = {}
        self._found: dict[tuple[str, str], int | RegistryError] = {}

    def is_meant_by(self, text: str) -> bool:
        if text not in self._is_meant:
            stated = header_key(text)
            self._is_meant[text] = not stated or stated == self._name or self._name.startswith(stated)
        return self._is_meant[text]

    def village(self, town: str, name: str) -> int:
        """Return the region id; raises what `VillageIndex.find` does."""
        if (town, name) not in self._found:
            try:
                self._found[town, name] = self._villages.find(town, name)
            except RegistryError as error:
                self._found[town, name] = error
        found = self._found[town, name]
        if isinstance(found, RegistryError):
            raise found
        return found


class _Reading:
    """One row while it is read: hands out cleaned values and gathers what is wrong."""

    __slots__ = ("_sheet", "_values", "is_refused", "problems", "row", "sheet_name")

    def __init__(self, sheet: RosterSheet, sheet_name: str, source: SheetRow) -> None:
        self._sheet = sheet
        self._values = source.values
        self.row = source.number
        self.sheet_name = sheet_name
        self.problems: list[Problem] = []
        self.is_refused = False

    def problem(self, column: str, code: str, /, **values: Any) -> Problem:
        return Problem(self.row, self._sheet.header_of(column), code, values, self.sheet_name)

    def report(self, column: str, code: str, /, **values: Any) -> None:
        problem = self.problem(column, code, **values)
        self.problems.append(problem)
        self.is_refused = self.is_refused or problem.severity == ERROR

    def raw(self, name: str) -> Any:
        return self._values[_PLACE[name]]

    def text(self, name: str) -> str:
        return cell_text(self._values[_PLACE[name]])

    def check_county(self, county: _County) -> None:
        text = self.text("county")
        if not county.is_meant_by(text):
            self.report("county", "county_other", name=header_key(text)[:40])

    def name(self) -> str:
        return read_name(self.raw("name"), self.report)

    def registry_number(self, name: str, *, is_required: bool = False) -> str:
        value = self.raw(name)
        text = self.text(name)
        is_scientific = False
        if not (text.isascii() and text.isalnum()):  # which most are
            text = header_key(text)
            is_scientific = _SCIENTIFIC.fullmatch(text) is not None
        if is_scientific or (isinstance(value, (int, float)) and value >= _FLOAT_DIGITS):
            self.report(name, "number_not_text")
            return ""
        if is_required and not text:
            self.report(name, "household_missing")
        if len(text) > 30:
            self.report(name, "number_too_long")
        return text

    def id_number(self, today: date) -> IdNumber | None:
        return read_id_number(self.raw("id_number"), today, self.report)

    def village(self, county: _County) -> int:
        village = self.text("village")
        if not village:
            self.report("village", "village_missing")
            return 0
        try:
            return county.village(self.text("town"), village)
        except RegistryError as error:
            self.report("village", error.code, name=village[:60])
            return 0

    def relation(self) -> str:
        relation = self.text("relation")
        if len(relation) > 20:
            self.report("relation", "relation_too_long")
            return ""
        return relation

    def status(self) -> str:
        label = self.text("status")
        if label and (kinds_of(label) is None or len(label) > 30):
            self.report("status", "status_unknown", label=label[:30])
        return label

    def phone(self) -> str:
        text = self.text("phone")
        if not text:
            return ""
        try:
            return clean_phone(text)
        except PhoneError as error:
            self.report("phone", error.code)
            return ""
