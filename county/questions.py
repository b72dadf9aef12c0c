"""What the desk is asked: a region, a period, a grouping, as addresses and forms carry them."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from county.counting import ORIGIN, THEN
from county.maps import Asked

DEFAULT_GROUPING = "town"


@dataclass(frozen=True)
class Question:
    """One question to the count; `query` writes it into an address again."""

    region: str
    since: date
    until: date
    by: str = DEFAULT_GROUPING
    map: str = THEN
    view: str = ORIGIN
    course: str = ""
    category: str = ""
    cadres: bool = False

    def query(self, **changes: str) -> str:
        """Return the query string of this question with some answers changed."""
        asked = {
            "region": self.region,
            "since": f"{self.since:%Y-%m}",
            "until": f"{self.until:%Y-%m}",
            "by": self.by,
            "map": self.map,
        }
        narrowed = {"view": self.view, "course": self.course, "category": self.category}
        unusual = {name: value for name, value in narrowed.items() if value not in ("", ORIGIN)}
        if self.cadres:
            unusual["cadres"] = "on"
        return urlencode(asked | unusual | changes)

    def asked(self) -> Asked:
        """Return which person-times are meant."""
        return Asked(
            self.region, self.since, self.until, self.map, self.view, self.course, self.category, self.cadres
        )
