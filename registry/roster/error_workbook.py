"""The refused rows in the layout of their file, each with its reasons, to be corrected and imported."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

from registry.roster.columns import REASON_COLUMN, header_key
from registry.roster.problems import ERROR, Problem
from registry.roster.reader import FORMULA_STARTS, RosterSheet, SheetRow, cell_text

_DEFAULT_NAME = "名册"


@dataclass
class RefusedRows:
    """The refused rows of one sheet."""

    sheet: RosterSheet
    rows: list[tuple[SheetRow, list[Problem]]] = field(default_factory=list)


def escape_formula(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet could take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_error_workbook(path: Path, refused: list[RefusedRows]) -> None:
    """Write refused rows under their sheets' own headers; columns that may not be kept stay empty."""
    workbook = xlsxwriter.Workbook(
        path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    text_format = workbook.add_format({"num_format": "@"})
    bold = workbook.add_format({"bold": True, "num_format": "@"})
    for each in refused:
        if each.rows:
            _write_sheet(workbook.add_worksheet(each.sheet.name or _DEFAULT_NAME), each, text_format, bold)
    workbook.close()


def _write_sheet(page: Any, refused: RefusedRows, text_format: Any, bold: Any) -> None:
    sheet = refused.sheet
    headers = {
        column: text
        for column, text in sheet.headers.items()
        if header_key(text) != header_key(REASON_COLUMN)
    }
    reason_column = max(headers, default=-1) + 1
    page.set_column(0, reason_column, 14, text_format)
    page.set_column(reason_column, reason_column, 60)
    page.freeze_panes(1, 0)
    for column, header in sorted({**headers, reason_column: REASON_COLUMN}.items()):
        page.write_string(0, column, header, bold)
    for line, (row, problems) in enumerate(refused.rows, start=1):
        cells: dict[int, str] = {
            column: escape_formula(_as_text(row.cell(name))) for name, column in sheet.columns.items()
        }
        cells[reason_column] = _reasons(problems)
        for column, text in sorted(cells.items()):
            page.write_string(line, column, text, text_format)


def _as_text(value: Any) -> str:
    # A number that has lost its digits is shown as the spreadsheet showed it, so that nobody trusts it.
    if isinstance(value, float) and value >= 10**15:
        return f"{value:.5E}"
    return cell_text(value)


def _reasons(problems: list[Problem]) -> str:
    return "；".join(
        f"{problem.column}：{problem.message}" for problem in problems if problem.severity == ERROR
    )
