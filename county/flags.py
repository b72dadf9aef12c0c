"""What the audit desk looks for by itself (A1-A15): code, title, what is flagged, and how a row is told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

Said = dict[str, Any]


@dataclass(frozen=True)
class Flag:
    """One thing that is looked for; `is_blocked` where the system lets nobody do it: any row is an alarm."""

    code: str
    title: "StrOrPromise"
    rule: "StrOrPromise"
    tell: Callable[[Said], str]
    is_blocked: bool = False


def _overlap(said: Said) -> str:
    return _("Also signed in at %(other)s, sitting %(number)s, at the same time.") % said


def _removed(said: Said) -> str:
    if said["why"] == "gone":
        return _("Attended on %(day)s, but belongs to no household since %(since)s.") % said
    if said["why"] == "later":
        return _("Counted under a status on %(day)s that began on %(since)s only.") % said
    return _("Counted under a status on %(day)s that the register no longer confirms.") % said


def _burst(said: Said) -> str:
    return _("%(most)s sign-ins within a minute from one device that is no station.") % said


def _clock(said: Said) -> str:
    if said["why"] == "clock":
        return _("The device's clock was %(minutes)s minutes off.") % said
    return _("Signed in at %(at)s, outside 30 minutes before and after the sitting.") % said


def _room(said: Said) -> str:
    if said["why"] == "room":
        return _("%(heads)s people in a room with %(seats)s seats (%(site)s).") % said
    return _("%(teacher)s teaches at %(other)s, sitting %(number)s, at the same time.") % said


def _full(said: Said) -> str:
    return _("All %(people)s people attended all %(sittings)s sittings on %(days)s days.") % said


def _photo(said: Said) -> str:
    if said["why"] == "copy":
        return _("The same photo was handed in for class %(other)s.") % said
    return _("Taken on %(taken)s, the sitting was on %(day)s.") % said


def _phone(said: Said) -> str:
    return _("Her phone belongs to people of %(others)s other households too.") % said


def _roster(said: Said) -> str:
    return _("%(bad)s of %(rows)s rows of “%(file)s” have a wrong ID number.") % said


def _late_roster(said: Said) -> str:
    if said["why"] == "in":
        return _("Put on the roster on %(day)s, the class was closed on %(closed)s.") % said
    return _("Taken off the roster on %(day)s, the class was closed on %(closed)s.") % said


def _age(said: Said) -> str:
    return _("%(age)s years old in the year of the class.") % said


def _repeat(said: Said) -> str:
    return _("Attended the same course within 12 months before. Counts, but is not payable.") % said


def _paper(said: Said) -> str:
    return _("Certificate %(number)s stands without what R4 asks for.") % said


def _duties(said: Said) -> str:
    return _("%(account)s entered or checked the class and approved or closed it.") % said


def _denied(said: Said) -> str:
    return _("Said on %(day)s by phone that she was not there.") % said


FLAGS = (
    Flag(
        "A1",
        gettext_lazy("Two places at once"),
        gettext_lazy("One person, two sittings at the same time."),
        _overlap,
    ),
    Flag(
        "A2",
        gettext_lazy("After removal, before the status"),
        gettext_lazy(
            "Attended after she was struck off, or was counted under a status she did not have that day."
        ),
        _removed,
    ),
    Flag(
        "A3",
        gettext_lazy("Too many sign-ins a minute"),
        gettext_lazy("More than 10 a minute from one device."),
        _burst,
    ),
    Flag(
        "A4",
        gettext_lazy("Outside the time for signing in"),
        gettext_lazy(
            "More than 30 minutes before or after the sitting, or a device's clock off by more than 10."
        ),
        _clock,
    ),
    Flag(
        "A5",
        gettext_lazy("Room too small, teacher in two places"),
        gettext_lazy("More heads than seats, or one teacher in two places at the same time."),
        _room,
    ),
    Flag(
        "A6",
        gettext_lazy("Nobody ever missed"),
        gettext_lazy("A class of 30 people or more and 3 days or more without a single absence."),
        _full,
    ),
    Flag(
        "A7",
        gettext_lazy("Photos used twice or of another day"),
        gettext_lazy("The same file in another class, or the camera's date is not the sitting's."),
        _photo,
    ),
    Flag(
        "A8",
        gettext_lazy("One phone, several households"),
        gettext_lazy("Within one household it is no flag."),
        _phone,
    ),
    Flag(
        "A9",
        gettext_lazy("Wrong ID numbers in a roster"),
        gettext_lazy("More than two in a hundred rows of a file."),
        _roster,
    ),
    Flag(
        "A10",
        gettext_lazy("Roster changed after closing"),
        gettext_lazy("Put on or taken off the roster."),
        _late_roster,
    ),
    Flag("A11", gettext_lazy("Unusual age"), gettext_lazy("Younger than 16 or older than 75."), _age),
    Flag(
        "A12",
        gettext_lazy("The same course again"),
        gettext_lazy("Within 12 months of the time before (R15)."),
        _repeat,
    ),
    Flag(
        "A13",
        gettext_lazy("Certificate without completion"),
        gettext_lazy("A certificate needs four fifths of the hours, a mark of 60 and no red line (R4)."),
        _paper,
        is_blocked=True,
    ),
    Flag(
        "A14",
        gettext_lazy("Entered and approved by one account"),
        gettext_lazy("In one class an account takes one of the four steps and no other."),
        _duties,
        is_blocked=True,
    ),
    Flag(
        "A15", gettext_lazy("Denied on the phone"), gettext_lazy("Of those drawn by lot and called."), _denied
    ),
)
BY_CODE = {flag.code: flag for flag in FLAGS}
