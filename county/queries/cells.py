"""The count of a nation, province or prefecture, and of a county's months: read from cells instead of facts.

The outcome is the same as from facts (counts.py), in a time that does not grow with the people.
"""

from datetime import date
from typing import Any

from django.db import connection

from county.cell_rows import (
    COLUMNS,
    COUNTY,
    LEVELS,
    NEWCOMERS,
    PREFECTURE,
    PROVINCE,
    READINGS,
    SLICED,
    SUMS,
    TOWN,
    VILLAGE,
)
from county.counting import CountRow
from county.maps import Asked
from county.queries.count_rows import FIGURES_OF_A_ROW, read_rows

_VIEWS = {within: view for view, (_place, within) in COLUMNS.items()}
_BELOW = {"province": PROVINCE, "prefecture": PREFECTURE, "county": COUNTY, "town": TOWN, "village": VILLAGE}
_KEYS: dict[str | None, str] = {
    **{by: f"left(code, {length})" for by, length in _BELOW.items()},
    "village": "code",  # no code is longer, and plain it is what an index is sorted by
    None: "''",
    "month": "(month / 12)::text || '-' || lpad((month %% 12 + 1)::text, 2, '0')",
    "course": "(SELECT code FROM courses_course WHERE id = course_id)",
    "category": "category",
}
# The same of rows of single courses, which name no category.
_COURSE_KEYS = {
    **_KEYS,
    "category": "(SELECT category FROM courses_course WHERE id = course_id)",
}
# Figures of a row that are not figures of cells under the same name.
_OTHERS = {
    "classes": "classes.classes",
    "share_person_times": "figures.{open}person_times",
    "share_poor_person_times": "figures.{open}poor_person_times",
    "share_heads": "figures.{open}heads",
    "share_poor_heads": "figures.{open}poor_heads",
    "cohort": "figures.due_or_sold_before - figures.sold_before",
    "converted": "figures.converted_or_sold_before - figures.sold_before",
    "watching": "figures.completed_heads - figures.due_or_sold_before",
}
_OF_A_ROW = ", ".join(
    f"coalesce({_OTHERS.get(name, f'figures.{name}')}, 0)::bigint" for name in FIGURES_OF_A_ROW
)


def _people() -> str:
    """Return what sums up people: of each reading those of whom it held for the first time in the period.

    `is_whole` says that the period is counted as a whole; in a single month everybody is new.
    """
    return ", ".join(
        f"sum({name}) FILTER (WHERE NOT {{is_whole}} OR previous < %(since)s) AS {name}"
        for name in (*READINGS, *NEWCOMERS)
    )


_WHERE = """
view = %(view)s AND level = {level} AND month BETWEEN %(since)s AND %(until)s AND {places}
"""
_ROWS = f"""
SELECT {{is_total}}, key, '', {_OF_A_ROW}
FROM (SELECT {{key}} AS key, {", ".join(f"sum({name}) AS {name}" for name in SUMS)}, {_people()}
      FROM county_countcell WHERE {_WHERE} AND {{slice}} GROUP BY 1) figures
LEFT JOIN (SELECT {{class_key}} AS key, count(*) AS classes
           FROM county_classcell WHERE {_WHERE} AND {{courses}} GROUP BY 1) classes USING (key)
"""  # noqa: S608 - constants of this module
_LARGER = """
ARRAY(SELECT %(code)s UNION
      SELECT code FROM registry_regionversion WHERE code >= %(code)s AND code < %(code_end)s AND level < {0})
"""


def can_answer(asked: Asked, by: str | None) -> bool:
    """Whether the cells hold the answer; else the facts do, and they are those of a town or of a class."""
    if len(asked.code) > COUNTY or len(asked.code) not in LEVELS or by not in _KEYS:
        return False
    if asked.training_class or asked.unallocated:
        return False
    if by == "village" and asked.columns() not in COLUMNS.values():
        return False  # the villages of today, of a county that is no more
    return _level(asked, by) in SLICED or not (asked.course or asked.category)


def figures(asked: Asked, by: str | None) -> tuple[CountRow, dict[str, CountRow]]:
    """Return the total and the rows by key of a question that `can_answer` accepts.

    People who are in no region as small as asked for have no row here.
    """
    _place, within = asked.columns()
    values: dict[str, Any] = {
        **asked.parameters,
        "view": _VIEWS[within],
        "since": _month(asked.since_month),
        "until": _month(asked.until_month),
    }
    statements = [_statement(asked, None), *([_statement(asked, by)] if by else [])]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), values)
        return read_rows(cursor)


def unallocated(asked: Asked, by: str | None) -> list[str]:
    """Return the conditions on facts that have no row in this grouping; no fact meets two of them.

    They take `parameters` of the question. Each is served by an index of its own, both in one by none.
    """
    if by not in _BELOW or len(asked.code) >= _BELOW[by]:
        return []
    _place, within = asked.columns()
    in_larger = f"{within} = ANY({_LARGER.format(LEVELS.index(_BELOW[by]))})"
    if by == "village" and within == "now_within":
        return [
            in_larger,
            f"now_place IS NULL AND length(now_within) = {VILLAGE}",
        ]  # villages that are no more
    return [in_larger]


def _level(asked: Asked, by: str | None) -> int:
    return max(_BELOW.get(by or "", 0), len(asked.code))


def _statement(asked: Asked, by: str | None) -> str:
    level = _level(asked, by)
    return _ROWS.format(
        is_total="false" if by else "true",
        key=(_COURSE_KEYS if asked.course else _KEYS)[by],
        class_key=_COURSE_KEYS[by],
        level=level,
        places="code = %(code)s" if level == len(asked.code) else "code >= %(code)s AND code < %(code_end)s",
        slice=_slice(asked, by),
        courses=_courses(asked),
        open="" if asked.with_cadres else "open_",
        is_whole="false" if by == "month" else "true",
    )


def _slice(asked: Asked, by: str | None) -> str:
    """Return the condition on the cells: all courses in one, or the courses or categories one by one."""
    if asked.course or by == "course":
        return f"course_id > 0 AND category = '' AND {_courses(asked)}"
    if asked.category or by == "category":
        return "course_id = 0 AND category <> '' AND (%(category)s = '' OR category = %(category)s)"
    return "course_id = 0 AND category = ''"


def _courses(asked: Asked) -> str:
    if not (asked.course or asked.category):
        return "true"
    return """course_id IN (SELECT id FROM courses_course WHERE (%(course)s = '' OR code = %(course)s)
                           AND (%(category)s = '' OR category = %(category)s))"""


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
