"""The regions an office may choose, and what places are called."""

from collections.abc import Iterable
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils import timezone

from registry.models import RegionVersion
from registry.queries.places import COUNTY_CODE_LENGTH, in_any_subtree, in_subtree, version_by_code

_INDENT = {1: "", 2: "", 3: "", 4: "　", 5: "　　"}  # ideographic spaces: a select shows no other


def regions_to_read(codes: list[str], selected: str = "") -> list[tuple[str, str]]:
    """Return (code, name) of the regions an office may choose: its own, the counties and towns in it.

    Towns are listed for counties only; `selected` is added where it lies deeper. Villages are reached
    from their town.
    """
    today = timezone.localdate()
    current = RegionVersion.objects.filter(valid__contains=today)
    condition = Q(code=selected)
    for code in codes:
        deepest = RegionVersion.Level.TOWN if len(code) >= COUNTY_CODE_LENGTH else RegionVersion.Level.COUNTY
        condition |= in_subtree(code) & Q(level__lte=deepest) | Q(code=code)
    found = current.filter(condition).order_by("code")
    choices = [(version.code, f"{_INDENT[version.level]}{version.name}") for version in found]
    if selected and selected not in dict(choices):  # a place that is no more keeps its counts
        gone = RegionVersion.objects.filter(code=selected).order_by("-valid").first()
        choices += [(gone.code, gone.name)] if gone else []
    return choices


def counties_in(codes: list[str], on: date) -> QuerySet[RegionVersion]:
    """Return the counties of some regions as they were that day, by code; a part of a county has none."""
    scopes = [code for code in codes if len(code) <= COUNTY_CODE_LENGTH]
    found = RegionVersion.objects.filter(
        in_any_subtree(scopes), level=RegionVersion.Level.COUNTY, is_administrative=True, valid__contains=on
    )
    return found.order_by("code")


def regions_bearing(codes: Iterable[str], year: int) -> dict[str, int]:
    """Return the region of each code: who bore it in that year, in the end; else who bore it last.

    A region of which two codes are asked, since it got a new one, stands under the newer alone.
    """
    found = RegionVersion.objects.filter(code__in=list(codes)).order_by("valid")
    of_year = DateRange(date(year, 1, 1), date(year + 1, 1, 1))
    versions = {version.code: version for version in found}
    versions |= {version.code: version for version in found.filter(valid__overlap=of_year)}
    ordered = sorted(versions.values(), key=lambda version: version.valid.lower or date.min)
    newest = {version.region_id: version.code for version in ordered}
    return {code: region for region, code in newest.items()}


def place_names(codes: set[str]) -> dict[str, str]:
    """Return the newest name of each code."""
    return dict(RegionVersion.objects.filter(code__in=codes).order_by("valid").values_list("code", "name"))


def newest_version(code: str) -> RegionVersion:
    """Return the place that bears the code today, or bore it last: old codes keep their counts."""
    try:
        return version_by_code(code)
    except RegionVersion.DoesNotExist:
        found = RegionVersion.objects.filter(code=code).order_by("-valid").first()
        if found is None:
            raise
        return found
