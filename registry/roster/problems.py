"""What can be wrong with a row: a stable code, whether the row is refused, and a sentence for the office."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry import errors

ERROR = "error"
WARNING = "warning"

# What can be wrong with a person in any workbook.
OF_PEOPLE: dict[str, tuple[str, Any]] = {
    **{
        kind.code: (ERROR, kind.message)
        for kind in (
            errors.IdNumberLengthError,
            errors.IdNumberDateError,
            errors.IdNumberFutureError,
            errors.IdNumberCheckError,
            errors.IdNumberNotTextError,
        )
    },
    "name_missing": (ERROR, _("The name is missing.")),
    "name_too_long": (ERROR, _("The name is longer than 100 characters.")),
    "duplicate": (ERROR, _("The same person stands in row %(other)s already.")),
    "id_missing": (WARNING, _("No ID number: the person gets a temporary number.")),
    "id_disability_number": (
        WARNING,
        _("A disability certificate number: only its first 18 characters are kept."),
    ),
    "id_old_number": (WARNING, _("An old ID number of 15 digits: ask for the new card.")),
    "id_unknown_region": (WARNING, _("The region in the ID number is not known.")),
    "name_character_missing": (WARNING, _("A character of the name seems to be missing.")),
    "name_private_character": (WARNING, _("The name holds a character that other computers cannot show.")),
    "name_holds_letters": (WARNING, _("The name mixes characters and letters.")),
    "name_rare_character": (WARNING, _("The name holds a rare character: check that it is shown rightly.")),
    "maybe_known": (
        WARNING,
        _("Somebody of the same name in the same village is on record already: compare the two."),
    ),
}
_MESSAGES: dict[str, tuple[str, Any]] = {
    **OF_PEOPLE,
    "number_not_text": (
        ERROR,
        _(
            "The spreadsheet has turned this number into one with lost digits. "
            "Set the column to text and enter it again."
        ),
    ),
    "household_missing": (ERROR, _("The household number is missing.")),
    "number_too_long": (ERROR, _("This number is longer than 30 characters.")),
    "county_other": (ERROR, _("This row belongs to another county: %(name)s.")),
    "village_missing": (ERROR, _("The village is missing.")),
    "village_unknown": (ERROR, _("This county has no such village: %(name)s.")),
    "village_ambiguous": (ERROR, _("Several villages are called %(name)s: name the town as well.")),
    "status_unknown": (ERROR, _("This status is not known: %(label)s.")),
    "blank_row": (WARNING, _("This row is blank and was skipped.")),
    "merged_row": (WARNING, _("The cells of this row are merged into one: it was skipped.")),
    "relation_too_long": (WARNING, _("The relation is too long and was not kept.")),
    "second_head": (WARNING, _("This household has a head already, in row %(other)s.")),
    "status_missing": (WARNING, _("No row of this household states its status.")),
    "status_conflict": (
        WARNING,
        _("Another status than in row %(other)s of this household; that one counts."),
    ),
    "phone_invalid": (WARNING, _("This is not a mobile phone number; it was not kept.")),
    "phone_shared": (WARNING, _("The same phone stands in another household, row %(other)s.")),
    "status_disagrees": (
        WARNING,
        _("A list that is newer or of the same day gives this household another status; that one counts."),
    ),
    "household_disagrees": (
        WARNING,
        _("A list that is newer or of the same day has this person in another household; that one counts."),
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`row` as the spreadsheet shows it, `column` by its header's text, `sheet` if there are several."""

    row: int | None
    column: str
    code: str
    values: dict[str, Any] = field(default_factory=dict)
    sheet: str = ""

    @property
    def severity(self) -> str:
        """`error` (the row is refused) or `warning`."""
        return _MESSAGES[self.code][0]

    @property
    def message(self) -> str:
        """The sentence in the language in use."""
        return str(_MESSAGES[self.code][1]) % self.values

    def as_contract(self) -> dict[str, Any]:
        """The form the import contract prints."""
        return {
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            **({"sheet": self.sheet} if self.sheet else {}),
        }

    def as_stored(self) -> dict[str, Any]:
        """The form kept on the import's row, free of any language."""
        stored = {"row": self.row, "column": self.column, "code": self.code, "values": self.values}
        return {**stored, "sheet": self.sheet} if self.sheet else stored


def problem_from(stored: dict[str, Any]) -> Problem:
    """Read back what `as_stored` wrote."""
    return Problem(stored["row"], stored["column"], stored["code"], stored["values"], stored.get("sheet", ""))
