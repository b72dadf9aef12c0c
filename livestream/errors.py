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
