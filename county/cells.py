"""Keeps the cells equal to the facts: takes out what some people add to them, or puts it in.

`facts.refresh_facts` calls both around every change of facts, under its lock and in its transaction. Who is
counted in which cells is said in `cell_rows`.
"""

from typing import Any

from django.db.backends.utils import CursorWrapper

from county.cell_rows import CELL_KEY, CLASS_CELL_KEY, CLASS_ROWS, COUNT_ROWS, FIGURES, READINGS

_SOME, _ALL = "person_id = ANY(%(people)s)", "true"
_NAMES, _CLASS_NAMES = (", ".join((*CELL_KEY, *FIGURES)), ", ".join((*CLASS_CELL_KEY, "people")))


def _added(table: str, key: tuple[str, ...], names: tuple[str, ...]) -> str:
    return f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET " + ", ".join(
        f"{name} = {table}.{name} + excluded.{name}" for name in names
    )


_COUNT_CELLS = f"""
INSERT INTO county_countcell ({_NAMES}) {COUNT_ROWS.format(only=_SOME)}
{_added("county_countcell", CELL_KEY, FIGURES)}
"""
_CLASS_CELLS = f"""
INSERT INTO county_classcell ({_CLASS_NAMES}) {CLASS_ROWS.format(only=_SOME)}
{_added("county_classcell", CLASS_CELL_KEY, ("people",))}
"""
_IS_EMPTY = " AND ".join(f"{name} = 0" for name in (*READINGS, "enrolled", "in_training"))
_CLEAR = (
    f"DELETE FROM county_countcell WHERE {_IS_EMPTY}",  # noqa: S608 - constants of `cell_rows`
    "DELETE FROM county_classcell WHERE people = 0",
)
# In the order of the keys, so that a region's cells lie together and an index grows at its end.
_ALL_CELLS = (
    f"INSERT INTO county_countcell ({_NAMES}) {COUNT_ROWS.format(only=_ALL)} ORDER BY {', '.join(CELL_KEY)}",
    f"INSERT INTO county_classcell ({_CLASS_NAMES}) {CLASS_ROWS.format(only=_ALL)}"
    f" ORDER BY {', '.join(CLASS_CELL_KEY)}",
)


def take_out(cursor: CursorWrapper, people: list[int]) -> None:
    """Take what the facts of `people` (all records of each human being) add out of the cells."""
    _add(cursor, people, -1)


def put_in(cursor: CursorWrapper, people: list[int]) -> None:
    """Put what the facts of `people` add into the cells, and remove cells that nothing adds to any more."""
    _add(cursor, people, 1)
    for statement in _CLEAR:
        cursor.execute(statement)


def put_everybody_in(cursor: CursorWrapper) -> None:
    """Work out all cells from all facts; there are none yet."""
    for statement in _ALL_CELLS:
        cursor.execute(statement, {"sign": 1})


def _add(cursor: CursorWrapper, people: list[int], sign: int) -> None:
    values: dict[str, Any] = {"people": people, "sign": sign}
    cursor.execute(_COUNT_CELLS, values)
    cursor.execute(_CLASS_CELLS, values)
