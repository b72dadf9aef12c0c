"""Roster imports as the office may see them."""

from django.db.models import QuerySet
from django.utils import timezone

from registry.capabilities import Capability
from registry.models import RegionVersion, RosterImport, User
from registry.permissions import scope_codes
from registry.queries.places import in_any_subtree


def counties_of_office(user: User, capability: str = Capability.IMPORT_ROSTER) -> QuerySet[RegionVersion]:
    """Return today's counties in which `user` may import rosters (or as told), by code."""
    return RegionVersion.objects.filter(
        in_any_subtree(scope_codes(user, capability)),
        level=RegionVersion.Level.COUNTY,
        valid__contains=timezone.localdate(),
    ).order_by("code")


def rosters_of_office(user: User) -> QuerySet[RosterImport]:
    """Return the imports of the counties in which `user` may read them, newest first."""
    counties = counties_of_office(user, Capability.READ_ROSTERS).values("region")
    return RosterImport.objects.filter(county__in=counties).select_related("uploaded_by")


def county_names(user: User) -> dict[int, str]:
    """Return the names of her counties by region id."""
    return dict(counties_of_office(user, Capability.READ_ROSTERS).values_list("region", "name"))
