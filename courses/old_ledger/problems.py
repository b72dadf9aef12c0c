"""What can be wrong in an old ledger: a stable code, whether its class is refused, and a sentence."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.roster.problems import ERROR, OF_PEOPLE, WARNING

_MESSAGES: dict[str, tuple[str, Any]] = {
    **OF_PEOPLE,
    # Any cell
    "value_missing": (ERROR, _("This cell must not be empty.")),
    "number_unreadable": (ERROR, _("This is not a number from %(least)s to %(most)s.")),
    "day_unreadable": (ERROR, _("This is not a day such as 2019-12-28.")),
    "time_unreadable": (ERROR, _("This is not a time of day such as 14:30.")),
    "text_too_long": (ERROR, _("This text is longer than %(most)s characters.")),
    # 班次
    "class_number_unreadable": (ERROR, _("This is not a class number such as 2019-0012 or 12.")),
    "class_unknown": (ERROR, _("The sheet 班次 has no class with this number.")),
    "class_twice": (ERROR, _("This class stands in row %(other)s of the sheet already.")),
    "number_year_differs": (ERROR, _("The year in the number is not the year of the first day.")),
    "number_taken": (ERROR, _("Another class of the county has the number %(label)s.")),
    "class_differs": (
        ERROR,
        _("The class %(label)s was taken over with other content: correct it on its own page."),
    ),
    "course_unknown": (ERROR, _("There is no course with this code: %(label)s.")),
    "region_unknown": (ERROR, _("No place had the code %(label)s on %(day)s.")),
    "days_reversed": (ERROR, _("The last day lies before the first.")),
    "class_not_over": (ERROR, _("This class is not over yet: it cannot be taken over.")),
    "county_not_yet": (ERROR, _("The county did not exist on the first day.")),
    "category_unknown": (ERROR, _("This category is not known: %(label)s.")),
    "category_differs": (ERROR, _("The course is of another category than %(label)s.")),
    "sittings_missing": (ERROR, _("The sheet 课次 has no sitting of this class.")),
    "roster_missing": (ERROR, _("The sheet 名册 has nobody in this class.")),
    # 课次
    "sitting_twice": (ERROR, _("This sitting stands in row %(other)s of the sheet already.")),
    "sitting_outside_class": (ERROR, _("This day lies outside the days of the class.")),
    "sitting_times_wrong": (ERROR, _("A sitting ends after it begins and lasts at most 12 hours.")),
    "sitting_overlaps": (ERROR, _("At this time the sitting in row %(other)s is held.")),
    # 名册
    "seat_twice": (ERROR, _("This seat stands in row %(other)s of the sheet already.")),
    "village_unknown": (ERROR, _("No village had the code %(label)s on %(day)s.")),
    "enrolled_late": (ERROR, _("A place is taken before the class ends.")),
    # 签到
    "sitting_unknown": (ERROR, _("The class has no sitting with this number.")),
    "seat_unknown": (ERROR, _("The roster of the class has no such seat.")),
    "sign_in_twice": (ERROR, _("This person stands in row %(other)s for this sitting already.")),
    "minutes_beyond_sitting": (ERROR, _("The sitting has only %(most)s minutes.")),
    "kind_unknown": (ERROR, _("This way of signing in is not known: %(label)s.")),
    # 考核
    "mark_twice": (ERROR, _("This person's mark stands in row %(other)s already.")),
    "mark_missing": (ERROR, _("A red line is noted with the mark.")),
    "red_line_unknown": (ERROR, _("Write 是 or 否.")),
    "certificate_twice": (ERROR, _("This certificate number stands in row %(other)s already.")),
    "certificate_taken": (ERROR, _("Somebody else of the county has this certificate number.")),
    # What the office should look at; the class is taken over all the same.
    "name_differs": (WARNING, _("The register knows this ID number under another name; that one is kept.")),
    "elsewhere": (WARNING, _("At this time this person was in another class: only the first counts.")),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a cell; the column by its header in this file."""

    sheet: str
    row: int
    column: str
    code: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def severity(self) -> str:
        """`error` (the class is refused) or `warning`."""
        return _MESSAGES[self.code][0]

    @property
    def is_error(self) -> bool:
        """Whether its class stays out."""
        return self.severity == ERROR

    @property
    def message(self) -> str:
        """The sentence in the language in use."""
        return str(_MESSAGES[self.code][1]) % self.values

    def as_contract(self) -> dict[str, Any]:
        """The form the import contract prints."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
        }

    def as_stored(self) -> list[Any]:
        """The form kept with an upload, free of any language."""
        return [self.sheet, self.row, self.column, self.code, self.values]
