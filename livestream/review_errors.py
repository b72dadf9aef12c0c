"""What can go wrong in reviewing a rehearsal; each says it in the user's language."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from livestream.errors import LivestreamError


class ReviewError(LivestreamError):
    """Something about a review could not be done; `str()` says why."""

    message = _("This could not be done.")

    def __str__(self) -> str:
        return str(self.args[0] if self.args else self.message)


class NotYetRecorded(ReviewError):
    """A review is asked for before there is a recording."""

    message = _("The recording is not ready yet. Please ask again in a few minutes.")


class ReviewNotAsked(ReviewError):
    """Nobody asked for a review of this rehearsal."""

    message = _("The trainee has not asked for a review of this rehearsal.")


class ReviewTaken(ReviewError):
    """Enough coaches are at it already."""

    message = _("Another coach is reviewing this rehearsal.")


class OwnRehearsal(ReviewError):
    """Nobody reviews herself."""

    message = _("You cannot review your own rehearsal.")


class TooManyDrafts(ReviewError):
    """The coach holds as many rehearsals as she may."""

    def __str__(self) -> str:
        count = self.args[0]
        return ngettext(
            "You have %(count)d rehearsal open. Finish it or put it back first.",
            "You have %(count)d rehearsals open. Finish or put back one of them first.",
            count,
        ) % {"count": count}


class ReviewOver(ReviewError):
    """The draft is given, put back, or was taken over since."""

    message = _("This review is no longer open. Take the rehearsal again to go on.")


class MarkingMissing(ReviewError):
    """A line of the rubric has no level."""

    message = _("Choose a level from 0 to 4 on every line.")


class RemarkEmpty(ReviewError):
    """A remark without text and without a voice note."""

    message = _("Write something, or record a voice note.")


class NoVoice(ReviewError):
    """What was sent is no sound we can read."""

    message = _("This is not a sound recording we can read.")


class VoiceTooLong(ReviewError):
    """A voice note longer than a minute."""

    message = _("A voice note lasts at most 60 seconds.")


class RemarkNotShown(ReviewError):
    """The remark was taken back, or is not hers to see yet."""

    message = _("This remark was taken back.")
