"""Where a page's player finds a recording: addresses that hold for a few minutes."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from livestream.models import LiveSession, Rendition
from livestream.signing import media_token



@dataclass(frozen=True)
class Player:
    """Addresses of one recording; what was not made is empty."""

    video: str = ""
    poster: str = ""
    megabytes: float = 0.0


def player_of(request: HttpRequest, session: LiveSession) -> Player:
    """Return the addresses of a recording for whoever was let onto the page."""
    if not session.is_watchable:
        return Player()
    token = media_token(session.uid, timezone.now())
    found = {each.kind: each for each in session.renditions.all()}
    file, poster = found.get(Rendition.Kind.FILE), found.get(Rendition.Kind.POSTER)
    return Player(
        video=_address(token, session, file),
        poster=_address(token, session, poster),
        megabytes=round(file.bytes / 1_000_000, 1) if file else 0.0,
    )


def _address(token: str, session: LiveSession, rendition: Rendition | None) -> str:
    if rendition is None:
        return ""
    return reverse("livestream:media", args=[token, session.uid, rendition.path])
