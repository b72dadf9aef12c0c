"""What the Wagtail admin knows of livestream coaching: recordings that have to be kept."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from livestream.views import keeping
from registry.capabilities import Capability
from registry.permissions import capabilities_of


class RecordingsMenuItem(MenuItem):
    """Leads to the recordings; the page asks again."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the signed-in user answers requests somewhere."""
        return Capability.HANDLE_REQUESTS in capabilities_of(request.user)


@hooks.register("register_privacy_menu_item")
def recordings_menu_item() -> MenuItem:
    """Add the recordings to the privacy desk."""
    return RecordingsMenuItem(
        _("Recordings"), reverse_lazy("recording_list"), name="recordings", icon_name="media"
    )


@hooks.register("register_admin_urls")
def recording_urls() -> list[URLPattern]:
    """Add the pages below /admin/."""
    return [
        path("privacy/recordings/", keeping.recording_list, name="recording_list"),
        path("privacy/recordings/<uuid:uid>/", keeping.recording_keep, name="recording_keep"),
    ]
