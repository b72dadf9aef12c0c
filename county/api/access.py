"""Who asks: a token in the header, how often it may ask, and what it reaches."""

from django.core.cache import cache
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from county.models import ApiToken, ApiTokenUse
from county.permissions import token_scopes
from county.queries.api_tokens import token_in_force
from county.services import note_use
from registry.queries.places import version_on


class TokenInHeader(HttpBearer):
    """`Authorization: Bearer cunbo_…`, as the office gave it."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Return the token if it holds today."""
        return token_in_force(token, timezone.now())


class AMinute(BaseThrottle):
    """So many requests a token and minute; the cache counts, so several servers count together."""

    MOST = 120
    SECONDS = 60

    def allow_request(self, request: HttpRequest) -> bool:
        """Count a request and tell whether it is within the limit."""
        key = f"api-requests:{token_of(request).pk}"
        cache.add(key, 0, self.SECONDS)
        try:
            return bool(cache.incr(key) <= self.MOST)
        except ValueError:  # it ran out between the two lines
            return True

    def wait(self) -> float:
        """Return after how many seconds to ask again."""
        return self.SECONDS


def token_of(request: HttpRequest) -> ApiToken:
    """Return the token of a request that was let in."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    return token


def scopes_for(request: HttpRequest, reads: ApiToken.Reads) -> list[str]:
    """Return the codes of the regions of which the token may read this; refuses one not made for it.

    Asked of the database once a request: the answer stays with the token's object.
    """
    token = token_of(request)
    if reads not in token.reads:
        raise HttpError(403, _("This token does not read {what}.").format(what=reads.label))
    known: dict[str, list[str]] = token.__dict__.setdefault("_scopes", {})
    if reads not in known:
        known[reads] = token_scopes(token, reads)
    return known[reads]


def note_list(request: HttpRequest) -> None:
    """Note that the list of counties was read; it is of the token's own region."""
    token = token_of(request)
    place = version_on(token.region, timezone.localdate())
    note_use(
        token=token,
        reads=ApiTokenUse.What.COUNTIES,
        region_code=place.code if place else "",
        request=request,
    )


def let_in(request: HttpRequest, reads: ApiToken.Reads, code: str) -> None:
    """Note the reading of a region; one the token does not reach is as good as missing."""
    if not any(code.startswith(scope) for scope in scopes_for(request, reads)):
        raise Http404
    note_use(token=token_of(request), reads=reads, region_code=code, request=request)
