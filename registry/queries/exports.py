"""Lists that left or shall leave, and where they may be of."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from registry.models import Export, RegionVersion, User
from registry.queries.places import COUNTY_CODE_LENGTH, in_subtree


def exports_for(user: User, office: Iterable[str]) -> QuerySet[Export]:
    """Return what `user` asked for and what lies in the regions of her office, newest first."""
    mine = Q(asked_by=user)
    for code in office:
        mine |= in_subtree(code, "region_code") if code else Q(asked_at__isnull=False)
    return Export.objects.filter(mine).select_related("asked_by", "decided_by").order_by("-asked_at", "-pk")


def regions_to_choose(scopes: Iterable[str], on: date) -> list[tuple[str, str]]:
    """Return (code, name) of the regions and the counties and towns in them, by code."""
    inside = Q(pk__in=[])
    for code in scopes:
        deepest = RegionVersion.Level.TOWN if len(code) >= COUNTY_CODE_LENGTH else RegionVersion.Level.COUNTY
        inside |= in_subtree(code) & (Q(level__lte=deepest) | Q(code=code))
    found = RegionVersion.objects.filter(inside, valid__contains=on).order_by("code")
    return [(version.code, f"{version.name} {version.code}") for version in found]
