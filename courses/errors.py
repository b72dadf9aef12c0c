"""Why something could not be done. Every error carries a sentence for the person who tried."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from courses.models import ClassDuty


class CourseError(Exception):
    """Something a trainee, instructor or officer tried could not be done; `str()` says why."""

    message = _("This could not be done.")

    def __str__(self) -> str:
        return str(self.args[0] if self.args else self.message)


class LessonNotInCourse(CourseError):
    """The lesson does not belong to the course of the enrolment, or is not published."""

    message = _("This lesson is not part of your course.")


class LessonHasNoQuiz(CourseError):
    """A quiz was sent for a lesson that has none."""

    message = _("This lesson has no quiz.")


class LessonHasQuiz(CourseError):
    """A lesson with a quiz cannot simply be confirmed as read."""

    message = _("This lesson is done when its quiz is passed.")


class TaskNotFound(CourseError):
    """The lesson has no such task (any more)."""

    message = _("This task is no longer part of the lesson.")


class AlreadyHandedIn(CourseError):
    """There is work for this task that was not returned for another try."""

    message = _("You have handed this in already. You can send it again when it is returned to you.")


class WrongNumberOfFiles(CourseError):
    """Too few or too many different files."""


class UnreadableFile(CourseError):
    """The content of a file is no photo or video we can read, whatever its name says."""

    message = _("We cannot read this file. Send a photo (JPEG, PNG, WebP, HEIC) or a video (MP4, WebM).")


class FileTooLarge(CourseError):
    """A file is larger than we take."""


class KindNotAccepted(CourseError):
    """A video where photos are asked for, or the other way round."""


class CannotMarkOwnWork(CourseError):
    """The marker is the person who handed it in."""

    message = _("You cannot mark your own work.")


class MarkingIncomplete(CourseError):
    """A rubric line has no level, or one that does not exist."""

    message = _("Choose a level for every line.")


class SubmissionNotOpen(CourseError):
    """The work was returned, or replaced by a newer attempt, or its course is completed."""

    message = _("This work can no longer be marked: it was returned, or the course is completed.")


class ClassNotBegun(CourseError):
    """A class cannot be closed before its first day."""

    message = _("This class has not begun.")


# Taught classes: the plan and its steps


class WrongStep(CourseError):
    """The class is in another state than this step begins from."""

    message = _("The class is at another step now. Look at it again.")


class TimetableTooShort(CourseError):
    """The sittings hold fewer minutes than the plan has hours."""

    message = _("The sittings are shorter than the planned class hours. Add sittings first.")


class ReasonMissing(CourseError):
    """Something that needs a reason was done without one."""

    message = _("Say why.")


class SittingsNotConfirmed(CourseError):
    """A class cannot be closed while a sitting is neither confirmed nor moved nor cancelled."""

    message = _("Not every sitting is confirmed. Confirm, move or cancel the others first.")


class ClassNotHeld(CourseError):
    """A class without a single confirmed sitting is cancelled, not closed."""

    message = _("No sitting of this class is confirmed. A class that did not take place is cancelled.")


# Places


class ClassNotJoinable(CourseError):
    """The class takes nobody now: not approved, closed or cancelled, or not a taught one."""

    message = _("Nobody can join this class now.")


class CapacityTooSmall(CourseError):
    """Fewer places than people who already have one."""

    message = _("More people than that already have a place.")


class TeacherUnknown(CourseError):
    """An account that is not appointed to teach where the class is held."""

    message = _("This account does not teach here.")


class HasAttended(CourseError):
    """Who was there cannot give up her place: what was counted is corrected, not taken away."""

    message = _("She has already attended. Her place stays.")


# Sittings and signing in


class SittingFixed(CourseError):
    """A confirmed, moved or cancelled sitting, or one somebody attended, is not changed."""

    message = _("This sitting can no longer be changed.")


class SittingNotBegun(CourseError):
    """Nobody attends what is still to come."""

    message = _("This sitting has not begun.")


class NoPlaceInClass(CourseError):
    """The person has no place in the class of this sitting."""

    message = _("She is not on the roster of this class.")


class TutorMissing(CourseError):
    """A site that played a recording needs a named tutor."""

    message = _("Name the local tutor first: a recording counts only with a tutor in the room.")


class SheetMissing(CourseError):
    """A site has no signed sheet yet."""

    def __init__(self, site: str) -> None:
        super().__init__(_("The signed sheet of %(site)s is missing.") % {"site": site})


class HeadsDiffer(CourseError):
    """The people keyed in are not as many as the sheet says: the sitting stays open."""

    def __init__(self, site: str, keyed: int, heads: int) -> None:
        super().__init__(
            _("%(site)s: %(keyed)s people are keyed in, the sheet says %(heads)s. The sitting stays open.")
            % {"site": site, "keyed": keyed, "heads": heads}
        )
        self.keyed, self.heads = keyed, heads


class MinutesOutOfRange(CourseError):
    """Corrected minutes lie between none and the minutes of the sitting."""

    message = _("Give minutes between 0 and the length of the sitting, other than now.")


class PhotoKnown(CourseError):
    """The same file is already a photo of this sitting."""

    message = _("This photo is already there.")


class WallCodeOver(CourseError):
    """The code on the wall is forged or too old."""

    message = _("This code is no longer valid. Scan the one on the wall again.")


class PaperUnreadable(CourseError):
    """A file for the ledger is too large, of another kind, or carries a program."""

    def __init__(self, megabytes: int) -> None:
        super().__init__(
            _(
                "This file cannot be kept. Send a PDF, a photo, or a Word, Excel or PowerPoint file"
                " without macros, at most %(size)d MB."
            )
            % {"size": megabytes}
        )


# After the class


class NotTrained(CourseError):
    """Follow-up is for people who had a place in a class."""

    message = _("She has not been in a class yet.")


class CoachFull(CourseError):
    """The coach looks after as many people as one can."""

    def __init__(self, limit: int) -> None:
        super().__init__(_("This coach looks after %(limit)d people already.") % {"limit": limit})


class NotACoach(CourseError):
    """Only somebody who coaches in the trainee's region can look after her."""

    message = _("This account does not coach in her region.")


class DateAhead(CourseError):
    """What is recorded has happened."""

    message = _("This date lies ahead.")


class OwnClaim(CourseError):
    """Somebody else has to verify an outcome than who claimed it."""

    message = _("You claimed this yourself. Somebody else has to verify it.")


class TooManyShops(CourseError):
    """A trainee keeps a handful of links."""

    def __init__(self, limit: int) -> None:
        super().__init__(_("At most %(limit)d shop links.") % {"limit": limit})


# Separation of duties


class DutiesMustDiffer(CourseError):
    """The account has another of the four steps in this class (A14); `taken` is that step."""

    def __init__(self, taken: "ClassDuty") -> None:
        super().__init__(
            _("In this class you have another duty: %(duty)s. Somebody else has to do this.")
            % {"duty": taken.get_duty_display()}
        )
        self.taken = taken


class StoryNotAllowed(CourseError):
    """A story is told only of who agrees to it."""

    message = _("She has not agreed that her story is told in public.")


class NothingVerified(CourseError):
    """A story rests on what somebody looked into."""

    message = _("Nothing she achieved is verified yet.")


class StoryTellsStatus(CourseError):
    """Nobody's poverty is shown, whatever it sells."""

    message = _("A story says nothing of poverty or of a household's status. Please take those words out.")
