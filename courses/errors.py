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


# Separation of duties


class DutiesMustDiffer(CourseError):
    """The account has another of the four steps in this class (A14); `taken` is that step."""

    def __init__(self, taken: "ClassDuty") -> None:
        super().__init__(
            _("In this class you have another duty: %(duty)s. Somebody else has to do this.")
            % {"duty": taken.get_duty_display()}
        )
        self.taken = taken
