"""SQL that turns facts into rows of cells: who is counted where, and when she was counted before.

A person who is counted in a month adds one to each reading that holds of her, in the cell that names the
month it held before; what adds up, and what is counted of newcomers, stands in the cell of `heads`.

Most people are in one class, or in several from the same town: wherever one looks, she is counted in the
same months, so her months are worked out once and counted together with people alike before they are
spread over views and levels. Levels at which the places of a person differ are worked out apart.
"""

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
    UNVERIFIED,
    WOMAN,
)

LEVELS = (0, 2, 4, 6, 9, 12)  # by the length of their codes
NATION, PROVINCE, PREFECTURE, COUNTY, TOWN, VILLAGE = LEVELS
SLICED = (NATION, PROVINCE, PREFECTURE, COUNTY)  # with rows of single courses and categories

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
# What is counted of a person in the month that she is new in, of her `month`.
NEWCOMERS = {
    "women": f"flags & {WOMAN} > 0",
    "unverified": f"flags & {UNVERIFIED} > 0",
    "under_35": "is_head AND aged %% 4 = 0",
    "from_35_to_59": "is_head AND aged %% 4 = 1",
    "from_60": "is_head AND aged %% 4 = 2",
}
# What adds up, of one fact.
SUMS = {
    "enrolled": "is_closed::int",
    "in_training": "(NOT is_closed)::int",
    "person_times": "counts::int",
    "poor_person_times": "(counts AND was_registered)::int",
    "poor_at_completion": "completed_registered::int",
    "completed": "is_completed::int",
    "certificates": "is_certified::int",
    "repeats": "is_repeat::int",
    "minutes": "minutes",
    "days": "days::int",
    "open_person_times": "(counts AND NOT is_for_cadres)::int",
    "open_poor_person_times": "(counts AND was_registered AND NOT is_for_cadres)::int",
}
FIGURES = (*READINGS, *NEWCOMERS, *SUMS)
MONTH = "(extract(year FROM {0}) * 12 + extract(month FROM {0}) - 1)::smallint"
CELL_KEY = ("view", "level", "course_id", "category", "code", "month", "previous")
CLASS_CELL_KEY = ("view", "level", "code", "month", "training_class_id", "course_id")

# The columns with the place of a fact, and with what surely holds it, in each view (CountCell.View).
COLUMNS = {
    "t": ("then_place", "then_within"),
    "n": ("now_place", "now_within"),
    "p": ("class_place", "class_place"),
    "f": ("funding_place", "funding_place"),
}
# A village that is no more lies in its town, where it has no row.
_PATHS = {
    f"path_{view}": f"coalesce({place}, left({within}, {TOWN}))" for view, (place, within) in COLUMNS.items()
}
_PATH_NAMES = ", ".join(_PATHS)
_COUNTY_PATHS = ", ".join(f"left({path}, {max(SLICED)}) AS {path}" for path in _PATHS)
_SLICED_PATHS = ", ".join(
    f"CASE WHEN course_id = 0 AND category = '' THEN {path} ELSE left({path}, {max(SLICED)}) END AS {path}"
    for path in _PATHS
)
_SLICES = """
CROSS JOIN (SELECT * FROM (VALUES (true, true), (false, true), (true, false))
            each (all_courses, all_categories) WHERE {slices}) slice
"""
# Which slices {slices}, and whether the whole is among them {whole}.
BOTH = {"slices": "true", "whole": "true"}
ALTOGETHER = {"slices": "all_courses AND all_categories", "whole": "true"}
ONE_BY_ONE = {"slices": "NOT (all_courses AND all_categories)", "whole": "false"}
_SLICE = """
CASE WHEN slice.all_courses THEN 0 ELSE course_id END AS course_id,
CASE WHEN slice.all_categories THEN '' ELSE course_category END AS category
"""


def _is(bits: int) -> str:
    """Return the condition that a person is counted in the month and any of the bits holds."""
    return "is_head" if bits == _EVERYBODY else f"flags & {bits} > 0"


def _summed(name: str, only: str = "") -> str:
    return f"coalesce(sum({name}) {only}, 0)::{'bigint' if name == 'minutes' else 'int'} AS {name}"


_SUMMED = ", ".join(_summed(name) for name in FIGURES)
# Of people who are in one class, once in a month and never before.
_COUNTED = ", ".join(
    [
        *(f"(count(*) FILTER (WHERE {_is(bits)}))::int AS {name}" for name, bits in READINGS.items()),
        *(f"(count(*) FILTER (WHERE {condition}))::int AS {name}" for name, condition in NEWCOMERS.items()),
        *(_summed(name) for name in SUMS),
    ]
)
# Of others: what of a person's month belongs into the cell of a previous month.
_MONTH_OF_PERSON = f"""
bool_or(is_head) AS is_head, bit_or(flags) AS flags, min(aged) AS aged,
{", ".join(_summed(name) for name in SUMS)}
"""
_DATED = ", ".join(
    f"CASE WHEN {_is(bits)} THEN coalesce(max(month) FILTER (WHERE {_is(bits)}) OVER earlier, 0) END AS"
    f" {name}_before"
    for name, bits in READINGS.items()
)
_PREVIOUS = f"""
CROSS JOIN LATERAL (
    SELECT DISTINCT coalesce(month_before, 0)::smallint AS previous
    FROM (VALUES (coalesce(heads_before, 0)), {", ".join(f"({name}_before)" for name in READINGS)})
        dated (month_before)
    WHERE month_before IS NOT NULL
) cell
"""  # noqa: S608 - constants of this module
_IS_OF_HEADS = "previous = coalesce(heads_before, 0)"
_COUNTED_AGAIN = ", ".join(
    [
        *(f"(count(*) FILTER (WHERE previous = {name}_before))::int AS {name}" for name in READINGS),
        *(
            f"(count(*) FILTER (WHERE {condition} AND {_IS_OF_HEADS}))::int AS {name}"
            for name, condition in NEWCOMERS.items()
        ),
        *(_summed(name, f"FILTER (WHERE {_IS_OF_HEADS})") for name in SUMS),
    ]
)


def _common(path: str) -> str:
    """Return the code of the smallest region that holds all places of a person."""
    lengths = " ".join(
        f"WHEN left(min({path}), {level}) = left(max({path}), {level}) THEN left(min({path}), {level})"
        for level in (TOWN, COUNTY, PREFECTURE, PROVINCE)
    )
    return f"CASE WHEN min({path}) = max({path}) THEN min({path}) {lengths} ELSE '' END AS {path}"


def _of_each_view(names: str, figures: str) -> str:
    """Return rows `alike` added up by their place, in one view after the other."""
    return " UNION ALL ".join(
        f"SELECT '{view}' AS view, path_{view} AS code, {names}, {figures} FROM alike"  # noqa: S608 - as below
        f" GROUP BY path_{view}, {names}"
        for view in COLUMNS
    )


def _added_up(names: str, figures: str) -> str:
    """Return the CTEs `at_12` to `at_0`: rows `deep` added up, each level from the one below it."""
    pieces, rows = [], ""
    for level, above in zip(reversed(LEVELS), reversed((*LEVELS[1:], VILLAGE + 1)), strict=True):
        rows += f"SELECT * FROM deep WHERE length(code) >= {level} AND length(code) < {above}"  # noqa: S608
        pieces.append(
            f"at_{level} AS (SELECT view, left(code, {level}) AS code, {names}, {figures}"  # noqa: S608 - as below
            f" FROM ({rows}) rows GROUP BY view, left(code, {level}), {names})"
        )
        rows = f"SELECT * FROM at_{level} UNION ALL "  # noqa: S608 - as below
    return ", ".join(pieces)


_REST = "course_id, category, month, previous"
_CELL_NAMES = f"view, code, {_REST}, {', '.join(FIGURES)}"
_LEVEL_ROWS = " UNION ALL ".join(
    f"SELECT {level} AS level, {_CELL_NAMES} FROM at_{level}"  # noqa: S608 - as below
    for level in LEVELS
)
# {only} narrows the facts to those of some people.
COUNT_ROWS = f"""
WITH facts AS (
    SELECT person_id, course_id, course_category, {MONTH.format("ends_on")} AS month, counts AS is_head,
           CASE WHEN counts THEN flags ELSE 0::smallint END AS flags, CASE WHEN counts THEN aged END AS aged,
           {", ".join(f"{sql} AS {name}" for name, sql in SUMS.items())},
           {", ".join(f"{sql} AS {path}" for path, sql in _PATHS.items())}
    FROM county_countedplace WHERE {{only}}
), again AS (
    SELECT person_id, {", ".join(map(_common, _PATHS))}
    FROM facts GROUP BY person_id HAVING count(*) > 1
), once AS (
    SELECT {_PATH_NAMES}, course_id, course_category, month, {_COUNTED}
    FROM facts WHERE NOT EXISTS (SELECT FROM again WHERE again.person_id = facts.person_id)
    GROUP BY {_PATH_NAMES}, course_id, course_category, month
), months AS (
    SELECT person_id, {_SLICE}, month, {_MONTH_OF_PERSON}
    FROM facts {_SLICES} WHERE EXISTS (SELECT FROM again WHERE again.person_id = facts.person_id)
    GROUP BY 1, 2, 3, 4
), dated AS (
    SELECT *, {_DATED} FROM months
    WINDOW earlier AS (PARTITION BY person_id, course_id, category ORDER BY month
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), alike AS (
    SELECT {_PATH_NAMES}, 0 AS course_id, '' AS category, month, 0::smallint AS previous, {", ".join(FIGURES)}
    FROM once WHERE {{whole}}
    UNION ALL
    SELECT {_COUNTY_PATHS}, {_SLICE}, month, 0::smallint, {_SUMMED}
    FROM once {_SLICES} WHERE NOT (slice.all_courses AND slice.all_categories) GROUP BY 1, 2, 3, 4, 5, 6, 7
    UNION ALL
    SELECT {_SLICED_PATHS}, {_REST}, {_COUNTED_AGAIN} FROM dated JOIN again USING (person_id) {_PREVIOUS}
    GROUP BY 1, 2, 3, 4, {_REST}
), deep AS (
    {_of_each_view(_REST, _SUMMED)}
), {_added_up(_REST, _SUMMED)}, apart_months AS (
    SELECT person_id, view, level, left(path, level) AS code, {_SLICE}, month, {_MONTH_OF_PERSON}
    FROM (SELECT facts.*, place.view, place.path, place.common
          FROM facts JOIN again USING (person_id)
          CROSS JOIN LATERAL (VALUES {", ".join(f"('{v}', facts.path_{v}, again.path_{v})" for v in COLUMNS)})
              place (view, path, common)
          WHERE length(place.path) > length(place.common)) apart
    JOIN unnest(ARRAY[{", ".join(map(str, LEVELS))}]) level
        ON level > length(common) AND level <= length(path)
    {_SLICES}
    WHERE level <= {max(SLICED)} OR slice.all_courses AND slice.all_categories
    GROUP BY 1, 2, 3, 4, 5, 6, 7
), apart_dated AS (
    SELECT *, {_DATED} FROM apart_months
    WINDOW earlier AS (PARTITION BY person_id, view, code, course_id, category ORDER BY month
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), apart AS (
    SELECT level, view, code, {_REST}, {_COUNTED_AGAIN} FROM apart_dated {_PREVIOUS}
    GROUP BY level, view, code, {_REST}
)
SELECT {", ".join(CELL_KEY)}, {", ".join(f"%(sign)s * sum({name})" for name in FIGURES)}
FROM ({_LEVEL_ROWS} UNION ALL SELECT level, {_CELL_NAMES} FROM apart) rows
GROUP BY {", ".join(CELL_KEY)}
"""  # noqa: S608 - constants of this module
_CLASS = "course_id, month, training_class_id"
CLASS_ROWS = f"""
WITH alike AS (
    SELECT {", ".join(f"{sql} AS {path}" for path, sql in _PATHS.items())}, course_id,
           {MONTH.format("ends_on")} AS month, training_class_id, count(*)::int AS people
    FROM county_countedplace WHERE counts AND {{only}} GROUP BY {_PATH_NAMES}, {_CLASS}
), deep AS (
    {_of_each_view(_CLASS, _summed("people"))}
), {_added_up(_CLASS, _summed("people"))}
SELECT {", ".join(CLASS_CELL_KEY)}, %(sign)s * people
FROM ({
    " UNION ALL ".join(
        f"SELECT {level} AS level, view, code, {_CLASS}, people FROM at_{level}" for level in LEVELS
    )
}) rows
"""  # noqa: S608 - constants of this module
