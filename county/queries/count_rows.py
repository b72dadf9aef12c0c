"""Rows of a count as the statements return them: whether it is the total, then what `CountRow` is made of."""

from django.db.backends.utils import CursorWrapper

from county.counting import CountRow

FIGURES_OF_A_ROW = CountRow._fields[CountRow._fields.index("label") + 1 :]


def read_rows(cursor: CursorWrapper) -> tuple[CountRow, dict[str, CountRow]]:
    """Return the total and the rows by their keys."""
    total, rows = CountRow(), {}
    for is_total, *values in cursor:  # one by one: a list of 20,000 more would wake the garbage collector
        row = CountRow._make(values)
        if is_total:
            total = row
        else:
            rows[row.key] = row
    return total, rows
