"""From a spreadsheet to rows of the cells we may keep; other cells are never looked at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from registry.errors import RosterUnreadable
from registry.roster.columns import (
    FIELD_OF_HEADER,
    HOUSEHOLD_FIELDS,
    KEPT_COLUMNS,
    KNOWN_HEADERS,
    REQUIRED_FIELDS,
    header_key,
)

_HEADER_ROWS_SEARCHED = 20
# What a spreadsheet would run as a formula when somebody types the cell again or saves as CSV.
FORMULA_STARTS = ("=", "+", "-", "@")


@dataclass(slots=True)
class SheetRow:
    """A row by the number the spreadsheet shows, with the raw cells of the kept columns."""

    number: int
    cells: dict[str, Any]
    is_blank: bool


@dataclass
class RosterSheet:
    """An opened roster: where its header is, what its columns are called, and its rows."""

    sheet: CalamineSheet
    header_row: int
    headers: dict[int, str]
    columns: dict[str, int] = field(default_factory=dict)

    @property
    def rows_expected(self) -> int:
        """Rows below the header, blank ones included."""
        return max((self.sheet.end or (0, 0))[0] + 1 - self.header_row, 0)

    def header_of(self, name: str) -> str:
        """The text above a kept column in this file."""
        return self.headers.get(self.columns.get(name, -1), KEPT_COLUMNS[name][0])

    def rows(self) -> Iterator[SheetRow]:
        """Yield the rows below the header; a cell merged downwards counts for each of its rows."""
        merged = _MergedCells(self)
        for number, cells in enumerate(self.sheet.iter_rows(), start=1):
            if number > self.header_row:
                kept = {name: cells[column] for name, column in self.columns.items()}
                is_blank = not any(cell_text(value) for value in kept.values())
                merged.fill(number, kept)
                yield SheetRow(number, kept, is_blank)


class _MergedCells:
    """Hands the value of a merged cell down to the rows it covers."""

    def __init__(self, roster: RosterSheet) -> None:
        offset = (roster.sheet.start or (0, 0))[1]
        fields = {
            column + offset: name for name, column in roster.columns.items() if name in HOUSEHOLD_FIELDS
        }
        self._last_row: dict[tuple[str, int], int] = {}
        for (top, left), (bottom, _right) in roster.sheet.merged_cell_ranges or ():
            if left in fields and bottom > top:
                self._last_row[fields[left], top + 1] = bottom + 1
        self._open: dict[str, tuple[int, Any]] = {}

    def fill(self, number: int, cells: dict[str, Any]) -> None:
        if not self._last_row:
            return
        for name in HOUSEHOLD_FIELDS:
            if (name, number) in self._last_row:
                self._open[name] = (self._last_row[name, number], cells.get(name))
            elif name in self._open and number <= self._open[name][0]:
                cells[name] = self._open[name][1]


def open_roster(path: Path) -> RosterSheet:
    """Open a workbook at its first sheet with a header we know; raises `RosterUnreadable`.

    The header is found by its names: lines above it, merged cells and a header of two rows do not matter.
    """
    try:
        workbook = CalamineWorkbook.from_path(path)
        sheets = [workbook.get_sheet_by_name(name) for name in workbook.sheet_names]
    except (CalamineError, OSError) as error:
        raise RosterUnreadable(reason=_("it is not an Excel workbook.")) from error
    best: RosterSheet | None = None
    for sheet in sheets:
        roster = _find_header(sheet)
        if not _missing(roster):
            return roster
        if best is None or len(_missing(roster)) < len(_missing(best)):
            best = roster
    missing = _missing(best) if best else list(REQUIRED_FIELDS)
    names = "、".join(KEPT_COLUMNS[name][0] for name in missing)
    raise RosterUnreadable(reason=_("these columns are missing: %(names)s") % {"names": names})


def _missing(roster: RosterSheet) -> list[str]:
    return [name for name in REQUIRED_FIELDS if name not in roster.columns]


def _find_header(sheet: CalamineSheet) -> RosterSheet:
    headers: dict[int, str] = {}
    last_row = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        named = {
            column: str(cell).strip()
            for column, cell in enumerate(cells)
            if header_key(cell) in KNOWN_HEADERS
        }
        complete = {FIELD_OF_HEADER.get(header_key(text)) for text in headers.values()} >= set(
            REQUIRED_FIELDS
        )
        if (complete and not named) or number > _HEADER_ROWS_SEARCHED:
            break
        if named:
            # A second header row completes the first; other texts of it name columns we drop anyway.
            others = {column: str(cell).strip() for column, cell in enumerate(cells) if str(cell).strip()}
            headers = {**headers, **others, **{c: t for c, t in headers.items() if c not in named}, **named}
            last_row = number
    columns: dict[str, int] = {}
    for column, text in sorted(headers.items()):
        name = FIELD_OF_HEADER.get(header_key(text))
        if name and name not in columns:
            columns[name] = column
    return RosterSheet(sheet, last_row, headers, columns)


def cell_text(value: object) -> str:
    """Return a cell as text; a whole number loses its ".0", None and blanks become an empty text."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = "" if value is None else str(value).strip()
    # Undo what the error workbook did so that no spreadsheet took the text for a formula.
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in FORMULA_STARTS else text
