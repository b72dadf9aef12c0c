"""What can go wrong in livestream coaching; each says it in the user's language."""

from django.utils.translation import gettext as _


class LivestreamError(Exception):
    """Base of this app's errors."""


class TooManySegments(LivestreamError):
    """A run-of-show takes no more segments."""

    def __str__(self) -> str:
        return _("A run-of-show holds at most %(count)d segments.") % {"count": self.args[0]}


class TooManyProducts(LivestreamError):
    """A run-of-show takes no more product cards."""

    def __str__(self) -> str:
        return _("A run-of-show holds at most %(count)d product cards.") % {"count": self.args[0]}


class LastSegment(LivestreamError):
    """The only segment cannot go."""

    def __str__(self) -> str:
        return _("One segment must stay. Change it instead.")


class UnknownPart(LivestreamError):
    """The segment or card is not in the newest version; somebody took it out elsewhere."""

    def __str__(self) -> str:
        return _("This part is no longer in the run-of-show.")


class TooManyMarks(LivestreamError):
    """A rehearsal takes no more marks."""

    def __str__(self) -> str:
        return _("A rehearsal holds at most %(count)d marks.") % {"count": self.args[0]}


class ClassNotOpen(LivestreamError):
    """A live class is not open yet, over or cancelled."""

    def __str__(self) -> str:
        return _("This live class is not open now.")


class ClassHasBegun(LivestreamError):
    """A live class that has begun is no longer moved or cancelled."""

    def __str__(self) -> str:
        return _("This live class has begun. It can only be ended.")


class ChatRefused(LivestreamError):
    """A message was not taken; the class says why."""

    LOCKED, MUTED, SLOW, QUESTIONS, EMPTY = "locked", "muted", "slow", "questions", "empty"

    @property
    def reason(self) -> str:
        """Why, as a word for the page's script."""
        return str(self.args[0])

    def __str__(self) -> str:
        return {
            self.LOCKED: _("The teacher has closed the chat for now."),
            self.MUTED: _(
                "The teacher has asked you to write nothing for now. You can still raise your hand."
            ),
            self.SLOW: _("Slow mode: please wait a moment before your next message."),
            self.QUESTIONS: _("Only questions to the teacher now. Tick “A question” and send again."),
            self.EMPTY: _("Please write something first, of at most 200 characters."),
        }[self.reason]


class CheckNotOpen(LivestreamError):
    """A quick check was closed before the answer came."""

    def __str__(self) -> str:
        return _("This question is closed.")


class CheckIsOpen(LivestreamError):
    """One quick check at a time."""

    def __str__(self) -> str:
        return _("Close the question that is open first.")


class NotAtStation(LivestreamError):
    """People are entered at a station's own device only."""

    def __str__(self) -> str:
        return _("Open this page on the station's registered device: only there are people entered.")


class NotSeatedByHerself(LivestreamError):
    """Nobody confirms that she herself was there."""

    def __str__(self) -> str:
        return _("You cannot confirm yourself. Another keeper has to do it.")


class NotInTheClass(LivestreamError):
    """Only people with a place in the class count."""

    def __str__(self) -> str:
        return _("She has no place in this class, so her minutes do not count.")


class RecordingNotReady(LivestreamError):
    """There is nothing to make a lesson of yet."""

    def __str__(self) -> str:
        return _("The recording is not ready yet.")


class NoCoursePage(LivestreamError):
    """The course has no page below which a lesson could stand."""

    def __str__(self) -> str:
        return _("The course has no published page yet; a lesson needs one above it.")


class SessionOver(LivestreamError):
    """The session takes no more media."""

    def __str__(self) -> str:
        return _("This rehearsal is over and takes no more.")


class HashMismatch(LivestreamError):
    """The bytes are not those that were announced; the sender tries again."""

    def __str__(self) -> str:
        return _("A piece arrived damaged. It is sent again.")


class ChunkConflict(LivestreamError):
    """Other bytes are already kept under this number."""

    def __str__(self) -> str:
        return _("Another piece is kept under this number.")


class ChunkTooLarge(LivestreamError):
    """A chunk, or the recording with it, is larger than it may be."""

    def __str__(self) -> str:
        return _("The recording is as large as it may be.")


class DiskFull(LivestreamError):
    """The server has no room; nothing is lost, the sender keeps what it has."""

    def __str__(self) -> str:
        return _("The server has no room left. Your recording stays on your phone until it has.")


class RecordingHeld(LivestreamError):
    """The recording may not be removed for now."""

    def __str__(self) -> str:
        return _("This recording is being kept for now and cannot be removed.")
