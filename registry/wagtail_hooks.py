"""What the registry adds to the Wagtail admin: rosters, likely duplicates, changes of places, villages."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from registry import privacy_hooks  # noqa: F401 - registers the privacy desk
from registry.capabilities import Capability
from registry.permissions import capabilities_of
from registry.views import appointments, duplicates, region_changes, roster


class CapabilityItem:
    """A menu item shown to those who may do what the page is for; the page asks again."""

    capability: Capability

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the signed-in user may do it somewhere."""
        return self.capability in capabilities_of(request.user)


class RosterMenuItem(CapabilityItem, MenuItem):
    """Leads to the rosters."""

    capability = Capability.READ_ROSTERS


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
        path("rosters/<uuid:uid>/cancel/", roster.roster_cancel, name="roster_cancel"),
        path("rosters/<uuid:uid>/undo/", roster.roster_undo, name="roster_undo"),
        path("rosters/<uuid:uid>/errors/", roster.roster_errors, name="roster_errors"),
    ]


class DuplicatesMenuItem(CapabilityItem, MenuItem):
    """Leads to records that may be one person."""

    capability = Capability.DECIDE_DUPLICATES


@hooks.register("register_admin_menu_item")
def duplicates_menu_item() -> MenuItem:
    """Add the duplicate desk to the menu."""
    return DuplicatesMenuItem(
        _("Duplicates"), reverse_lazy("duplicate_list"), name="duplicates", icon_name="copy", order=155
    )


@hooks.register("register_admin_urls")
def duplicate_urls() -> list[URLPattern]:
    """Add the duplicate desk below /admin/."""
    return [
        path("duplicates/", duplicates.duplicate_list, name="duplicate_list"),
        path("duplicates/merges/", duplicates.merge_list, name="merge_list"),
        path("duplicates/merges/<int:pk>/undo/", duplicates.merge_undo, name="merge_undo"),
        path("duplicates/<uuid:first>/<uuid:second>/", duplicates.duplicate_pair, name="duplicate_pair"),
    ]


class VillagesMenuItem(CapabilityItem, MenuItem):
    """Leads to provisional villages."""

    capability = Capability.DECIDE_VILLAGE


_PLACES = Menu(
    register_hook_name="register_places_menu_item",
    items=[
        MenuItem(_("Changes of places"), reverse_lazy("change_list"), name="changes", icon_name="history"),
        VillagesMenuItem(
            _("Provisional villages"), reverse_lazy("village_list"), name="villages", icon_name="home"
        ),
    ],
)


class PlacesMenuItem(CapabilityItem, SubmenuMenuItem):
    """Leads to changes of places and to provisional villages."""

    capability = Capability.READ_PLACE_CHANGES


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


class OfficialsMenuItem(CapabilityItem, MenuItem):
    """Leads to the officials' roster."""

    capability = Capability.READ_OFFICIALS


@hooks.register("register_admin_menu_item")
def officials_menu_item() -> MenuItem:
    """Add the officials' roster to the menu."""
    return OfficialsMenuItem(
        _("Officials"), reverse_lazy("appointment_list"), name="officials", icon_name="user", order=170
    )


@hooks.register("register_admin_urls")
def appointment_urls() -> list[URLPattern]:
    """Add the officials' roster below /admin/."""
    return [
        path("appointments/", appointments.appointment_list, name="appointment_list"),
        path("appointments/new/", appointments.appointment_new, name="appointment_new"),
        path(
            "appointments/<int:pk>/transfer/", appointments.appointment_transfer, name="appointment_transfer"
        ),
        path("appointments/<int:pk>/end/", appointments.appointment_end, name="appointment_end"),
    ]
