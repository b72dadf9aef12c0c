"""A question on its way into SQL: which columns of the facts say where a person-time lies.

As then, the version stored with the enrolment says it (当时区划). As now, a fact goes where its place lies
today (现行区划, E13-E15). Seen from the place of the class or from who pays (E16) there is one map: the codes
of the class.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from county.counting import FUNDING, NOW, ORIGIN, PLACE, THEN, month_after
from registry.models import RegionVersion

# (map, view): the column with her place, NULL where nobody can say it, and the one with what surely holds it.
_COLUMNS = {
    (THEN, ORIGIN): ("then_place", "then_within"),
    (NOW, ORIGIN): ("now_place", "now_within"),
    (THEN, PLACE): ("class_place", "class_place"),
    (NOW, PLACE): ("class_place", "class_place"),
    (THEN, FUNDING): ("funding_place", "funding_place"),
    (NOW, FUNDING): ("funding_place", "funding_place"),
}
# The key of a row in each grouping; NULL where a person's village is unknown or not that precise.
KEYS = {
    "province": "left({within}, 2)",
    "prefecture": "CASE WHEN length({within}) >= 4 THEN left({within}, 4) END",
    "county": "CASE WHEN length({within}) >= 6 THEN left({within}, 6) END",
    "town": "CASE WHEN length({within}) >= 9 THEN left({within}, 9) END",
    "village": "CASE WHEN length({place}) = 12 THEN {place} END",
    "month": "to_char(f.ends_on, 'YYYY-MM')",
    "course": "f.course_id::text",
    "category": "f.course_category",
    "class": "f.training_class_id::text",
}
# What the world knows a key by, where it is not the key itself.
KNOWN_BY = {
    "course": "(SELECT code FROM courses_course WHERE id = {key}::bigint)",
    "class": "(SELECT uid::text FROM courses_trainingclass WHERE id = {key}::bigint)",
}


@dataclass(frozen=True)
class Asked:
    """Which person-times are meant: of a region and period, on a map, in a view, of a course or category."""

    code: str  # "": the whole nation
    since_month: date
    until_month: date
    on_map: str = THEN
    view: str = ORIGIN
    course: str = ""
    category: str = ""
    with_cadres: bool = False
    today: date = field(default_factory=timezone.localdate)
    training_class: str = ""  # its uid
    unallocated: str = ""  # only who has no place in this grouping (待归属)

    def columns(self) -> tuple[str, str]:
        """Return the columns with the place and with what surely holds it; `KeyError` for an unknown map.

        Of a place that is no more, either map counts who was in it then.
        """
        place, within = _COLUMNS[self.on_map, self.view]
        if within == "now_within" and not self._is_there:
            within = "then_within"
        return place, within

    def condition(self, within: str) -> str:
        """Return the condition that a fact is meant; a piece of SQL that takes `parameters`."""
        pieces = ["f.ends_on >= %(since)s AND f.ends_on < %(end)s"]
        if self.code:
            pieces.append(f"f.{within} >= %(code)s AND f.{within} < %(code_end)s")
        if self.course:
            pieces.append("f.course_id IN (SELECT id FROM courses_course WHERE code = %(course)s)")
        if self.category:
            pieces.append("f.course_category = %(category)s")
        if self.training_class:
            pieces.append(
                "f.training_class_id IN (SELECT id FROM courses_trainingclass WHERE uid = %(training_class)s)"
            )
        if self.unallocated:
            pieces.append(f"{self.key(self.unallocated)} IS NULL")
        return " AND ".join(pieces)

    def key(self, by: str) -> str:
        """Return the piece of SQL that says in which row of a grouping a fact stands."""
        place, within = self.columns()
        return KEYS[by].format(place=f"f.{place}", within=f"f.{within}")

    @property
    def parameters(self) -> dict[str, Any]:
        """The values of `condition` and of the figures."""
        return {
            "code": self.code,
            "code_end": f"{self.code}:",  # ":" follows "9": every code that begins with this one
            "since": self.since_month.replace(day=1),
            "end": month_after(self.until_month),
            "course": self.course,
            "category": self.category,
            "training_class": self.training_class,
            "with_cadres": self.with_cadres,
        }

    @cached_property
    def _is_there(self) -> bool:
        return (
            not self.code or RegionVersion.objects.filter(code=self.code, valid__contains=self.today).exists()
        )
