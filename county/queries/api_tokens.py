"""Tokens of the interface: by what is sent, and those an office sees."""

import hashlib
from datetime import date, datetime

from django.db.models import Max, OuterRef, QuerySet, Subquery, Sum

from county.models import ApiToken
from registry.models import RegionVersion
from registry.queries.places import in_any_subtree


def token_hash(token: str) -> bytes:
    """Return what is kept of a random token of 256 bits: it has too many possibilities to need a key."""
    return hashlib.sha256(token.encode()).digest()


def token_in_force(token: str, now: datetime) -> ApiToken | None:
    """Return the token if it is one, still runs, and its owner may still sign in."""
    found = ApiToken.objects.filter(
        token_hash=token_hash(token), revoked_at=None, expires_at__gt=now, owner__is_active=True
    )
    return found.select_related("owner", "region").first()


def tokens_within(scopes: list[str], today: date) -> QuerySet[ApiToken]:
    """Return the tokens for some regions, each with its region's name, last use and number of requests."""
    places = RegionVersion.objects.filter(valid__contains=today)
    found = ApiToken.objects.filter(region__in=places.filter(in_any_subtree(scopes)).values("region"))
    return found.select_related("owner", "revoked_by").annotate(
        place=Subquery(places.filter(region=OuterRef("region")).values("name")[:1]),
        last_at=Max("uses__last_at"),
        requests=Sum("uses__requests", default=0),
    )
