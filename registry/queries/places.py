"""Where places are, what they are called and what lies in them."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from registry.models import Region, RegionVersion

COUNTY_CODE_LENGTH = 6
TOWN_CODE_LENGTH = 9


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


def in_any_subtree(codes: Iterable[str], field: str = "code") -> Q:
    """Return the condition that `field` lies in one of these subtrees; none is nowhere, "" everywhere."""
    wanted = list(codes)
    condition = Q(pk__in=[])
    for code in wanted:
        condition |= in_subtree(code, field)
    return Q() if "" in wanted else condition


def children_of(code: str, on: date | None = None) -> QuerySet[RegionVersion]:
    """Return the places directly below `code` on that day (today), by code."""
    day = on or timezone.localdate()
    parents = RegionVersion.objects.filter(code=code, valid__contains=day).values("region")
    return RegionVersion.objects.filter(parent__in=parents, valid__contains=day).order_by("code")


def places_in(code: str, level: int, on: date | None = None) -> QuerySet[RegionVersion]:
    """Return the places of a `RegionVersion.Level` in `code` on that day (today), by code.

    Headings that stand for no office (市辖区, 省直辖) are not among them.
    """
    found = RegionVersion.objects.filter(in_subtree(code), level=level, is_administrative=True)
    return found.filter(valid__contains=on or timezone.localdate()).order_by("code")


def county_of(region: Region, on: date) -> RegionVersion | None:
    """Return the county in which `region` lay on that day; None for a prefecture or province."""
    version = version_on(region, on)
    if version is None or len(version.code) < COUNTY_CODE_LENGTH:
        return None
    counties = RegionVersion.objects.filter(level=RegionVersion.Level.COUNTY, valid__contains=on)
    by_code = counties.filter(code=version.code[:COUNTY_CODE_LENGTH]).first()
    if by_code is not None or version.parent_id is None:
        return by_code
    # Below the county only the codes of 2023 are known: before a county got its code, follow the parents.
    above = RegionVersion.objects.filter(region=version.parent_id, valid__contains=on).values("parent")
    return counties.filter(Q(region=version.parent_id) | Q(region__in=above)).first()


def villages_by_town(
    county_code: str, on: date | None = None
) -> list[tuple[RegionVersion, list[RegionVersion]]]:
    """Return each town of a county with its villages, both by code."""
    day = on or timezone.localdate()
    below = RegionVersion.objects.filter(in_subtree(county_code), valid__contains=day).order_by("code")
    towns: list[tuple[RegionVersion, list[RegionVersion]]] = []
    for version in below:
        if version.level == RegionVersion.Level.TOWN:
            towns.append((version, []))
        elif version.level == RegionVersion.Level.VILLAGE and towns:
            towns[-1][1].append(version)
    return towns
