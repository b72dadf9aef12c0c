"""Where places are, what they are called and what lies in them."""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from registry.models import Region, RegionVersion


def version_on(region: Region, on: date) -> RegionVersion | None:
    """Return what `region` was called and coded on that day, or None if it did not exist."""
    return region.versions.filter(valid__contains=on).first()


def version_by_code(code: str, on: date | None = None) -> RegionVersion:
    """Return the place that bears `code` on that day (today); raises `RegionVersion.DoesNotExist`."""
    day = on or timezone.localdate()
    return RegionVersion.objects.select_related("region").get(code=code, valid__contains=day)


def in_subtree(code: str, field: str = "code") -> Q:
    """Return the condition that `field` holds `code` or a code below it; an empty code means everywhere.

    A range instead of LIKE, so that the index on the code serves it: ":" follows "9".
    """
    if not code:
        return Q()
    return Q(**{f"{field}__gte": code, f"{field}__lt": f"{code}:"})
