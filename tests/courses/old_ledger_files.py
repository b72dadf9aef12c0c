"""Makes small workbooks of old ledgers for tests."""

from datetime import date, time
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from courses.old_ledger.columns import SHEETS
from tests.factories.registry import id_number

Sheets = dict[str, list[list[Any]]]


def ledger(**changes: list[list[Any]]) -> Sheets:
    """Return E17's class: 28 December 2019 to 4 January 2020, two sittings of 180 minutes, two people."""
    sheets: Sheets = {
        "班次": [
            [
                "2019-0012",
                "T",
                "首期电商班",
                date(2019, 12, 28),
                "2020-01-04",
                8,
                "431125100200",
                "431125",
                "群众",
            ]
        ],
        "课次": [
            ["2019-0012", 1, date(2019, 12, 28), time(9), "12:00", "示例镇文化站"],
            ["2019-0012", 2, "2020年1月4日", "14:00", "17:00", "示例镇文化站"],
        ],
        "名册": [
            ["2019-0012", 1, "学员甲", id_number(1), "431125100200", "2019-12-20", "农户"],
            ["2019-0012", 2, "学员乙", "", "431125100200", date(2019, 12, 21), "退役军人"],
        ],
        "签到": [
            ["2019-0012", 1, 1, 180, "签字"],
            ["2019-0012", 2, 1, 180, "手印"],
            ["2019-0012", 1, 2, 180, "签字"],
            ["2019-0012", 2, 2, 0, ""],
        ],
        "考核": [["2019-0012", 1, 86.5, "否", "江商证2020-007"], ["2019-0012", 2, 90, "", ""]],
    }
    return sheets | changes


def with_cell(sheet: str, row: int, column: str, value: Any) -> Sheets:
    """Return the ledger with one cell changed; the first row is 0."""
    sheets = ledger()
    sheets[sheet][row][list(SHEETS[sheet]).index(column)] = value
    return sheets


def write_ledger(path: Path | BytesIO, sheets: Sheets, headers: int = 0) -> Path | BytesIO:
    """Write a workbook with the office's headers (0) or those at another place of the spellings (-1)."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        page = workbook.create_sheet(name)
        page.append([spellings[headers] for spellings in SHEETS[name].values()])
        for row in rows:
            page.append(row)
    workbook.save(path)
    return path


def codes(outcome):
    """Return where an outcome saw a problem, and which."""
    return [(problem.sheet, problem.row, problem.code) for problem in outcome.problems]


def class_row(number="2019-0012", venue="431125100200"):
    """Return a row of the sheet of classes."""
    return [number, "T", "首期电商班", "2019-12-28", "2020-01-04", 8, venue, "431125", ""]
