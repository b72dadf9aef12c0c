"""The count as a workbook: the same figures, with what was asked, by whom and when at the top."""

from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from county.counting import THEN, Count, CountRow, share_text
from registry.cells import safe_cell


def workbook_of(count: Count, *, maker: str, made_at: datetime) -> bytes:
    """Return an .xlsx file of `count`. Texts are written as texts and never as formulas."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties(
        {"title": _("Trainees of {region}").format(region=count.region_name), "created": made_at}
    )
    sheet = book.add_worksheet(_("Count"))
    _write_head(book, sheet, count, maker, made_at)
    _write_table(book, sheet, count)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FIRST_ROW - 1)
    sheet.freeze_panes(_FIRST_ROW, 1)
    book.close()
    return file.getvalue()


def columns() -> list[tuple[str, str]]:
    """Return (heading, attribute of the row) of every column, in the order of the monthly form."""
    return [
        (_("Classes"), "classes"),
        (_("Enrolled"), "enrolled"),
        (_("Person-times"), "person_times"),
        (_("Heads"), "heads"),
        (_("Poor at enrolment, person-times"), "poor_person_times"),
        (_("Poor at enrolment, heads"), "poor_heads"),
        (_("Share of person-times"), "poor_share_person_times"),
        (_("Share of heads"), "poor_share_heads"),
        (_("Registered incl. lifted, heads"), "registered_heads"),
        (_("Monitored, heads"), "monitored_heads"),
        (_("Aided, heads"), "aided_heads"),
        (_("Women, heads"), "women"),
        (_("Class hours"), "hours_shown"),
        (_("Completed"), "completed"),
        (_("Certificates"), "certificates"),
        (_("Identity not verified, heads"), "unverified"),
        (_("In training, places"), "in_training"),
    ]


_FIRST_ROW = 7


def _write_head(book: Any, sheet: Any, count: Count, maker: str, made_at: datetime) -> None:
    title = book.add_format({"bold": True, "font_size": 14})
    sheet.write_string(0, 0, safe_cell(_("Trainees of {region}").format(region=count.region_name)), title)
    period = f"{count.since:%Y-%m} – {count.until:%Y-%m}"
    lines = [
        _region_line(count),
        _("Period: {period}, by the last day of each closed class").format(period=period),
        _("Heads are distinct people: the rows do not add up to the total."),
        _("Made by {maker}, {time}").format(
            maker=maker, time=f"{timezone.localtime(made_at):%Y-%m-%d %H:%M}"
        ),
    ]
    for number, line in enumerate(lines, start=1):
        sheet.write_string(number, 0, safe_cell(line))


def _region_line(count: Count) -> str:
    """Say whose map the figures are on: every report prints it (R8)."""
    line = (
        _("Region: {name} ({code}), by the place of registration at enrolment, as coded then")
        if count.on_map == THEN
        else _("Region: {name} ({code}), by the place of registration at enrolment, as it lies now")
    )
    return line.format(name=count.region_name, code=count.region_code)


def _write_table(book: Any, sheet: Any, count: Count) -> None:
    look = {"border": 1, "border_color": "#999999", "valign": "top"}
    heading = book.add_format(
        {**look, "bold": True, "text_wrap": True, "bg_color": "#e5f1e8", "align": "center"}
    )
    cell, name = book.add_format({**look, "num_format": "#,##0"}), book.add_format(look)
    hours = book.add_format({**look, "num_format": "#,##0.0"})
    bold = book.add_format({**look, "bold": True, "num_format": "#,##0", "top": 2})
    sheet.write_string(_FIRST_ROW - 1, 0, _first_heading(count.by), heading)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, len(columns()), 11)
    for number, (text, _attribute) in enumerate(columns(), start=1):
        sheet.write_string(_FIRST_ROW - 1, number, text, heading)
    total = count.total
    for line, row in enumerate([*count.rows, total], start=_FIRST_ROW):
        formats = (bold, bold, bold) if row is total else (name, cell, hours)
        sheet.write_string(line, 0, safe_cell(_("Total") if row is total else row.label), formats[0])
        _write_figures(sheet, line, row, formats)


def _write_figures(sheet: Any, line: int, row: CountRow, formats: tuple[Any, Any, Any]) -> None:
    name, cell, hours = formats
    for number, (_text, attribute) in enumerate(columns(), start=1):
        value = getattr(row, attribute)
        if "share" in attribute:
            sheet.write_string(line, number, share_text(value), name)
        else:
            sheet.write_number(line, number, value, hours if attribute == "hours_shown" else cell)


def _first_heading(by: str | None) -> str:
    return {"town": _("Town"), "village": _("Village"), "month": _("Month"), "course": _("Course")}.get(
        by or "", _("Region")
    )
