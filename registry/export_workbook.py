"""A list as a workbook that says on every page who took it, when and for what. No database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.cells import safe_cell

_HEADER_LIMIT = 250  # Excel refuses 256 and more


@dataclass(frozen=True, slots=True)
class Watermark:
    """Whose copy it is: it stands on each page and on a sheet of its own."""

    taker: str
    approver: str
    at: datetime
    purpose: str
    place: str
    number: str


def workbook_of_list(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[str | int]], mark: Watermark
) -> bytes:
    """Return an .xlsx file. Texts are written as texts and never as formulas."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": title, "created": mark.at})
    bold = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#e5f1e8"})
    sheet = _sheet(book, _("List"), mark)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, safe_cell(heading), bold)
    sheet.set_column(0, max(len(headings) - 1, 0), 18)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(line, column, cell)
            else:
                sheet.write_string(line, column, safe_cell(cell))
    _write_about(_sheet(book, _("About this list"), mark), title, len(rows), mark, bold)
    book.close()
    return file.getvalue()


def _sheet(book: Any, name: str, mark: Watermark) -> Any:
    sheet = book.add_worksheet(name)
    line = f"{mark.taker} {_time(mark)} {mark.number}".replace("&", "&&")[:_HEADER_LIMIT]
    sheet.set_header(f"&C{line}")
    sheet.set_footer(f"&C{line}")
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    return sheet


def _write_about(sheet: Any, title: str, count: int, mark: Watermark, bold: Any) -> None:
    facts = [
        (_("List"), title),
        (_("Region"), mark.place),
        (_("Rows"), str(count)),
        (_("Taken by"), mark.taker),
        (_("Approved by"), mark.approver or "—"),
        (_("Time"), _time(mark)),
        (_("Purpose"), mark.purpose),
        (_("Number"), mark.number),
        (_("Please note"), _("For this purpose only. Do not pass it on; delete it when the work is done.")),
    ]
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 80)
    for line, (label, text) in enumerate(facts):
        sheet.write_string(line, 0, label, bold)
        sheet.write_string(line, 1, safe_cell(text))


def _time(mark: Watermark) -> str:
    return f"{timezone.localtime(mark.at):%Y-%m-%d %H:%M}"
