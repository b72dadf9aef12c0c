"""From a file to rows of the cells we may keep; other cells are never looked at."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from registry.errors import RosterUnreadable
from registry.roster.columns import (
    FIELD_OF_HEADER,
    HOUSEHOLD_FIELDS,
    KEPT_COLUMNS,
    KNOWN_HEADERS,
    REQUIRED_FIELDS,
    header_key,
)
from registry.roster.sheets import CellRange, RawRow, RawSheet, open_sheets

FIELDS = tuple(KEPT_COLUMNS)
_HEADER_ROWS_SEARCHED = 20
_MAX_ROWS = 500_000
# What tells a list of people from other sheets of a workbook.
_PEOPLE_FIELDS = frozenset({"name", "id_number"})
# Repeated over and over: one text in memory for all of them.
REPEATED = tuple(
    FIELDS.index(name) for name in ("county", "town", "village", "household", "relation", "status")
)
# What a spreadsheet would run as a formula when somebody types the cell again or saves as CSV.
FORMULA_STARTS = ("=", "+", "-", "@")


@dataclass(slots=True)
class SheetRow:
    """A row by the number the spreadsheet shows, with the raw cells of `FIELDS`; blank ones have none."""

    number: int
    values: tuple[Any, ...]
    is_merged: bool = False

    @property
    def is_blank(self) -> bool:
        """Tell whether no cell we may keep holds anything."""
        return not self.values and not self.is_merged

    def cell(self, name: str) -> Any:
        """The raw value in a kept column; an empty text where the file has no such column."""
        return self.values[FIELDS.index(name)]


@dataclass
class RosterSheet:
    """A sheet of people: where its header is, what its columns are called, and its rows."""

    name: str
    header_row: int
    headers: dict[int, str]
    columns: dict[str, int]
    waiting: deque[SheetRow] = field(default_factory=deque)

    def header_of(self, name: str) -> str:
        """The text above a kept column in this file."""
        return self.headers.get(self.columns.get(name, -1), KEPT_COLUMNS[name][0])

    def take_rows(self) -> Iterator[SheetRow]:
        """Yield the rows below the header once, letting go of each."""
        while self.waiting:
            yield self.waiting.popleft()


@dataclass
class RosterBook:
    """All sheets of people in a file."""

    sheets: list[RosterSheet]

    @property
    def rows_waiting(self) -> int:
        """Rows not taken yet, blank ones between others included."""
        return sum(len(sheet.waiting) for sheet in self.sheets)

    def shown_name(self, sheet: RosterSheet) -> str:
        """The sheet's name where a row's number alone would not tell which row is meant."""
        return sheet.name if len(self.sheets) > 1 else ""


def open_roster(path: Path) -> RosterBook:
    """Read every sheet of people in a file; raises `RosterUnreadable`.

    A header is found by its names: lines above it, merged cells and a header of two rows do not matter.
    Sheets that list no people are left alone; one that does but lacks a column stops the whole file.
    """
    sheets: list[RosterSheet] = []
    best: RosterSheet | None = None
    for raw in open_sheets(path):
        beginning = list(islice(raw.rows, _HEADER_ROWS_SEARCHED + 1))
        sheet = _find_header(raw.name, beginning)
        if not _missing(sheet):
            _read_rows(sheet, raw, beginning)
            sheets.append(sheet)
        elif sheet.columns.keys() >= _PEOPLE_FIELDS:
            raise _unreadable(sheet)
        elif best is None or len(_missing(sheet)) < len(_missing(best)):
            best = sheet
    if not sheets:
        raise _unreadable(best)
    if not any(sheet.waiting for sheet in sheets):
        raise RosterUnreadable(reason=_("it holds no rows below its header."))
    return RosterBook(sheets)


def _unreadable(sheet: RosterSheet | None) -> RosterUnreadable:
    missing = _missing(sheet) if sheet else list(REQUIRED_FIELDS)
    names = "、".join(KEPT_COLUMNS[name][0] for name in missing)
    if sheet and sheet.name and sheet.columns:
        return RosterUnreadable(
            reason=_("in the sheet %(sheet)s these columns are missing: %(names)s")
            % {"sheet": sheet.name[:40], "names": names}
        )
    return RosterUnreadable(reason=_("these columns are missing: %(names)s") % {"names": names})


def _missing(sheet: RosterSheet) -> list[str]:
    return [name for name in REQUIRED_FIELDS if name not in sheet.columns]


def _find_header(name: str, rows: list[RawRow]) -> RosterSheet:
    headers: dict[int, str] = {}
    last_row = 0
    for number, left, cells in rows:
        texts = {column: str(cell).strip() for column, cell in enumerate(cells, start=left)}
        named = {column: text for column, text in texts.items() if header_key(text) in KNOWN_HEADERS}
        known = {FIELD_OF_HEADER.get(header_key(text)) for text in headers.values()}
        if (known >= set(REQUIRED_FIELDS) and not named) or number > _HEADER_ROWS_SEARCHED:
            break
        if named:
            # A second header row completes the first; other texts of it name columns we drop anyway.
            others = {column: text for column, text in texts.items() if text}
            headers = {**headers, **others, **{c: t for c, t in headers.items() if c not in named}, **named}
            last_row = number
    columns: dict[str, int] = {}
    for column, text in sorted(headers.items()):
        field_name = FIELD_OF_HEADER.get(header_key(text))
        if field_name and field_name not in columns:
            columns[field_name] = column
    return RosterSheet(name, last_row, headers, columns)


def _read_rows(sheet: RosterSheet, raw: RawSheet, beginning: list[RawRow]) -> None:
    places = [sheet.columns.get(name, -1) for name in FIELDS]
    texts: dict[Any, Any] = {}
    blank: list[SheetRow] = []
    for number, left, cells in _chain(beginning, raw.rows):
        if number <= sheet.header_row:
            continue
        end = left + len(cells)
        kept = [cells[place - left] if left <= place < end else "" for place in places]
        if all(value.__class__ is str and not value.strip() for value in kept):
            blank.append(SheetRow(number, ()))
            continue
        for place in REPEATED:
            kept[place] = texts.setdefault(kept[place], kept[place])
        # Blank rows only matter between rows: sheets trail off into hundreds of them.
        sheet.waiting.extend(blank)
        blank.clear()
        sheet.waiting.append(SheetRow(number, tuple(kept)))
        if len(sheet.waiting) > _MAX_ROWS:
            raise RosterUnreadable(reason=_("it holds more than %(limit)s rows.") % {"limit": _MAX_ROWS})
    if raw.merged:
        _fill_merged(sheet, raw.merged)


def _chain(beginning: list[RawRow], rest: Iterator[RawRow]) -> Iterator[RawRow]:
    yield from beginning
    yield from rest


def _fill_merged(sheet: RosterSheet, merged: list[CellRange]) -> None:
    """Hand merged household cells down; mark rows whose cells are merged across name and number."""
    fields = {sheet.columns[name]: FIELDS.index(name) for name in HOUSEHOLD_FIELDS if name in sheet.columns}
    rows = {row.number: row for row in sheet.waiting}
    person = [sheet.columns[name] for name in _PEOPLE_FIELDS]
    for (top, left), (bottom, right) in merged:
        covered = [rows[number] for number in range(top + 1, bottom + 2) if number in rows]
        if all(left <= column <= right for column in person):
            for row in covered:
                row.values, row.is_merged = (), True
        elif left in fields and bottom > top and covered and covered[0].number == top + 1:
            _hand_down(covered, fields[left])


def _hand_down(rows: list[SheetRow], place: int) -> None:
    value = rows[0].values[place] if rows[0].values else ""
    for row in rows[1:]:
        if row.values:
            row.values = (*row.values[:place], value, *row.values[place + 1 :])


def cell_text(value: object) -> str:
    """Return a cell as text; a whole number loses its ".0", None and blanks become an empty text."""
    if value.__class__ is str:  # which most are
        text = value.strip()
    elif isinstance(value, float) and value.is_integer():
        return str(int(value))
    else:
        text = "" if value is None else str(value).strip()
    # Undo what the error workbook did so that no spreadsheet took the text for a formula.
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS else text
