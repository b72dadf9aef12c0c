"""What the county's desk adds to the Wagtail admin: what officials achieved, and tokens of the interface."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from county.achievements import Achievements, achievements_of
from county.views import tokens
from registry.capabilities import Capability
from registry.models import Appointment
from registry.permissions import capabilities_of


@hooks.register("achievements_of_officials")
def achievements(appointments: list[Appointment]) -> dict[int, Achievements]:
    """Say for the officials' roster what was done in each appointment."""
    return achievements_of(appointments)


class TokensMenuItem(MenuItem):
    """Leads to the tokens of the interface."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the signed-in user may make some; the page asks again."""
        return Capability.MAKE_API_TOKEN in capabilities_of(request.user)


@hooks.register("register_admin_menu_item")
def tokens_menu_item() -> MenuItem:
    """Add the tokens to the menu."""
    return TokensMenuItem(
        _("Interface"), reverse_lazy("api_tokens"), name="api-tokens", icon_name="link", order=180
    )


@hooks.register("register_admin_urls")
def token_urls() -> list[URLPattern]:
    """Add the pages of tokens below /admin/."""
    return [
        path("api-tokens/", tokens.token_list, name="api_tokens"),
        path("api-tokens/<uuid:uid>/revoke/", tokens.token_revoke, name="api_token_revoke"),
    ]
