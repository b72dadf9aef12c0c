"""The lines of the desk's first page, in words. Pure: no database, no clock."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy, ngettext

from county.counting import NOTHING_TO_DIVIDE, Count, CountRow, share_text

# (figure, what it is called); the order an office reads them in.
LINES = [
    ("heads", gettext_lazy("People trained")),
    ("person_times", gettext_lazy("Person-times")),
    ("poor_heads", gettext_lazy("Poor at enrolment, people")),
    ("poor_share_heads", gettext_lazy("Share of the poor among people")),
    ("poor_person_times", gettext_lazy("Poor at enrolment, person-times")),
    ("poor_share_person_times", gettext_lazy("Share of the poor among person-times")),
    ("completed", gettext_lazy("Completed")),
    ("certificates", gettext_lazy("Valid certificates")),
    ("conversion", gettext_lazy("Converted within 180 days")),
    ("in_training", gettext_lazy("In training, places not counted yet")),
]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it is printed, and the address of the rows it counts."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the month beside that of the year."""

    label: str
    month: Cell
    year: Cell


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the year, for the small drawing."""

    label: str
    url: str
    person_times: int
    heads: int


def shown(row: CountRow, name: str) -> str:
    """Return a figure as this page prints it."""
    if name == "conversion":
        return conversion_text(row)
    value = getattr(row, name)
    return share_text(value) if "share" in name else str(number_format(value))


def conversion_text(row: CountRow) -> str:
    """Return who converted of whom and the share (R13); before day 181 people are under observation."""
    watching = ngettext("{count} under observation", "{count} under observation", row.watching)
    observed = watching.format(count=number_format(row.watching)) if row.watching else ""
    if not row.cohort:
        return observed or NOTHING_TO_DIVIDE
    rate = f"{row.converted}/{row.cohort} = {share_text(row.conversion_rate)}"
    return f"{rate} · {observed}" if observed else rate


def lines(
    month: CountRow, year: CountRow, month_urls: dict[str, str], year_urls: dict[str, str]
) -> list[Line]:
    """Return the figures of a month and its year side by side."""
    return [
        Line(
            str(label),
            Cell(shown(month, name), month_urls.get(name, "")),
            Cell(shown(year, name), year_urls.get(name, "")),
        )
        for name, label in LINES
    ]


def months_of(counted: Count, addresses: dict[str, str]) -> list[Month]:
    """Return the months of a count, the ones without anybody too."""
    return [Month(row.key, addresses[row.key], row.person_times, row.heads) for row in counted.rows]
