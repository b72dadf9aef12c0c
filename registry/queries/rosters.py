"""Roster imports as the office may see them."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from registry.models import Appointment, RegionVersion, RosterImport, User
from registry.permissions import scope_codes
from registry.queries.places import in_subtree


def counties_of_office(user: User) -> QuerySet[RegionVersion]:
    """Return today's counties in which `user` works for the office, by code."""
    scope = Q(pk__in=[])
    for code in scope_codes(user, Appointment.Role.OFFICE):
        scope |= in_subtree(code)
    return RegionVersion.objects.filter(
        scope, level=RegionVersion.Level.COUNTY, valid__contains=timezone.localdate()
    ).order_by("code")


def rosters_of_office(user: User) -> QuerySet[RosterImport]:
    """Return the imports of the counties in which `user` works for the office, newest first."""
    counties = counties_of_office(user).values("region")
    return RosterImport.objects.filter(county__in=counties).select_related("uploaded_by")


def county_names(user: User) -> dict[int, str]:
    """Return the names of her counties by region id."""
    return dict(counties_of_office(user).values_list("region", "name"))
