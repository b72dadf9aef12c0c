"""Changes of places and proposed villages as an office may see them, and what hangs on places."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.apps import apps
from django.db.models import F, ForeignKey, Q, QuerySet
from django.utils import timezone

from registry.capabilities import Capability
from registry.models import (
    Region,
    RegionChange,
    RegionSuccession,
    RegionVersion,
    User,
    VillageProposal,
)
from registry.permissions import scope_codes
from registry.queries.places import in_any_subtree

# Rows about the places themselves, which a change writes anyway.
_ABOUT_PLACES = (RegionVersion, RegionSuccession, VillageProposal)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change with its places as they were the day before and are since."""

    change: RegionChange
    before: list[RegionVersion]
    after: list[RegionVersion]


def changes_of_office(user: User) -> QuerySet[RegionChange]:
    """Return the changes that touched places of the user's offices, newest first; all for a superuser."""
    versions = RegionVersion.objects.filter(_scope(user, Capability.READ_PLACE_CHANGES)).values("region")
    touched = Q(from_regions__in=versions) | Q(to_regions__in=versions)
    found = RegionChange.objects.select_related("recorded_by").prefetch_related("from_regions", "to_regions")
    return found.filter(pk__in=RegionChange.objects.filter(touched).values("pk"))


def change_lines(changes: Iterable[RegionChange]) -> list[ChangeLine]:
    """Name the places of changes in one query more, however many there are."""
    changes = list(changes)
    ids = {r.pk for c in changes for r in [*c.from_regions.all(), *c.to_regions.all()]}
    versions: dict[int, list[RegionVersion]] = {}
    for version in RegionVersion.objects.filter(region__in=ids).order_by("code", "valid"):
        versions.setdefault(version.region_id, []).append(version)
    return [
        ChangeLine(
            change,
            _on(change.from_regions.all(), versions, change.on - timedelta(days=1)),
            _on(change.to_regions.all() or change.from_regions.all(), versions, change.on),
        )
        for change in changes
    ]


def proposals_of_office(user: User) -> QuerySet[VillageProposal]:
    """Return the proposed villages in towns of the user's offices, undecided ones first."""
    towns = RegionVersion.objects.filter(
        _scope(user, Capability.DECIDE_VILLAGE), level=RegionVersion.Level.TOWN
    ).values("region")
    found = VillageProposal.objects.filter(town__in=towns).select_related("proposed_by", "decided_by")
    return found.order_by(F("decided_at").desc(nulls_first=True), "-proposed_at", "-pk")


def towns_of_office(user: User) -> QuerySet[RegionVersion]:
    """Return today's towns of the user's offices, by code."""
    return RegionVersion.objects.filter(
        _scope(user, Capability.DECIDE_VILLAGE),
        level=RegionVersion.Level.TOWN,
        valid__contains=timezone.localdate(),
    ).order_by("code")


def rows_at(regions: Iterable[int]) -> list[tuple[str, int]]:
    """Return what points at these places, as names of things and their number, most first.

    Looks at every foreign key to a place, so that it knows the rows of apps above without importing them.
    """
    ids = list(regions)
    counts: dict[str, int] = {}
    for model in apps.get_models():
        if model in _ABOUT_PLACES or model._meta.auto_created:
            continue
        keys = [f for f in model._meta.fields if isinstance(f, ForeignKey) and f.remote_field.model is Region]
        if keys:
            at = Q()
            for key in keys:
                at |= Q(**{f"{key.name}__in": ids})
            counts[str(model._meta.verbose_name_plural)] = model._default_manager.filter(at).count()
    return sorted(((name, n) for name, n in counts.items() if n), key=lambda item: (-item[1], item[0]))


def _scope(user: User, capability: str) -> Q:
    return in_any_subtree(scope_codes(user, capability))


def _on(
    regions: Iterable[Region], versions: dict[int, list[RegionVersion]], day: date
) -> list[RegionVersion]:
    found = [v for region in regions for v in versions.get(region.pk, []) if _holds(v, day)]
    return sorted(found, key=lambda version: version.code)


def _holds(version: RegionVersion, day: date) -> bool:
    lower, upper = version.valid.lower, version.valid.upper
    return (lower is None or lower <= day) and (upper is None or day < upper)
