"""Tables of a class's ledger as workbooks: headings, rows as texts and numbers, no formulas. No database."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from registry.cells import safe_cell

Cell = str | int | float


def table(title: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return an .xlsx file with one sheet, printed on A4 across with its headings on every page."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "bg_color": "#e5f1e8"})
    top = book.add_format({"bold": True, "font_size": 14})
    body = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(title[:31])
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.write_string(0, 0, title, top)
    for column, heading in enumerate(headings):
        sheet.write_string(1, column, heading, head)
        sheet.set_column(column, column, _width(heading, rows, column))
    for line, row in enumerate(rows, start=2):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, column, safe_cell(cell), body)
            else:
                sheet.write_number(line, column, cell, body)
    sheet.freeze_panes(2, 0)
    book.close()
    return file.getvalue()


def _width(heading: str, rows: Sequence[Sequence[Cell]], column: int) -> int:
    """Return a column's width: Han characters take two places, and nothing wider than a line of a form."""
    texts = [heading, *(str(row[column]) for row in rows)]
    return min(40, max(10, *(sum(2 if ord(c) > 0x2E7F else 1 for c in text) + 2 for text in texts)))
