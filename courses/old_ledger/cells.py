"""One row while it is read: hands out cleaned values and notes what is wrong with its cells."""

import re
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from courses.old_ledger.problems import Problem
from courses.old_ledger.reader import LedgerRow, LedgerSheet
from registry.id_numbers import IdNumber
from registry.roster.identity import read_id_number, read_name
from registry.roster.reader import cell_text

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]00:00(?::00)?)?")
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})(?::00)?")
_CLASS_NUMBER = re.compile(r"(?:(\d{4})-)?(\d{1,5})")
MAX_NUMBER = 32_767

ClassNumber = tuple[int | None, int]  # year, where the cell states one, and number


class Reading:
    """The cells of one row. A cell that is wrong reads as None, and its problem is in `problems`."""

    def __init__(self, sheet: LedgerSheet, row: LedgerRow) -> None:
        self.row = row
        self._headers = sheet.headers
        self.problems: list[Problem] = []

    @property
    def is_refused(self) -> bool:
        """Whether something is wrong that cannot be let pass."""
        return any(problem.is_error for problem in self.problems)

    def report(self, column: str, code: str, /, **values: Any) -> None:
        """Note a problem of a cell."""
        self.problems.append(self.problem(column, code, **values))

    def problem(self, column: str, code: str, /, **values: Any) -> Problem:
        """Return a problem of a cell without noting it."""
        return Problem(self.row.sheet, self.row.number, self._headers[column], code, values)

    def text(self, column: str, *, most: int = 0, is_required: bool = False) -> str:
        """A cell as text, at most so many characters of it."""
        text = cell_text(self.row.cells[column])
        if is_required and not text:
            self.report(column, "value_missing")
        if most and len(text) > most:
            self.report(column, "text_too_long", most=most)
        return text

    def class_number(self) -> ClassNumber | None:
        """The number of the class, with its year where it is written as 2019-0012."""
        found = _CLASS_NUMBER.fullmatch(self.text("class").replace(" ", ""))
        if found is None or not 0 < int(found[2]) <= MAX_NUMBER:
            self.report("class", "class_number_unreadable")
            return None
        return int(found[1]) if found[1] else None, int(found[2])

    def whole(self, column: str, *, least: int = 1, most: int = MAX_NUMBER) -> int | None:
        """A whole number."""
        found = self.decimal(column, least=least, most=most, places=0)
        return None if found is None else int(found)

    def decimal(
        self, column: str, *, least: int = 0, most: int = 100, places: int = 2, is_required: bool = True
    ) -> Decimal | None:
        """A number with at most so many decimals; nothing is rounded."""
        text = self.text(column, is_required=is_required)
        if not text:
            return None
        try:
            # What a spreadsheet computed comes as 80.10000000000001.
            value = Decimal(text).quantize(Decimal("0.000001")).normalize()
        except InvalidOperation:
            value = Decimal("NaN")
        exponent = value.as_tuple().exponent
        if not value.is_finite() or not least <= value <= most or -int(exponent) > places:
            self.report(column, "number_unreadable", least=least, most=most)
            return None
        return value

    def day(self, column: str = "date") -> date | None:
        """A day, from a date cell or from text; a bare number is none."""
        value = self.row.cells[column]
        if isinstance(value, datetime) and value.time() == time():
            return value.date()
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        text = self.text(column, is_required=True)
        found = _DAY.fullmatch(text)
        if found:
            with suppress(ValueError):
                return date(int(found[1]), int(found[2]), int(found[3]))
        if text:
            self.report(column, "day_unreadable")
        return None

    def clock(self, column: str) -> time | None:
        """A time of day, from a time cell or from text."""
        value = self.row.cells[column]
        if isinstance(value, datetime):
            value = value.time()
        if isinstance(value, time):
            return value.replace(second=0, microsecond=0)
        text = self.text(column, is_required=True)
        found = _CLOCK.fullmatch(text)
        if found and int(found[1]) < 24 and int(found[2]) < 60:
            return time(int(found[1]), int(found[2]))
        if text:
            self.report(column, "time_unreadable")
        return None

    def choice(self, column: str, choices: dict[str, str], code: str, default: str = "") -> str:
        """One of the words the office uses; an empty cell is `default`."""
        text = self.text(column)
        if not text:
            if not default:
                self.report(column, "value_missing")
            return default
        if text.casefold() not in choices:
            self.report(column, code, label=text[:30])
        return choices.get(text.casefold(), default)

    def name(self) -> str:
        """Somebody's name, as registered."""
        return read_name(self.row.cells["name"], self.report)

    def id_number(self, today: date) -> IdNumber | None:
        """An ID number; none is a warning, a wrong one refuses the row."""
        return read_id_number(self.row.cells["id_number"], today, self.report)
