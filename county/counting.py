"""What the office counts, and how shares are rounded. Pure: no database, no clock."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import NamedTuple

CLASS_HOUR = 45  # minutes (R1)
NOTHING_TO_DIVIDE = "—"  # R12
THEN, NOW = "then", "now"  # whose map: of the day of enrolment (当时区划) or of today (现行区划)
# What of a person-time lies in the region: her origin, the place of the class, or who pays for it (E16).
ORIGIN, PLACE, FUNDING = "origin", "place", "funding"
UNALLOCATED = ""  # the key of people who belong to no village yet (待归属, E15)


class CountRow(NamedTuple):  # a province has 20,000 villages: no other class is made as fast
    """The figures of one scope: a town, a village, a month, a course, or all of it.

    Person-times (人次) are distinct pairs of person and class (R5), heads (人数) distinct persons (R6);
    heads of rows do not add up to the heads of their total, one person may stand in several rows.
    """

    key: str = ""
    label: str = ""
    classes: int = 0
    enrolled: int = 0  # places in closed classes (R2)
    person_times: int = 0
    heads: int = 0
    poor_person_times: int = 0  # registered poor on the day of enrolment (R9)
    poor_heads: int = 0
    registered_heads: int = 0  # ever registered by that day, lifted ones too (R10)
    monitored_heads: int = 0  # R11
    aided_heads: int = 0  # 帮扶对象: R10 or R11, each person once
    poor_at_completion: int = 0  # person-times, completed and registered poor on that day
    women: int = 0  # heads
    under_35: int = 0  # heads, by the age of the year of her first class of the period in the scope
    from_35_to_59: int = 0
    from_60: int = 0
    unverified: int = 0  # heads whose identity was never matched with a card or roster
    completed: int = 0  # person-times that ended in completion (R4)
    certificates: int = 0  # person-times whose certificate is valid
    repeats: int = 0  # person-times in a course attended within 12 months before (R15), counted above too
    minutes: int = 0
    days: int = 0  # 人天: people times days attended
    share_person_times: int = 0  # the four below: what the shares of the poor are made of (R12), which
    share_poor_person_times: int = 0  # leaves out classes for officials unless they are asked for
    share_heads: int = 0
    share_poor_heads: int = 0
    cohort: int = 0  # completed people without such a business before whose 180 days are over (R13)
    converted: int = 0  # of them, with a verified outcome within these days
    watching: int = 0  # those whose 180 days run (观察中)
    in_training: int = 0  # places in classes that are not closed yet, not counted above (R7)

    def named(self, key: str, label: str = "") -> "CountRow":
        """Return the same figures under another key and label."""
        return CountRow._make((key, label, *self[2:]))

    @property
    def hours(self) -> Decimal:
        """Attended class hours, exact to two decimals (R1)."""
        return (Decimal(self.minutes) / CLASS_HOUR).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def hours_shown(self) -> Decimal:
        """Attended class hours floored to the half hour, as they are shown (R1)."""
        return (Decimal(self.minutes) / CLASS_HOUR * 2).quantize(Decimal(1), ROUND_FLOOR) / 2

    @property
    def poor_share_person_times(self) -> Decimal | None:
        """Share of person-times by people registered poor at enrolment, in percent (R12)."""
        return share(self.share_poor_person_times, self.share_person_times)

    @property
    def poor_share_heads(self) -> Decimal | None:
        """Share of heads registered poor at enrolment, in percent (R12)."""
        return share(self.share_poor_heads, self.share_heads)

    @property
    def conversion(self) -> str:
        """Converted people of their cohort; — while nobody's 180 days are over (R13)."""
        return f"{self.converted}/{self.cohort}" if self.cohort else NOTHING_TO_DIVIDE

    @property
    def conversion_rate(self) -> Decimal | None:
        """Converted of the cohort in percent (R13); None while there is no cohort."""
        return share(self.converted, self.cohort)

    @property
    def is_empty(self) -> bool:
        """Whether nobody was trained or is in training in this scope."""
        return not (self.enrolled or self.in_training)


@dataclass(frozen=True)
class Count:
    """A question and its answer: the total is counted, never summed from the rows."""

    region_code: str
    region_name: str
    since: date
    until: date
    by: str | None
    total: CountRow
    rows: list[CountRow] = field(default_factory=list)
    on_map: str = THEN
    view: str = ORIGIN
    course: str = ""
    category: str = ""
    with_cadres: bool = False  # whether classes for officials are in the shares (R12)


def share(part: int, whole: int) -> Decimal | None:
    """Return `part` of `whole` in percent with one decimal, half up; None when there is no whole (R12)."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def share_text(percent: Decimal | None) -> str:
    """Return a share as it is printed: 46.0 %, or — where nothing can be divided."""
    return NOTHING_TO_DIVIDE if percent is None else f"{percent} %"


def parse_month(text: str) -> date:
    """Return the first day of a month written 2026-03; raises `ValueError`."""
    year, month = text.strip().split("-")
    if len(year) != 4 or len(month) not in (1, 2):
        raise ValueError(text)
    return date(int(year), int(month), 1)


def month_after(day: date) -> date:
    """Return the first day of the month after the one that holds `day`."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def months_between(since: date, until: date) -> list[str]:
    """Return every month from `since` to `until`, both included, as 2026-03."""
    months = []
    day = since.replace(day=1)
    while day <= until:
        months.append(f"{day:%Y-%m}")
        day = month_after(day)
    return months
