"""From raw cells to a checked row, with everything that is wrong with it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from registry import sealing
from registry.errors import IdNumberError, PhoneError, RegistryError
from registry.id_numbers import IdNumber, parse_id_number
from registry.names import MAX_LENGTH, clean_name, compare_key, name_flags
from registry.phones import clean_phone
from registry.roster.columns import header_key
from registry.roster.problems import ERROR, Problem
from registry.roster.reader import RosterSheet, SheetRow, cell_text
from registry.roster.statuses import kinds_of
from registry.roster.villages import VillageIndex

HEAD = "户主"
# A float holds 15 digits for certain; a longer number has lost its last ones.
_FLOAT_DIGITS = 10**15


@dataclass(slots=True)
class RosterRow:
    """A row that may be applied."""

    row: int
    household: str
    number: str
    name: str
    name_key: str
    id_number: str
    id_hash: bytes | None
    sex: str
    birth_year: int | None
    village_id: int
    relation: str
    is_head: bool
    status: str
    phone: str
    phone_hash: bytes | None


class RowChecker:
    """Checks the rows of one file in turn and remembers what they must not repeat."""

    def __init__(
        self, sheet: RosterSheet, *, county_name: str, villages: VillageIndex, today: date | None = None
    ) -> None:
        self._sheet = sheet
        self._county_name = county_name
        self._villages = villages
        self._today = today
        self._rows_by_id: dict[bytes, int] = {}
        self._rows_by_place: dict[tuple[str, str, str], tuple[int, bool]] = {}
        self._heads: dict[str, int] = {}
        self._phones: dict[bytes, tuple[str, int]] = {}
        self._statuses: dict[str, tuple[str, int]] = {}
        self._unstated: dict[str, int] = {}

    def check(self, source: SheetRow) -> tuple[RosterRow | None, list[Problem]]:
        """Return the checked row, or None when it is refused, and its problems."""
        reading = _Reading(self._sheet, source)
        row = self._read(reading)
        if reading.is_refused:
            return None, reading.problems
        self._check_against_others(row, reading)
        if reading.is_refused:
            return None, reading.problems
        self._remember(row)
        return row, reading.problems

    def finish(self) -> list[Problem]:
        """Return what only shows when all rows are known: households without any status."""
        column = self._sheet.header_of("status")
        return [
            Problem(row, column, "status_missing")
            for household, row in self._unstated.items()
            if household not in self._statuses
        ]

    def _read(self, reading: "_Reading") -> RosterRow:
        reading.check_county(self._county_name)
        parsed = reading.id_number(self._today)
        phone = reading.phone()
        relation = reading.relation()
        name = reading.name()
        return RosterRow(
            row=reading.row,
            household=reading.registry_number("household", is_required=True),
            number=reading.registry_number("number"),
            name=name,
            name_key=compare_key(name),
            id_number=parsed.number if parsed else "",
            id_hash=sealing.lookup_hash(parsed.number, purpose="id_number") if parsed else None,
            sex=parsed.sex if parsed else "",
            birth_year=parsed.birth_date.year if parsed else None,
            village_id=reading.village(self._villages),
            relation=relation,
            is_head=relation == HEAD,
            status=reading.status(),
            phone=phone,
            phone_hash=sealing.lookup_hash(phone, purpose="phone") if phone else None,
        )

    def _check_against_others(self, row: RosterRow, reading: "_Reading") -> None:
        other = self._rows_by_id.get(row.id_hash) if row.id_hash else None
        same_place = self._rows_by_place.get((row.household, row.number, row.name_key))
        # Two people of one household may share a name; without an ID number nothing tells them apart.
        if other is None and same_place and not (row.id_hash and same_place[1]):
            other = same_place[0]
        if other is not None:
            reading.report("id_number" if row.id_hash else "name", "duplicate", other=other)
        if row.is_head and row.household in self._heads:
            reading.report("relation", "second_head", other=self._heads[row.household])
            row.is_head = False
        first_status = self._statuses.get(row.household)
        if first_status and row.status and first_status[0] != row.status:
            reading.report("status", "status_conflict", other=first_status[1])
        if row.phone_hash in self._phones and self._phones[row.phone_hash][0] != row.household:
            reading.report("phone", "phone_shared", other=self._phones[row.phone_hash][1])

    def _remember(self, row: RosterRow) -> None:
        if row.id_hash:
            self._rows_by_id[row.id_hash] = row.row
        self._rows_by_place.setdefault(
            (row.household, row.number, row.name_key), (row.row, row.id_hash is not None)
        )
        if row.is_head:
            self._heads[row.household] = row.row
        if row.phone_hash:
            self._phones.setdefault(row.phone_hash, (row.household, row.row))
        if row.status:
            self._statuses.setdefault(row.household, (row.status, row.row))
        else:
            self._unstated.setdefault(row.household, row.row)


class _Reading:
    """One row while it is read: hands out cleaned values and gathers what is wrong."""

    def __init__(self, sheet: RosterSheet, source: SheetRow) -> None:
        self._sheet = sheet
        self._cells = source.cells
        self.row = source.number
        self.problems: list[Problem] = []

    @property
    def is_refused(self) -> bool:
        return any(problem.severity == ERROR for problem in self.problems)

    def report(self, column: str, code: str, /, **values: Any) -> None:
        self.problems.append(Problem(self.row, self._sheet.header_of(column), code, values))

    def text(self, name: str) -> str:
        return cell_text(self._cells.get(name, ""))

    def check_county(self, county_name: str) -> None:
        stated = header_key(self.text("county"))
        if stated and stated != county_name and not county_name.startswith(stated):
            self.report("county", "county_other", name=stated)

    def name(self) -> str:
        name = clean_name(self.text("name"))
        if not name:
            self.report("name", "name_missing")
        elif len(name) > MAX_LENGTH:
            self.report("name", "name_too_long")
        for flag in name_flags(name):
            self.report("name", flag)
        return name

    def registry_number(self, name: str, *, is_required: bool = False) -> str:
        value = self._cells.get(name, "")
        if isinstance(value, (int, float)) and value >= _FLOAT_DIGITS:
            self.report(name, "number_not_text")
            return ""
        text = header_key(self.text(name))
        if is_required and not text:
            self.report(name, "household_missing")
        if len(text) > 30:
            self.report(name, "number_too_long")
        return text

    def id_number(self, today: date | None) -> IdNumber | None:
        value = self._cells.get("id_number", "")
        if isinstance(value, (int, float)):
            self.report("id_number", "id_not_text")
            return None
        if not cell_text(value):
            self.report("id_number", "id_missing")
            return None
        try:
            parsed = parse_id_number(cell_text(value), today)
        except IdNumberError as error:
            self.report("id_number", error.code)
            return None
        for warning in parsed.warnings:
            self.report("id_number", warning)
        return parsed

    def village(self, villages: VillageIndex) -> int:
        village = self.text("village")
        if not village:
            self.report("village", "village_missing")
            return 0
        try:
            return villages.find(self.text("town"), village)
        except RegistryError as error:
            self.report("village", error.code, name=village)
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
