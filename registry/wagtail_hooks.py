"""What the registry adds to the Wagtail admin: the office's rosters."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from registry.models import Appointment
from registry.permissions import has_role
from registry.views import roster


class RosterMenuItem(MenuItem):
    """Shown to the county office only."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the signed-in user works for an office."""
        return has_role(request.user, Appointment.Role.OFFICE)


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
