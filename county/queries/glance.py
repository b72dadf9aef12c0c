"""What waits for the office: classes, returns and villages in one query, and the audit desk's flags."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from county.maps import Asked
from county.queries.flags import Looked, flag_counts
from registry.queries.places import COUNTY_CODE_LENGTH

# Classes by their step; months that are over, in which a county counts people and has signed nothing; and
# villages of today, with nobody trained in the period.
_WAITING = """
WITH classes AS (
    SELECT count(*) FILTER (WHERE c.state = 'open' AND c.starts_on <= %(today)s AND c.ends_on >= %(today)s)
               AS running,
           count(*) FILTER (WHERE c.state = 'submitted') AS to_check,
           count(*) FILTER (WHERE c.state = 'checked') AS to_approve,
           count(*) FILTER (WHERE c.state = 'open' AND c.ends_on < %(today)s) AS late
    FROM courses_trainingclass c
    WHERE c.state IN ('open', 'submitted', 'checked')
      AND (c.county_code COLLATE "C" >= %(code)s AND c.county_code COLLATE "C" < %(code_end)s
           OR c.place_code >= %(code)s AND c.place_code < %(code_end)s)
), trained AS MATERIALIZED (
    SELECT f.{place} AS place, f.{within} AS within, f.ends_on FROM county_countedplace f
    WHERE f.counts AND {condition}
), unsigned AS (
    SELECT count(*) AS months, min(counted.month) AS first
    FROM (SELECT DISTINCT left(within, 6) AS code, date_trunc('month', ends_on)::date AS month FROM trained
          WHERE length(within) >= 6 AND ends_on < %(this_month)s) counted
    LEFT JOIN county_monthlyreturn r
        ON r.county_code = counted.code AND r.month = counted.month AND r.state = 'signed'
    WHERE r.id IS NULL
), villages AS (
    SELECT count(*) AS villages, count(*) FILTER (WHERE reached.place IS NULL) AS without
    FROM registry_regionversion v
    LEFT JOIN (SELECT DISTINCT place FROM trained) reached ON reached.place = v.code
    WHERE v.level = 5 AND v.is_administrative AND v.valid @> %(today)s AND v.code COLLATE "C" >= %(code)s
      AND v.code COLLATE "C" < %(code_end)s
)
SELECT running, to_check, to_approve, late, months, first, villages, without
FROM classes, unsigned, villages
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the office has before it."""

    running: int
    to_check: int
    to_approve: int
    late: int  # over, and not closed
    unsigned: int | None  # months of counties; None for who reads no whole county
    first_unsigned: date | None
    villages: int
    villages_without: int  # nobody trained in the year


def waiting_in(asked: Asked) -> Waiting:
    """Return what waits in a region; months and villages are those of the period asked.

    The facts are those of the count before it on the same page: nobody brings them up to date twice.
    """
    values: dict[str, Any] = asked.parameters | {
        "today": asked.today,
        "this_month": asked.today.replace(day=1),
    }
    place, within = asked.columns()
    sql = _WAITING.format(place=place, within=within, condition=asked.condition(within))
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        running, to_check, to_approve, late, unsigned, first, villages, without = cursor.fetchone()
    is_whole = len(asked.code) <= COUNTY_CODE_LENGTH
    return Waiting(
        running=running,
        to_check=to_check,
        to_approve=to_approve,
        late=late,
        unsigned=unsigned if is_whole else None,
        first_unsigned=first if is_whole else None,
        villages=villages,
        villages_without=without,
    )


def open_flags(scopes: Sequence[str], asked: Asked) -> int | None:
    """Return how many flags are open, or None where the audit desk looks at more or less than this region.

    The audit desk shows all somebody may look at. Above a county that takes seconds: it is counted there.
    """
    if list(scopes) != [asked.code] or len(asked.code) < COUNTY_CODE_LENGTH:
        return None
    looked = Looked(scopes, asked.parameters["since"], asked.parameters["end"])
    return sum(each.open for each in flag_counts(looked))
