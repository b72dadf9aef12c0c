"""What the desk is asked: a region, a period, a grouping, as addresses and forms carry them."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from county.counting import THEN

DEFAULT_GROUPING = "town"


@dataclass(frozen=True)
class Question:
    """One question to the count; `query` writes it into an address again."""

    region: str
    since: date
    until: date
    by: str = DEFAULT_GROUPING
    map: str = THEN

    def query(self, **changes: str) -> str:
        """Return the query string of this question with some answers changed."""
        asked = {
            "region": self.region,
            "since": f"{self.since:%Y-%m}",
            "until": f"{self.until:%Y-%m}",
            "by": self.by,
            "map": self.map,
        }
        return urlencode(asked | changes)
