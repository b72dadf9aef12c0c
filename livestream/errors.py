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
