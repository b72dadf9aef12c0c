"""Two counts side by side with their difference. Pure: no database, no clock."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format

from county.counting import NOTHING_TO_DIVIDE, CountRow, share
from county.monthly_form import columns, value_of

MINUS = "−"


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of both; the difference is of the first against the second."""

    name: str
    label: str
    first: str
    second: str
    difference: str
    change: str  # in percent of the second; points for shares have none
    first_size: float
    second_size: float


def compare(first: CountRow, second: CountRow) -> list[Compared]:
    """Return every column of the monthly form for two rows."""
    return [_compared(str(label), name, first, second) for label, name in columns()]


def _compared(label: str, name: str, first: CountRow, second: CountRow) -> Compared:
    sizes = tuple(_size(row, name) for row in (first, second))
    one, other = sizes
    difference = change = NOTHING_TO_DIVIDE
    if one is not None and other is not None:
        difference = signed(one - other)
        is_amount = "share" not in name and name != "conversion"
        change = _percent(one - other, other) if is_amount else NOTHING_TO_DIVIDE
    texts = (_text(value_of(first, name)), _text(value_of(second, name)))
    return Compared(name, label, texts[0], texts[1], difference, change, float(one or 0), float(other or 0))


def _size(row: CountRow, name: str) -> Decimal | None:
    value = row.conversion_rate if name == "conversion" else getattr(row, name)
    return None if value is None else Decimal(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(number_format(value))


def signed(value: Decimal) -> str:
    """Return a difference with its sign: +3, −2, 0."""
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return f"{sign}{number_format(abs(value))}"


def _percent(difference: Decimal, whole: Decimal) -> str:
    part: Callable[[int, int], Decimal | None] = share
    found = part(int(abs(difference) * 2), int(whole * 2))  # hours come in halves
    if found is None:
        return NOTHING_TO_DIVIDE
    sign = "+" if difference > 0 else MINUS if difference < 0 else ""
    return f"{sign}{found} %"
