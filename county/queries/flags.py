"""The audit desk's flags over the classes of a reach and period: how many of each, and their rows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from county.facts import refresh_facts
from county.flags import BY_CODE, FLAGS, Flag
from county.models import FlagSettlement
from county.queries import flagged_people as people
from county.queries import flagged_sittings as sittings
from courses.models import Sitting, TrainingClass
from registry.masking import mask_name
from registry.models import Person

SQL = {
    "A1": sittings.OVERLAPS,
    "A2": people.REMOVED,
    "A3": sittings.BURSTS,
    "A4": sittings.CLOCKS,
    "A5": sittings.ROOMS,
    "A6": sittings.FULL,
    "A7": sittings.PHOTOS,
    "A8": people.PHONES,
    "A9": people.ROSTERS,
    "A10": people.LATE_ROSTER,
    "A11": people.AGES,
    "A12": people.REPEATS,
    "A13": people.PAPERS,
    "A14": sittings.DUTIES,
    "A15": people.DENIED,
}
# Classes held for a county of the reach, or in a town of it, that end in the period.
_ASKED = """
asked AS (
    SELECT c.* FROM courses_trainingclass c
    WHERE (c.county_code LIKE ANY(%(inside)s) OR c.place_code LIKE ANY(%(inside)s))
      AND c.ends_on >= %(since)s AND c.ends_on < %(until)s
)
"""
_SETTLED = """
LEFT JOIN county_flagsettlement z ON z.flag = found.flag AND z.key = found.key AND z.taken_back_at IS NULL
"""


@dataclass(frozen=True)
class Looked:
    """Where and when is looked: region codes ([""] is everywhere), from `since` to the day before `until`."""

    codes: Sequence[str]
    since: date
    until: date

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the queries."""
        return {"inside": [f"{code}%" for code in self.codes], "since": self.since, "until": self.until}


@dataclass(frozen=True)
class FlagCount:
    """One flag, how many of its rows are open, and how many were settled."""

    flag: Flag
    open: int
    settled: int


@dataclass(frozen=True)
class FlagRow:
    """One flagged fact: where, whom (masked), what, and how it was settled."""

    key: str
    training_class: TrainingClass | None
    masked_name: str
    sitting: Sitting | None
    text: str
    settlement: FlagSettlement | None


def flag_counts(looked: Looked) -> list[FlagCount]:
    """Return every flag with its numbers of open and settled rows."""
    refresh_facts(timezone.localdate())
    union = " UNION ALL ".join(_tagged(code) for code in SQL)
    sql = f"""WITH {_ASKED}
        SELECT found.flag, count(*) FILTER (WHERE z.id IS NULL), count(z.id)
        FROM ({union}) found {_SETTLED} GROUP BY found.flag"""  # noqa: S608 - constants
    with connection.cursor() as cursor:
        cursor.execute(sql, looked.parameters)
        numbers = {flag: (open_rows, settled) for flag, open_rows, settled in cursor.fetchall()}
    return [FlagCount(flag, *numbers.get(flag.code, (0, 0))) for flag in FLAGS]


def flag_rows(
    looked: Looked, code: str, *, settled: bool = False, key: str = "", first: int = 0, most: int = 50
) -> list[FlagRow]:
    """Return the open or the settled rows of a flag, newest class first; only that with `key` if given."""
    refresh_facts(timezone.localdate())
    state = "z.id IS NOT NULL" if settled else "z.id IS NULL"
    sql = f"""WITH {_ASKED}
        SELECT found.key, found.class_id, found.person_id, found.sitting_id, found.said, z.id
        FROM ({_tagged(code)}) found {_SETTLED}
        LEFT JOIN courses_trainingclass c ON c.id = found.class_id
        WHERE {state} AND (%(key)s = '' OR found.key = %(key)s)
        ORDER BY c.ends_on DESC NULLS LAST, found.class_id, found.sitting_id, found.key
        LIMIT %(most)s OFFSET %(first)s"""  # noqa: S608 - constants
    with connection.cursor() as cursor:
        cursor.execute(sql, {**looked.parameters, "key": key, "most": most, "first": first})
        found = cursor.fetchall()
    return _rows(BY_CODE[code], found)


def _tagged(code: str) -> str:
    """Return a flag's query with named columns and the flag's code."""
    return f"""SELECT '{code}' AS flag, {code}.* FROM ({SQL[code]})
        {code} (key, class_id, person_id, sitting_id, said)"""  # noqa: S608 - constants


def _rows(flag: Flag, found: list[tuple[Any, ...]]) -> list[FlagRow]:
    classes = TrainingClass.objects.select_related("course").in_bulk({row[1] for row in found if row[1]})
    names = dict(Person.objects.filter(pk__in={row[2] for row in found if row[2]}).values_list("pk", "name"))
    held = Sitting.objects.in_bulk({row[3] for row in found if row[3]})
    settled = FlagSettlement.objects.select_related("by").in_bulk({row[5] for row in found if row[5]})
    return [
        FlagRow(
            key=key,
            training_class=classes.get(class_id),
            masked_name=mask_name(names.get(person_id, "")),
            sitting=held.get(sitting_id),
            text=flag.tell(_loaded(said)),
            settlement=settled.get(settlement_id),
        )
        for key, class_id, person_id, sitting_id, said, settlement_id in found
    ]


def _loaded(said: Any) -> dict[str, Any]:
    return json.loads(said) if isinstance(said, str) else said
