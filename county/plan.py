"""A target and what was reached of it. Pure: no database, no clock."""

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from county.counting import share


@dataclass(frozen=True, slots=True)
class Progress:
    """What was reached of one measure in a year; `planned` is None where no target is set."""

    measure: str
    label: str
    reached: int
    planned: int | None

    @property
    def percent(self) -> Decimal | None:
        """How much of the target is reached; may pass 100."""
        return share(self.reached, self.planned or 0)

    @property
    def missing(self) -> int:
        """How many are still to come."""
        return max((self.planned or 0) - self.reached, 0)

    def is_behind(self, elapsed: Decimal) -> bool:
        """Whether less is reached than an even pace would have by now."""
        return self.percent is not None and self.percent < elapsed


def elapsed_of(year: int, today: date) -> Decimal:
    """Return how much of the year is over in percent: nothing before it began, everything after it."""
    if today.year != year:
        return Decimal(100 if today.year > year else 0)
    days = 366 if isleap(year) else 365
    return share(today.timetuple().tm_yday, days) or Decimal(0)
