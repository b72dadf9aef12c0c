"""What the registry adds to the Wagtail admin: changes of places and provisional villages."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from registry.models import Appointment
from registry.permissions import has_role
from registry.views import region_changes

_PLACES = Menu(
    register_hook_name="register_places_menu_item",
    items=[
        MenuItem(_("Changes of places"), reverse_lazy("change_list"), name="changes", icon_name="history"),
        MenuItem(_("Provisional villages"), reverse_lazy("village_list"), name="villages", icon_name="home"),
    ],
)


class PlacesMenuItem(SubmenuMenuItem):
    """Shown to the county office only."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the signed-in user works for an office."""
        return has_role(request.user, Appointment.Role.OFFICE)


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
