"""Keeps the cells equal to the facts: takes out what some people add to them, or puts it in.

`facts.refresh_facts` calls both around every change of facts, under its lock and in its transaction. Who is
counted in which cells is said in `cell_rows`.
"""

from collections.abc import Iterable

from django.db.backends.utils import CursorWrapper

from county.cell_rows import (
    ALTOGETHER,
    BOTH,
    CELL_KEY,
    CLASS_CELL_KEY,
    CLASS_ROWS,
    COUNT_ROWS,
    FIGURES,
    ONE_BY_ONE,
    READINGS,
)

_SOME, _ALL = "person_id = ANY(%(people)s)", "true"
_COUNTED = (*READINGS, "enrolled", "in_training")  # a cell without any of these is of nobody


def _filling(table: str, key: tuple[str, ...], names: tuple[str, ...], rows: str) -> str:
    return f"INSERT INTO {table} ({', '.join((*key, *names))}) {rows}"


def _adding(
    table: str, key: tuple[str, ...], names: tuple[str, ...], rows: str, counted: Iterable[str]
) -> str:
    """Return the statement that adds rows to cells, and returns those that are of nobody now."""
    return f"""
    WITH cells AS (
        {_filling(table, key, names, rows)}
        ON CONFLICT ({", ".join(key)})
        DO UPDATE SET {", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in names)}
        RETURNING id, {" AND ".join(f"{name} = 0" for name in counted)} AS is_empty
    ) SELECT id FROM cells WHERE is_empty
    """  # noqa: S608 - constants of `cell_rows`


_COUNT = ("county_countcell", CELL_KEY, FIGURES)
_CLASS = ("county_classcell", CLASS_CELL_KEY, ("people",))
_CELLS = {
    "county_countcell": _adding(*_COUNT, COUNT_ROWS.format(only=_SOME, **BOTH), _COUNTED),
    "county_classcell": _adding(*_CLASS, CLASS_ROWS.format(only=_SOME), ("people",)),
}
_CLEAR = {
    "county_countcell": "DELETE FROM county_countcell WHERE id = ANY(%s) AND "  # noqa: S608 - names of figures
    + " AND ".join(f"{name} = 0" for name in _COUNTED),
    "county_classcell": "DELETE FROM county_classcell WHERE id = ANY(%s) AND people = 0",
}
# In the order of the keys, so that a region's cells lie together and an index grows at its end. Those of a
# nation are sorted on the disk, all courses together before they are sorted one by one.
_ALL_CELLS = (
    *(
        f"{_filling(*_COUNT, COUNT_ROWS.format(only=_ALL, **slices))} ORDER BY {', '.join(CELL_KEY)}"
        for slices in (ALTOGETHER, ONE_BY_ONE)
    ),
    f"{_filling(*_CLASS, CLASS_ROWS.format(only=_ALL))} ORDER BY {', '.join(CLASS_CELL_KEY)}",
)
Emptied = dict[str, list[int]]  # cells by table


def take_out(cursor: CursorWrapper, people: list[int]) -> Emptied:
    """Take what the facts of `people` (all records of each human being) add out of the cells.

    Returns the cells that are of nobody now; `put_in` removes them, unless they are of somebody again.
    """
    return _add(cursor, people, -1)


def put_in(cursor: CursorWrapper, people: list[int], emptied: Emptied) -> None:
    """Put what the facts of `people` add into the cells, and remove those that stay empty."""
    _add(cursor, people, 1)
    for table, cells in emptied.items():
        if cells:
            cursor.execute(_CLEAR[table], [cells])


def put_everybody_in(cursor: CursorWrapper) -> None:
    """Work out all cells from all facts; there are none yet."""
    for statement in _ALL_CELLS:
        cursor.execute(statement, {"sign": 1})


def _add(cursor: CursorWrapper, people: list[int], sign: int) -> Emptied:
    emptied = {}
    for table, statement in _CELLS.items():
        cursor.execute(statement, {"people": people, "sign": sign})
        emptied[table] = [cell for (cell,) in cursor.fetchall()]
    return emptied
