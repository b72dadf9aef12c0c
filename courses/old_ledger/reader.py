"""From a workbook to the rows of its five sheets."""

from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from courses.old_ledger.columns import FIELD_OF_HEADER, SHEETS, column_key
from registry.errors import RosterUnreadable
from registry.roster.reader import cell_text
from registry.roster.sheets import RawRow, RawSheet, open_sheets

_HEADER_ROWS_SEARCHED = 20
_MAX_ROWS = 200_000  # of a sheet; the ledgers of a county and year have some thousands


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A row by the number the spreadsheet shows, with its raw cells by column."""

    sheet: str
    number: int
    cells: dict[str, Any]


@dataclass
class LedgerSheet:
    """One sheet: what its columns are called in this file, and its rows."""

    name: str
    headers: dict[str, str]
    rows: list[LedgerRow] = field(default_factory=list)


def open_ledger(path: Path) -> dict[str, LedgerSheet]:
    """Return the five sheets by name; other sheets are left alone. Raises `RosterUnreadable`."""
    found: dict[str, LedgerSheet] = {}
    for raw in open_sheets(path):
        name = raw.name.strip()
        if name in SHEETS and name not in found:
            found[name] = _read_sheet(name, raw)
    missing = [name for name in SHEETS if name not in found]
    if missing:
        raise RosterUnreadable(
            reason=_("these sheets are missing: %(names)s") % {"names": "、".join(missing)}
        )
    return found


def _read_sheet(name: str, raw: RawSheet) -> LedgerSheet:
    beginning = list(islice(raw.rows, _HEADER_ROWS_SEARCHED))
    fullest: dict[str, tuple[int, str]] = {}
    for place, row in enumerate(beginning):
        columns = _columns(name, row)
        if columns.keys() == SHEETS[name].keys():
            sheet = LedgerSheet(name, {field_name: text for field_name, (_place, text) in columns.items()})
            _take(sheet, columns, beginning[place + 1 :])
            _take(sheet, columns, raw.rows)
            return sheet
        fullest = max(fullest, columns, key=len)
    missing = [headers[0] for field_name, headers in SHEETS[name].items() if field_name not in fullest]
    raise RosterUnreadable(
        reason=_("in the sheet %(sheet)s these columns are missing: %(names)s")
        % {"sheet": name, "names": "、".join(missing)}
    )


def _columns(name: str, row: RawRow) -> dict[str, tuple[int, str]]:
    """Find which column stands where; of two with the same name the left one counts."""
    _number, left, cells = row
    found: dict[str, tuple[int, str]] = {}
    for place, cell in enumerate(cells, start=left):
        field_name = FIELD_OF_HEADER[name].get(column_key(cell))
        if field_name:
            found.setdefault(field_name, (place, str(cell).strip()))
    return found


def _take(sheet: LedgerSheet, columns: dict[str, tuple[int, str]], rows: Any) -> None:
    """Keep the rows that hold anything in a column we know; blank ones are nothing."""
    for number, left, cells in rows:
        row = {
            name: cells[place - left] if left <= place < left + len(cells) else ""
            for name, (place, _text) in columns.items()
        }
        if any(cell_text(cell) for cell in row.values()):
            sheet.rows.append(LedgerRow(sheet.name, number, row))
        if len(sheet.rows) > _MAX_ROWS:
            raise RosterUnreadable(reason=_("it holds more than %(limit)s rows.") % {"limit": _MAX_ROWS})
