"""The monthly form (月报表): its columns in their order, and what every report says of its figures."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from county.counting import FUNDING, PLACE, THEN, Count, CountRow, share_text
from courses.models import Course


def columns() -> list[tuple[str, str]]:
    """Return (heading, attribute of the row) of every column, in the order of the monthly form."""
    return [
        (_("Classes"), "classes"),
        (_("Enrolled"), "enrolled"),
        (_("Person-times"), "person_times"),
        (_("Heads"), "heads"),
        (_("Poor at enrolment, person-times"), "poor_person_times"),
        (_("Poor at enrolment, heads"), "poor_heads"),
        (_("Registered incl. lifted, heads"), "registered_heads"),
        (_("Monitored, heads"), "monitored_heads"),
        (_("Aided, heads"), "aided_heads"),
        (_("Women, heads"), "women"),
        (_("Under 35, heads"), "under_35"),
        (_("35 to 59, heads"), "from_35_to_59"),
        (_("60 and over, heads"), "from_60"),
        (_("Class hours"), "hours_shown"),
        (_("Person-days"), "days"),
        (_("Completed"), "completed"),
        (_("Poor on the day of completion"), "poor_at_completion"),
        (_("Certificates"), "certificates"),
        (_("Converted / cohort"), "conversion"),
        (_("Identity not verified, heads"), "unverified"),
        (_("Repeats, person-times"), "repeats"),
        (_("Share of person-times"), "poor_share_person_times"),
        (_("Share of heads"), "poor_share_heads"),
        (_("In training, places"), "in_training"),
    ]


def value_of(row: CountRow, attribute: str) -> Any:
    """Return what a column prints: a number, or a text for shares and what cannot be counted."""
    value = getattr(row, attribute)
    return share_text(value) if "share" in attribute else value


def cells(row: CountRow) -> list[str]:
    """Return the figures of a row as a page prints them, in the order of `columns`."""
    values = (value_of(row, attribute) for _heading, attribute in columns())
    return [value if isinstance(value, str) else number_format(value) for value in values]


def first_heading(by: str | None) -> str:
    """Return what the rows of a grouping are."""
    return {
        "province": _("Province"),
        "prefecture": _("Prefecture"),
        "county": _("County"),
        "town": _("Town"),
        "village": _("Village"),
        "month": _("Month"),
        "course": _("Course"),
        "category": _("Category"),
        "class": _("Class"),
    }.get(by or "", _("Region"))


def notes(count: Count) -> list[str]:
    """Return the lines that every report prints below or above its figures."""
    return [
        region_line(count),
        _("Period: {period}, by the last day of each closed class").format(
            period=f"{count.since:%Y-%m} – {count.until:%Y-%m}"
        ),
        _("Heads are distinct people: the rows do not add up to the total."),
        _("Shares of the poor include classes for officials.")
        if count.with_cadres
        else _("Shares of the poor leave out classes for officials."),
        _("Age is that of the year of the first class in the period."),
        _("Converted / cohort: verified within 180 days after the class. Under observation: {count}.").format(
            count=count.total.watching
        ),
    ]


def region_line(count: Count) -> str:
    """Say on whose map the figures are, and what of a person-time lies in the region (R8)."""
    if count.view == PLACE:
        line = _("Region: {name} ({code}), by the place of the class")
    elif count.view == FUNDING:
        line = _("Region: {name} ({code}), by who pays for the class")
    elif count.on_map == THEN:
        line = _("Region: {name} ({code}), by the place of registration at enrolment, as coded then")
    else:
        line = _("Region: {name} ({code}), by the place of registration at enrolment, as it lies now")
    category = str(Course.Category(count.category).label) if count.category else ""
    narrowed = "".join(f" · {one}" for one in (count.course, category) if one)
    return line.format(name=count.region_name, code=count.region_code or "—") + narrowed
