"""Addresses of media that hold for a few minutes; whoever has one may watch, so they are given to few.

    /rehearse/media/<digest>.<expiry>/<session>/<file>

`expiry` is in seconds since 1970; `digest` is URL-safe base64 without padding of the MD5 of
"<expiry> <session> <key>": the scheme of nginx's secure_link, so that nginx can check it without asking us

    secure_link     $digest,$expiry;
    secure_link_md5 "$expiry $session KEY";

and Django checks it here where no nginx stands in front. The key comes last, so that nothing can be added to
a known digest. One address opens one session's media below it: playlists name their segments relatively.
"""

import base64
import hashlib
import hmac
import uuid
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings
from django.urls import reverse

LIFE = timedelta(minutes=15)
# nginx and we may disagree by this much about what time it is.
LEEWAY = timedelta(seconds=5)


class Leave(Enum):
    """What a token says."""

    GIVEN = "given"
    EXPIRED = "expired"
    REFUSED = "refused"


def media_token(session: uuid.UUID, now: datetime, life: timedelta = LIFE) -> str:
    """Return a token that opens the session's media until `now` + `life`."""
    expiry = int((now + life).timestamp())
    return f"{_digest(expiry, session)}.{expiry}"


def media_base(session: uuid.UUID, now: datetime) -> str:
    """Return the address below which the session's media can be had for a while."""
    token = media_token(session, now)
    return reverse("livestream:media", args=[token, session, "x"]).removesuffix("x")


def check_media_token(token: str, session: uuid.UUID, now: datetime) -> Leave:
    """Tell what a token says about this session; whatever is not understood is refused."""
    digest, _dot, expiry = token.partition(".")
    if not (expiry.isascii() and expiry.isdigit() and len(expiry) <= 12):
        return Leave.REFUSED
    if not hmac.compare_digest(digest.encode(), _digest(int(expiry), session).encode()):
        return Leave.REFUSED
    return Leave.GIVEN if now.timestamp() <= int(expiry) + LEEWAY.total_seconds() else Leave.EXPIRED


def _digest(expiry: int, session: uuid.UUID) -> str:
    key = str(settings.MEDIA_LINK_KEY)
    if not key:
        raise RuntimeError("MEDIA_LINK_KEY is empty")
    digest = hashlib.md5(f"{expiry} {session} {key}".encode(), usedforsecurity=False).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
