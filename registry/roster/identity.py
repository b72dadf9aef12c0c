"""Who a row of a workbook is about: her name and ID number, with what can be wrong with either."""

from collections.abc import Callable
from datetime import date
from typing import Any

from registry.errors import IdNumberError
from registry.id_numbers import IdNumber, parse_id_number
from registry.names import MAX_LENGTH, clean_name, name_flags
from registry.roster.reader import cell_text

Report = Callable[[str, str], None]  # the column, and a code of `problems.OF_PEOPLE`


def read_name(value: Any, report: Report) -> str:
    """Return a name as registered, empty where there is none; reports to the column `name`."""
    name = clean_name(cell_text(value))
    if not name:
        report("name", "name_missing")
    elif len(name) > MAX_LENGTH:
        report("name", "name_too_long")
    for flag in name_flags(name):
        report("name", flag)
    return name


def read_id_number(value: Any, today: date, report: Report) -> IdNumber | None:
    """Return an ID number, or None where there is none or a wrong one; reports to the column `id_number`."""
    if isinstance(value, int | float):
        report("id_number", "id_not_text")
        return None
    text = cell_text(value)
    if not text:
        report("id_number", "id_missing")
        return None
    try:
        parsed = parse_id_number(text, today)
    except IdNumberError as error:
        report("id_number", error.code)
        return None
    for warning in parsed.warnings:
        report("id_number", warning)
    return parsed
