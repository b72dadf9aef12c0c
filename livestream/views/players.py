"""Where a page's player finds a recording: addresses that hold for a few minutes."""

from dataclasses import dataclass

from django.utils import timezone

from livestream.models import LiveSession, Rendition
from livestream.signing import media_base


@dataclass(frozen=True)
class Player:
    """Addresses of one recording; what was not made is empty."""

    video: str = ""
    poster: str = ""
    megabytes: float = 0.0


def player_of(session: LiveSession) -> Player:
    """Return the addresses of a recording for whoever was let onto the page."""
    if not session.is_watchable:
        return Player()
    base = media_base(session.uid, timezone.now())
    found = {each.kind: each for each in session.renditions.all()}
    file, poster = found.get(Rendition.Kind.FILE), found.get(Rendition.Kind.POSTER)
    return Player(
        video=base + file.path if file else "",
        poster=base + poster.path if poster else "",
        megabytes=round(file.bytes / 1_000_000, 1) if file else 0.0,
    )
