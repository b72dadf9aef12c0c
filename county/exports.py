"""Counts as workbooks: the same figures, with what was asked, by whom and when at the top."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from county.counting import Count, CountRow
from county.monthly_form import columns, first_heading, notes, value_of
from registry.cells import safe_cell


def workbook_of(count: Count, *, maker: str, made_at: datetime) -> bytes:
    """Return an .xlsx file of `count`. Texts are written as texts and never as formulas."""
    made = _("Made by {maker}, {time}").format(
        maker=maker, time=f"{timezone.localtime(made_at):%Y-%m-%d %H:%M}"
    )
    title = _("Trainees of {region}").format(region=count.region_name)
    return form_workbook(
        title, [*notes(count), made], count.rows, count.total, first_heading(count.by), made_at
    )


def form_workbook(
    title: str,
    lines: Sequence[str],
    rows: Sequence[CountRow],
    total: CountRow,
    heading: str,
    made_at: datetime,
    foot: Sequence[str] = (),
) -> bytes:
    """Return a workbook laid out like the monthly form: title, lines, table, a foot for signatures."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"title": title, "created": made_at})
    sheet = book.add_worksheet(_("Count"))
    sheet.write_string(0, 0, safe_cell(title), book.add_format({"bold": True, "font_size": 14}))
    for number, line in enumerate(lines, start=1):
        sheet.write_string(number, 0, safe_cell(line))
    first = len(lines) + 2
    last = _write_table(book, sheet, first, heading, rows, total)
    for number, line in enumerate(foot, start=last + 2):
        sheet.write_string(number, 0, safe_cell(line))
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(first - 1)
    sheet.freeze_panes(first, 1)
    book.close()
    return file.getvalue()


def _write_table(
    book: Any, sheet: Any, first: int, title: str, rows: Sequence[CountRow], total: CountRow
) -> int:
    look = {"border": 1, "border_color": "#999999", "valign": "top"}
    heading = book.add_format(
        {**look, "bold": True, "text_wrap": True, "bg_color": "#e5f1e8", "align": "center"}
    )
    cell, name = book.add_format({**look, "num_format": "#,##0"}), book.add_format(look)
    hours = book.add_format({**look, "num_format": "#,##0.0"})
    bold = book.add_format({**look, "bold": True, "num_format": "#,##0", "top": 2})
    sheet.write_string(first - 1, 0, title, heading)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, len(columns()), 11)
    for number, (text, _attribute) in enumerate(columns(), start=1):
        sheet.write_string(first - 1, number, text, heading)
    line = first
    for line, row in enumerate([*rows, total], start=first):
        formats = (bold, bold, bold) if row is total else (name, cell, hours)
        sheet.write_string(line, 0, safe_cell(_("Total") if row is total else row.label), formats[0])
        _write_figures(sheet, line, row, formats)
    return line


def _write_figures(sheet: Any, line: int, row: CountRow, formats: tuple[Any, Any, Any]) -> None:
    name, cell, hours = formats
    for number, (_text, attribute) in enumerate(columns(), start=1):
        value = value_of(row, attribute)
        if isinstance(value, str):
            sheet.write_string(line, number, value, name)
        else:
            sheet.write_number(line, number, value, hours if attribute == "hours_shown" else cell)
