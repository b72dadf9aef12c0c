"""The count: exact figures of a region and period, in groups or altogether."""

import re
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from county.cell_rows import COUNTY
from county.counting import ORIGIN, THEN, UNALLOCATED, Count, CountRow, months_between
from county.facts import refresh_facts
from county.ledger import (
    COMPLETED,
    CONVERTED_OR_SOLD_BEFORE,
    DUE_OR_SOLD_BEFORE,
    LEDGER,
    MONITORED,
    OPEN_TO_ALL,
    POOR,
    POOR_OPEN_TO_ALL,
    REGISTERED,
    SOLD_BEFORE,
    UNVERIFIED,
    WOMAN,
    places_on,
)
from county.maps import KEYS, KNOWN_BY, Asked
from county.queries import cells
from county.queries.count_rows import FIGURES_OF_A_ROW, read_rows
from county.queries.regions import newest_version, place_names
from courses.models import Course, TrainingClass
from registry.models import RegionVersion
from registry.queries.places import places_in
from registry.region_codes import level_of

_FACTS = "county_countedplace"
GROUPINGS = tuple(KEYS)
_LEVELS = {
    "province": RegionVersion.Level.PROVINCE,
    "prefecture": RegionVersion.Level.PREFECTURE,
    "county": RegionVersion.Level.COUNTY,
    "town": RegionVersion.Level.TOWN,
    "village": RegionVersion.Level.VILLAGE,
}
# How many levels down every place has its row, whether or not somebody was trained there: the villages of a
# county and the counties of a province, but not 20,000 villages of a province.
_LEVELS_SHOWN_EMPTY = 2
# What adds up, in one pass over the person-times.
_SUMS = """
    count(*) FILTER (WHERE is_closed) AS enrolled,
    count(*) FILTER (WHERE NOT is_closed) AS in_training,
    count(*) FILTER (WHERE counts) AS person_times,
    count(*) FILTER (WHERE counts AND was_registered) AS poor_person_times,
    count(*) FILTER (WHERE completed_registered) AS poor_at_completion,
    count(*) FILTER (WHERE is_completed) AS completed,
    count(*) FILTER (WHERE is_certified) AS certificates,
    count(*) FILTER (WHERE is_repeat) AS repeats,
    sum(minutes) AS minutes,
    sum(days) AS days,
    count(*) FILTER (WHERE counts AND (%(with_cadres)s OR NOT is_for_cadres)) AS share_person_times,
    count(*) FILTER (WHERE counts AND was_registered AND (%(with_cadres)s OR NOT is_for_cadres))
        AS share_poor_person_times,
    count(DISTINCT training_class_id) FILTER (WHERE counts) AS classes
"""
# What does not: first one row a human being, then how many of them. Counting distinct people in one go would
# sort once for each figure.
_HEADS = f"""
    count(*) AS heads,
    count(*) FILTER (WHERE flags & {POOR} > 0) AS poor_heads,
    count(*) FILTER (WHERE flags & {REGISTERED} > 0) AS registered_heads,
    count(*) FILTER (WHERE flags & {MONITORED} > 0) AS monitored_heads,
    count(*) FILTER (WHERE flags & {REGISTERED | MONITORED} > 0) AS aided_heads,
    count(*) FILTER (WHERE flags & {WOMAN} > 0) AS women,
    count(*) FILTER (WHERE flags & {UNVERIFIED} > 0) AS unverified,
    count(*) FILTER (WHERE aged %% 4 = 0) AS under_35,
    count(*) FILTER (WHERE aged %% 4 = 1) AS from_35_to_59,
    count(*) FILTER (WHERE aged %% 4 = 2) AS from_60,
    count(*) FILTER (WHERE %(with_cadres)s OR flags & {OPEN_TO_ALL} > 0) AS share_heads,
    count(*) FILTER (WHERE flags & {POOR_OPEN_TO_ALL} > 0 OR %(with_cadres)s AND flags & {POOR} > 0)
        AS share_poor_heads,
    count(*) FILTER (WHERE flags & {COMPLETED} > 0 AND flags & {DUE_OR_SOLD_BEFORE} = 0) AS watching,
    count(*) FILTER (WHERE flags & {DUE_OR_SOLD_BEFORE} > 0 AND flags & {SOLD_BEFORE} = 0) AS cohort,
    count(*) FILTER (WHERE flags & {CONVERTED_OR_SOLD_BEFORE} > 0 AND flags & {SOLD_BEFORE} = 0)
        AS converted
"""
_HEAD_NAMES = set(re.findall(r"AS (\w+)", _HEADS))
_FIGURES = ", ".join(
    f"coalesce({'heads' if name in _HEAD_NAMES else 'sums'}.{name}, 0)::bigint" for name in FIGURES_OF_A_ROW
)


def count(
    region_code: str,
    since_month: date,
    until_month: date,
    *,
    by: str | None = None,
    on_map: str = THEN,
    today: date | None = None,
) -> Count:
    """Return the figures of a region for the classes that ended from one month to the other, both included.

    `by` groups them by place, month, course or category; the total is counted separately. Months appear with
    zeros too, and so do places one and two levels below the region. `on_map` "then" places people as coded
    on the day they enrolled, "now" as of `today`; of a region that is no more, "now" shows where its people
    lie since. An empty region code is the nation. Raises `RegionVersion.DoesNotExist` for an unknown code and
    `KeyError` for an unknown grouping or map.
    """
    asked = Asked(region_code, since_month, until_month, on_map, today=today or timezone.localdate())
    return answer(asked, by)


def answer(asked: Asked, by: str | None = None) -> Count:
    """Return the figures of a question; exact at this moment, whatever was written a moment ago."""
    refresh_facts(asked.today)
    return _labelled(asked, by, *(_from_cells if cells.can_answer(asked, by) else _from_facts)(asked, by))


def recount(asked: Asked, by: str | None = None, *, rows: str = "") -> Count:
    """Return the same figures worked out from scratch, however long it takes: what the facts must equal.

    `rows` names a table that holds the rows of `LEDGER` already, for several questions to one of them.
    """
    source = rows or f"({LEDGER.format(only='')})"
    return _labelled(asked, by, *_figures(asked, by, source, places_on(asked.today)))


def _from_facts(asked: Asked, by: str | None) -> tuple[CountRow, dict[str, CountRow]]:
    if by and len(asked.code) < COUNTY and cells.can_answer(asked, None):
        return _from_cells(asked, None)[0], _figures(asked, by, _FACTS, {}, rows_only=True)[1]
    return _figures(asked, by, _FACTS, {})


def _from_cells(asked: Asked, by: str | None) -> tuple[CountRow, dict[str, CountRow]]:
    total, rows = cells.figures(asked, by)
    if conditions := cells.unallocated(asked, by):
        few = " UNION ALL ".join(f"SELECT * FROM {_FACTS} WHERE {one}" for one in conditions)  # noqa: S608
        unallocated, _none = _figures(asked, None, f"({few})", {})
        if not unallocated.is_empty:
            rows[UNALLOCATED] = unallocated.named(UNALLOCATED)
    return total.named(asked.code), rows


def _labelled(asked: Asked, by: str | None, total: CountRow, rows: dict[str, CountRow]) -> Count:
    name = newest_version(asked.code).name if asked.code else _("The whole nation")
    counted = Count(
        asked.code,
        name,
        asked.since_month.replace(day=1),
        asked.until_month.replace(day=1),
        by,
        total,
        on_map=asked.on_map,
        view=asked.view,
        course=asked.course,
        category=asked.category,
        with_cadres=asked.with_cadres,
    )
    if by:
        counted.rows.extend(_named(counted, rows))
    return counted


def _figures(
    asked: Asked, by: str | None, source: str, values: dict[str, Any], *, rows_only: bool = False
) -> tuple[CountRow, dict[str, CountRow]]:
    _place, within = asked.columns()
    key = asked.key(by) if by else "NULL::text"
    level, sets, all_keys = "GROUPING(key)", "GROUPING SETS ((key, {0}), ({0}))", "GROUPING SETS ((key), ())"
    if rows_only or not by:
        level, sets, all_keys = "0" if by else "1", "key, {0}", "key"
    known_by = KNOWN_BY.get(by or "", "{key}").format(key="sums.key")
    kept = "NOT MATERIALIZED" if _FACTS in source else "MATERIALIZED"
    sql = f"""
    WITH counted AS {kept} (SELECT {key} AS key, f.* FROM {source} f WHERE {asked.condition(within)}),
    sums AS (
        SELECT {level} AS is_total, key, {_SUMS} FROM counted
        GROUP BY {all_keys}
    ), people AS (
        SELECT {level} AS is_total, key, bit_or(flags) AS flags, min(aged) AS aged
        FROM counted WHERE counts GROUP BY {sets.format("person_id")}
    ), heads AS (SELECT is_total, key, {_HEADS} FROM people GROUP BY is_total, key)
    SELECT sums.is_total, coalesce({known_by}, %(unallocated)s), '', {_FIGURES}
    FROM sums
    LEFT JOIN heads ON heads.is_total = sums.is_total AND coalesce(heads.key, '') = coalesce(sums.key, '')
    """  # noqa: S608 - the pieces are constants of this package
    with connection.cursor() as cursor:
        cursor.execute(sql, asked.parameters | values | {"unallocated": UNALLOCATED})
        total, rows = read_rows(cursor)
    return total.named(asked.code), rows


def _named(count: Count, rows: dict[str, CountRow]) -> list[CountRow]:
    """Give each row its name, add the ones that are zero, and sort; the unallocated come last."""
    names = _names(count, list(rows))
    known = list(names) if count.by == "class" else sorted({*rows, *names} - {UNALLOCATED})
    keys = known + ([UNALLOCATED] if UNALLOCATED in rows else [])
    none = CountRow()
    return [rows.get(key, none).named(key, names.get(key, key) or _("Unallocated")) for key in keys]


def _names(count: Count, keys: list[str]) -> dict[str, str]:
    if count.by == "month":
        return {month: month for month in months_between(count.since, count.until)}
    if count.by == "course":
        return {course.code: course.title for course in Course.objects.filter(code__in=keys)}
    if count.by == "category":
        return {value: str(label) for value, label in Course.Category.choices if value in keys}
    if count.by == "class":
        classes = TrainingClass.objects.filter(uid__in=[key for key in keys if key])
        return {
            str(one.uid): f"{one.label} {one.course.title}"
            for one in classes.select_related("course").order_by("year", "number")
        }
    below: dict[str, str] = {}
    if count.region_code and count.view == ORIGIN:
        level = _LEVELS[count.by or ""]
        below = dict(places_in(count.region_code, level).values_list("code", "name"))
        if level > level_of(count.region_code) + _LEVELS_SHOWN_EMPTY:
            below = {code: below[code] for code in keys if code in below}
    return below | place_names(set(keys) - set(below))
