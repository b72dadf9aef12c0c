"""What the registry adds to the Wagtail admin: rosters, changes of places and provisional villages."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from registry import privacy_hooks  # noqa: F401 - registers the privacy desk
from registry.models import Appointment
from registry.permissions import has_role
from registry.views import region_changes, roster


class OfficeOnly:
    """A menu item shown to the county office only."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the signed-in user works for an office."""
        return has_role(request.user, Appointment.Role.OFFICE)


class RosterMenuItem(OfficeOnly, MenuItem):
    """Leads to the rosters."""


@hooks.register("register_admin_menu_item")
def roster_menu_item() -> MenuItem:
    """Add the rosters to the menu."""
    return RosterMenuItem(
        _("Rosters"), reverse_lazy("roster_list"), name="rosters", icon_name="group", order=150
    )


@hooks.register("register_admin_urls")
def roster_urls() -> list[URLPattern]:
    """Add the pages of rosters below /admin/."""
    return [
        path("rosters/", roster.roster_list, name="roster_list"),
        path("rosters/upload/", roster.roster_upload, name="roster_upload"),
        path("rosters/<uuid:uid>/", roster.roster_detail, name="roster_detail"),
        path("rosters/<uuid:uid>/progress/", roster.roster_progress, name="roster_progress"),
        path("rosters/<uuid:uid>/apply/", roster.roster_apply, name="roster_apply"),
        path("rosters/<uuid:uid>/errors/", roster.roster_errors, name="roster_errors"),
    ]


_PLACES = Menu(
    register_hook_name="register_places_menu_item",
    items=[
        MenuItem(_("Changes of places"), reverse_lazy("change_list"), name="changes", icon_name="history"),
        MenuItem(_("Provisional villages"), reverse_lazy("village_list"), name="villages", icon_name="home"),
    ],
)


class PlacesMenuItem(OfficeOnly, SubmenuMenuItem):
    """Leads to changes of places and to provisional villages."""


@hooks.register("register_admin_menu_item")
def places_menu_item() -> MenuItem:
    """Add the places to the menu."""
    return PlacesMenuItem(_("Places"), _PLACES, name="places", icon_name="site", order=160)


@hooks.register("register_admin_urls")
def place_urls() -> list[URLPattern]:
    """Add the pages of places below /admin/."""
    return [
        path("places/changes/", region_changes.change_list, name="change_list"),
        path("places/changes/record/", region_changes.change_record, name="change_record"),
        path("places/villages/", region_changes.village_list, name="village_list"),
        path("places/villages/<int:pk>/", region_changes.village_decide, name="village_decide"),
    ]
