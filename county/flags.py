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


_t = gettext_lazy
FLAGS = (
    Flag("A1", _t("Two places at once"), _t("One person, two sittings at the same time."), _overlap),
    Flag(
        "A2",
        _t("After removal, before the status"),
        _t("Attended after she was struck off, or was counted under a status she did not have that day."),
        _removed,
    ),
    Flag("A3", _t("Too many sign-ins a minute"), _t("More than 10 a minute from one device."), _burst),
    Flag(
        "A4",
        _t("Outside the time for signing in"),
        _t("More than 30 minutes before or after the sitting, or a device's clock off by more than 10."),
        _clock,
    ),
    Flag(
        "A5",
        _t("Room too small, teacher in two places"),
        _t("More heads than seats, or one teacher in two places at the same time."),
        _room,
    ),
    Flag(
        "A6",
        _t("Nobody ever missed"),
        _t("A class of 30 people or more and 3 days or more without a single absence."),
        _full,
    ),
    Flag(
        "A7",
        _t("Photos used twice or of another day"),
        _t("The same file in another class, or the camera's date is not the sitting's."),
        _photo,
    ),
    Flag("A8", _t("One phone, several households"), _t("Within one household it is no flag."), _phone),
    Flag("A9", _t("Wrong ID numbers in a roster"), _t("More than 2 % of the rows of a file."), _roster),
    Flag("A10", _t("Roster changed after closing"), _t("Put on or taken off the roster."), _late_roster),
    Flag("A11", _t("Unusual age"), _t("Younger than 16 or older than 75."), _age),
    Flag("A12", _t("The same course again"), _t("Within 12 months of the time before (R15)."), _repeat),
    Flag(
        "A13",
        _t("Certificate without completion"),
        _t("A certificate needs 80 % of the hours, a mark of 60 and no red line (R4)."),
        _paper,
        is_blocked=True,
    ),
    Flag(
        "A14",
        _t("Entered and approved by one account"),
        _t("In one class an account takes one of the four steps and no other."),
        _duties,
        is_blocked=True,
    ),
    Flag("A15", _t("Denied on the phone"), _t("Of those drawn by lot and called."), _denied),
)
BY_CODE = {flag.code: flag for flag in FLAGS}
