"""Keeps the cells equal to the facts: takes out what some people add to them, or puts it in.

`facts.refresh_facts` calls both around every change of facts, under its lock and in its transaction.
"""

from django.db.backends.utils import CursorWrapper

from county.ledger import (
    COMPLETED,
    CONVERTED_OR_SOLD_BEFORE,
    DUE_OR_SOLD_BEFORE,
    MONITORED,
    OPEN_TO_ALL,
    POOR,
    POOR_OPEN_TO_ALL,
    REGISTERED,
    SOLD_BEFORE,
)

NATION, PROVINCE, PREFECTURE, COUNTY = LEVELS = (0, 2, 4, 6)  # by the length of their codes
SLICED = (NATION, PROVINCE, PREFECTURE)  # with rows of single courses and categories; a county has few facts

_EVERYBODY = -1  # as bits: whatever she is
# What a person is counted for once in a period, as bits of `flags`: any of them will do.
READINGS = {
    "heads": _EVERYBODY,
    "poor_heads": POOR,
    "registered_heads": REGISTERED,
    "monitored_heads": MONITORED,
    "aided_heads": REGISTERED | MONITORED,
    "open_heads": OPEN_TO_ALL,
    "open_poor_heads": POOR_OPEN_TO_ALL,
    "completed_heads": COMPLETED,
    "sold_before": SOLD_BEFORE,
    "due_or_sold_before": DUE_OR_SOLD_BEFORE,
    "converted_or_sold_before": CONVERTED_OR_SOLD_BEFORE,
}
# What adds up, of the facts `f`.
SUMS = {
    "enrolled": "count(*) FILTER (WHERE is_closed)",
    "in_training": "count(*) FILTER (WHERE NOT is_closed)",
    "person_times": "count(*) FILTER (WHERE counts)",
    "poor_person_times": "count(*) FILTER (WHERE counts AND was_registered)",
    "poor_at_completion": "count(*) FILTER (WHERE completed_registered)",
    "completed": "count(*) FILTER (WHERE is_completed)",
    "certificates": "count(*) FILTER (WHERE is_certified)",
    "repeats": "count(*) FILTER (WHERE is_repeat)",
    "minutes": "sum(minutes)",
    "days": "sum(days)",
    "open_person_times": "count(*) FILTER (WHERE counts AND NOT is_for_cadres)",
    "open_poor_person_times": "count(*) FILTER (WHERE counts AND was_registered AND NOT is_for_cadres)",
}
MONTH = "(extract(year FROM {0}) * 12 + extract(month FROM {0}) - 1)::smallint"

_PLACES = """
SELECT f.*, place.view, level, left(place.within, level) AS code
FROM county_countedplace f
CROSS JOIN LATERAL (VALUES ('t', f.then_within), ('n', f.now_within), ('p', f.class_place),
                           ('f', f.funding_place)) place (view, within)
JOIN unnest(%(levels)s::int[]) level ON level <= length(place.within)
WHERE f.person_id = ANY(%(people)s)
"""
_KEY = "view, level, code, course_id, category, month"


def _is(bits: int, flags: str = "flags") -> str:
    """Return the condition that people are counted and any of the bits holds."""
    return "is_head" if bits == _EVERYBODY else f"({flags} & {bits}) > 0"


_PREVIOUS = ", ".join(
    f"CASE WHEN {_is(bits)} THEN coalesce(max(month) FILTER (WHERE {_is(bits)}) OVER earlier, 0) ELSE 0 END"
    for bits in READINGS.values()
)
_COUNT_CELLS = f"""
WITH sliced AS (
    SELECT p.person_id, p.view, p.level, p.code, slice.course_id, slice.category,
           {MONTH.format("p.ends_on")} AS month, bool_or(p.counts) AS is_head,
           coalesce(bit_or(p.flags) FILTER (WHERE p.counts), 0) AS flags,
           coalesce(min(p.aged) FILTER (WHERE p.counts) %% 4, 0) AS age_group,
           {", ".join(f"{sql} AS {name}" for name, sql in SUMS.items())}
    FROM ({_PLACES}) p
    CROSS JOIN LATERAL (
        SELECT 0::bigint AS course_id, '' AS category
        UNION ALL SELECT * FROM (VALUES (p.course_id, ''), (0, p.course_category)) single
        WHERE p.level = ANY(%(sliced)s)
    ) slice
    GROUP BY p.person_id, {_KEY.replace("course_id, category", "slice.course_id, slice.category")}
), people AS (
    SELECT {_KEY}, flags, age_group, is_head, {", ".join(SUMS)},
           ARRAY[{_PREVIOUS}]::smallint[] AS previous
    FROM sliced
    WINDOW earlier AS (PARTITION BY person_id, view, code, course_id, category ORDER BY month
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
INSERT INTO county_countcell ({_KEY}, flags, age_group, previous, people, {", ".join(SUMS)})
SELECT {_KEY}, flags, age_group, previous, %(sign)s * count(*) FILTER (WHERE is_head),
       {", ".join(f"%(sign)s * sum({name})" for name in SUMS)}
FROM people GROUP BY {_KEY}, flags, age_group, previous
ON CONFLICT (view, level, course_id, category, code, month, flags, age_group, previous) DO UPDATE SET
    {", ".join(f"{name} = county_countcell.{name} + excluded.{name}" for name in ("people", *SUMS))}
"""  # noqa: S608 - constants of this module
_CLASS_CELLS = f"""
INSERT INTO county_classcell (view, level, code, course_id, month, training_class_id, people)
SELECT view, level, code, course_id, {MONTH.format("ends_on")} AS month, training_class_id,
       %(sign)s * count(*)
FROM ({_PLACES} AND f.counts) p
GROUP BY view, level, code, course_id, month, training_class_id
ON CONFLICT (view, level, code, month, training_class_id, course_id)
DO UPDATE SET people = county_classcell.people + excluded.people
"""  # noqa: S608 - constants of this module
_CLEAR = (
    "DELETE FROM county_countcell WHERE enrolled = 0 AND in_training = 0",
    "DELETE FROM county_classcell WHERE people = 0",
)


def take_out(cursor: CursorWrapper, people: list[int]) -> None:
    """Take what the facts of `people` (all records of each human being) add out of the cells."""
    _add(cursor, people, -1)


def put_in(cursor: CursorWrapper, people: list[int]) -> None:
    """Put what the facts of `people` add into the cells, and remove cells that nothing adds to any more."""
    _add(cursor, people, 1)
    for statement in _CLEAR:
        cursor.execute(statement)


def _add(cursor: CursorWrapper, people: list[int], sign: int) -> None:
    values: dict[str, int | list[int]] = {
        "people": people,
        "sign": sign,
        "levels": list(LEVELS),
        "sliced": list(SLICED),
    }
    cursor.execute(_COUNT_CELLS, values)
    cursor.execute(_CLASS_CELLS, values)
