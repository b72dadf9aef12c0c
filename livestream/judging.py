"""What several markers' markings of one rehearsal come to. Pure calculation, no database.

The rule (domain.md 5): practice is marked by one coach, a test by two. Two marks no more than 15 apart count
as their mean; when they lie further apart, or the two disagree on a red line, a third coach marks and the
median of the three counts. A red line counts when more than half of the markings say so, and fails whatever
the mark. Passed is 60 and above. What fellow trainees say never enters here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import mean, median

PASS_MARK = Decimal(60)
MAX_DIFFERENCE = Decimal(15)
MAX_MARKERS = 3
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Marking:
    """One coach's mark, 0-100, and whether she saw a red line crossed."""

    mark: Decimal
    has_red_line: bool = False


@dataclass(frozen=True)
class Verdict:
    """What the markings come to so far; `missing` more are needed before it is final."""

    mark: Decimal | None
    has_red_line: bool
    missing: int

    @property
    def is_final(self) -> bool:
        """Whether nobody else has to mark."""
        return self.missing == 0

    @property
    def is_passed(self) -> bool:
        """Whether the rehearsal passed, for good."""
        return self.is_final and self.mark is not None and self.mark >= PASS_MARK and not self.has_red_line


def judge(markings: Sequence[Marking], *, wanted: int = 2) -> Verdict:
    """Return what the markings of different coaches come to, when `wanted` (1 or 2) of them are needed."""
    missing = max(0, wanted - len(markings))
    if not markings:
        return Verdict(None, has_red_line=False, missing=missing)
    if len(markings) == 2 and _is_apart(*markings):
        missing = 1
    marks = [each.mark for each in markings]
    mark = Decimal(mean(marks)) if len(marks) < MAX_MARKERS else Decimal(median(marks))
    red = sum(each.has_red_line for each in markings)
    return Verdict(mark.quantize(CENT, ROUND_HALF_UP), red * 2 > len(markings), missing)


def _is_apart(first: Marking, second: Marking) -> bool:
    return abs(first.mark - second.mark) > MAX_DIFFERENCE or first.has_red_line != second.has_red_line
