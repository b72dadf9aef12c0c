"""Tickets: what a page gives its browser so that the event server lets it into one class.

Signed and good for ten minutes; the stream ends with its ticket, and the browser asks the site for the next
one. So a session that has ended, a place that was lost or an appointment that is over closes the stream too,
and the event server needs neither cookies nor the database.
"""

from dataclasses import dataclass

from django.core import signing

LIFETIME_SECONDS = 10 * 60
_SALT = "livestream.events.ticket"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may hear which class; `viewer` tells people apart when they are counted, and says no more."""

    room: str
    viewer: str


def ticket_for(*, room: str, viewer: str) -> str:
    """Return a ticket as it stands in the stream's address."""
    return signing.TimestampSigner(salt=_SALT).sign_object([room, viewer])


def read_ticket(text: str) -> Ticket | None:
    """Return what a ticket says; None for one that is forged or too old."""
    try:
        room, viewer = signing.TimestampSigner(salt=_SALT).unsign_object(text, max_age=LIFETIME_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Ticket(str(room), str(viewer))
