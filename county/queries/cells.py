"""The count of a nation, province or prefecture, and of a county's months: read from cells instead of facts.

The outcome is the same as from facts (counts.py), in a time that does not grow with the people.
"""

from dataclasses import fields
from datetime import date
from typing import Any

from django.db import connection

from county.cell_rows import (
    COUNTY,
    FIGURES,
    LEVELS,
    NEWCOMERS,
    PREFECTURE,
    PROVINCE,
    READINGS,
    SLICED,
    SUMS,
    TOWN,
    WITHIN,
)
from county.counting import CountRow
from county.maps import Asked

_VIEWS = {column: view for view, column in WITHIN.items()}
_BELOW = {"province": PROVINCE, "prefecture": PREFECTURE, "county": COUNTY, "town": TOWN}
_KEYS: dict[str | None, str] = {
    **{by: f"left(code, {length})" for by, length in _BELOW.items()},
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
# Figures of a row that are figures of cells.
_AS_THEY_ARE = {field.name for field in fields(CountRow)} & {"classes", *FIGURES}


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
SELECT {{is_total}} AS is_total, figures.*, coalesce(classes.classes, 0) AS classes
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
        names = [column.name for column in cursor.description][2:]
        found = cursor.fetchall()
    total, rows = CountRow(), {}
    for is_total, key, *row in found:
        counted = _row(key, dict(zip(names, map(_number, row), strict=True)), asked)
        if is_total:
            total = counted
        else:
            rows[key] = counted
    return total, rows


def unallocated(asked: Asked, by: str | None) -> str | None:
    """Return the condition on facts that lie in one of the regions larger than `by` says themselves.

    It takes `parameters` of the question.
    """
    if by not in _BELOW or len(asked.code) >= _BELOW[by]:
        return None
    _place, within = asked.columns()
    return f"{within} = ANY({_LARGER.format(_BELOW[by] // 2)})"


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


def _row(key: str, found: dict[str, Any], asked: Asked) -> CountRow:
    of_shares = "" if asked.with_cadres else "open_"
    return CountRow(
        key=key,
        share_person_times=found[f"{of_shares}person_times"],
        share_poor_person_times=found[f"{of_shares}poor_person_times"],
        share_heads=found[f"{of_shares}heads"],
        share_poor_heads=found[f"{of_shares}poor_heads"],
        cohort=found["due_or_sold_before"] - found["sold_before"],
        converted=found["converted_or_sold_before"] - found["sold_before"],
        watching=found["completed_heads"] - found["due_or_sold_before"],
        **{name: found[name] for name in _AS_THEY_ARE},
    )


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _number(value: int | None) -> int:
    return int(value or 0)
