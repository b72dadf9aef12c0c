"""Where a page's player finds a recording: addresses that hold for a few minutes."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from livestream.models import LiveSession, Rendition
from livestream.queries.watching import WatchPage, watch_page_of
from livestream.signing import LIFE, media_base


@dataclass(frozen=True)
class Clip:
    """The plain file of one recording, which every browser plays and jumps about in; empty if not made."""

    session: LiveSession
    base: str
    link: str  # where a fresh base is had
    file: str = ""
    poster: str = ""
    cost: float = 0.0  # MB in all

    @property
    def address_seconds(self) -> int:
        """How long the base opens."""
        return int(LIFE.total_seconds())


def clip_of(session: LiveSession, link: str = "livestream:recording_link") -> Clip:
    """Return the plain file of a recording for whoever was let onto the page."""
    link = reverse(link, args=[session.uid])
    base = media_base(session.uid, timezone.now())
    if not session.is_watchable:
        return Clip(session, base, link)
    made = {each.kind: each for each in session.renditions.all()}
    file, poster = made.get(Rendition.Kind.FILE), made.get(Rendition.Kind.POSTER)
    return Clip(
        session,
        base,
        link,
        file=file.path if file else "",
        poster=poster.path if poster else "",
        cost=file.bytes / 1_000_000 if file else 0.0,
    )


def watch_of(session: LiveSession) -> WatchPage:
    """Return how a session can be watched as it happens."""
    return watch_page_of(session, media_base(session.uid, timezone.now()))
