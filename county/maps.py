"""On whose map people are counted: of the day they enrolled (当时区划), or of today (现行区划).

Both are pieces of one query. As then, the version stored with the enrolment says the place. As now, a fact
goes where its place lies today (E13-E15); what nobody can say is in no village or town (待归属), but in every
region that holds all the places it may be in, so that nobody is lost from the sum.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from county.counting import NOW, THEN, month_after
from registry.models import RegionVersion
from registry.queries.place_now import PLACES_NOW, certain_above

_WITHIN_THEN = "coalesce(version.code, c.county_code)"
_PIECES = {
    THEN: {"tables": "", "joins": "", "place": "version.code", "within": _WITHIN_THEN},
    NOW: {
        "tables": f"places_now AS ({PLACES_NOW}),",
        "joins": """
    LEFT JOIN places_now moved ON moved.region_id = coalesce(seat.village_id, c.county_id)
        AND (seat.enrolled_at AT TIME ZONE %(zone)s)::date >= moved.since
        AND (seat.enrolled_at AT TIME ZONE %(zone)s)::date < moved.until
    LEFT JOIN registry_regionversion today ON today.valid @> %(today)s AND today.region_id =
        CASE WHEN moved.region_id IS NULL THEN coalesce(seat.village_id, c.county_id) ELSE moved.place_id END
    LEFT JOIN unnest(%(divided)s::bigint[], %(divided_since)s::date[], %(certain)s::text[])
        AS unallocated (region_id, since, code)
        ON today.id IS NULL AND unallocated.region_id = moved.region_id AND unallocated.since = moved.since
""",
        "place": "CASE WHEN seat.village_id IS NOT NULL THEN today.code END",
        "within": f"coalesce(today.code, unallocated.code, {_WITHIN_THEN})",
    },
}


@dataclass(frozen=True)
class Asked:
    """A question on its way into SQL."""

    code: str
    since_month: date
    until_month: date
    on_map: str
    today: date

    def on_its_map(self, ledger: str) -> str:
        """Fill the map's pieces into the SQL of the ledger; raises `KeyError` for an unknown map.

        Of a place that is no more, either map counts who was in it then.
        """
        pieces = _PIECES[self.on_map]
        if self.on_map == NOW and not self._is_there():
            pieces = pieces | {"within": _WITHIN_THEN}
        return ledger.format(**pieces)

    def _is_there(self) -> bool:
        return RegionVersion.objects.filter(code=self.code, valid__contains=self.today).exists()

    @property
    def parameters(self) -> dict[str, Any]:
        """The values the SQL of `on_its_map` asks for."""
        values: dict[str, Any] = {
            "code": self.code,
            "code_end": f"{self.code}:",  # ":" follows "9": every code that begins with this one
            "since": self.since_month.replace(day=1),
            "end": month_after(self.until_month),
        }
        return values if self.on_map == THEN else values | _values_of_now(self.today)


def _values_of_now(today: date) -> dict[str, Any]:
    certain = certain_above(today)
    return {
        "today": today,
        "zone": settings.TIME_ZONE,
        "divided": [region for region, _since in certain],
        "divided_since": [since.isoformat() if since else "-infinity" for _region, since in certain],
        "certain": list(certain.values()),
    }
