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
    training_class: str = ""
    unallocated: str = ""

    def query(self, **changes: str) -> str:
        """Return the query string of this question with some answers changed."""
        asked = {
            "region": self.region,
            "since": f"{self.since:%Y-%m}",
            "until": f"{self.until:%Y-%m}",
            "by": self.by,
            "map": self.map,
        }
        narrowed = {
            "view": self.view,
            "course": self.course,
            "category": self.category,
            "training_class": self.training_class,
            "unallocated": self.unallocated,
        }
        unusual = {name: value for name, value in narrowed.items() if value not in ("", ORIGIN)}
        if self.cadres:
            unusual["cadres"] = "on"
        return urlencode(asked | unusual | changes)

    def narrowed(self, key: str) -> dict[str, str]:
        """Return what of the question changes to mean one of its rows alone."""
        if not key:
            return {"unallocated": self.by}
        if self.by == "month":
            return {"since": key, "until": key}
        if self.by in ("course", "category"):
            return {self.by: key}
        return {"training_class": key} if self.by == "class" else {"region": key}

    def deeper(self, key: str) -> str:
        """Return the question about what lies below a row: town, village, class; nothing below a class."""
        below = {"county": "town", "town": "village", "village": "class", "course": "class"}
        below |= {"month": "town", "category": "course"}
        if self.by not in below:
            return ""
        return self.query(**self.narrowed(key), by=below[self.by] if key else "class")

    def asked(self) -> Asked:
        """Return which person-times are meant."""
        return Asked(
            self.region,
            self.since,
            self.until,
            self.map,
            self.view,
            self.course,
            self.category,
            self.cadres,
            training_class=self.training_class,
            unallocated=self.unallocated,
        )
