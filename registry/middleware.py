"""What stands before every view: staff pages open to a second factor only."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from registry.permissions import holds_any_role
from registry.second_factor import OWED, PASSED, SESSION_KEY

# Pages by their view's name, and whole apps by their namespace or address: where only roles have business.
_STAFF_NAMESPACES = {"county"}
_STAFF_PREFIXES = ("/admin/", "/documents/")
_STAFF_NAMES = {"courses:marking", "courses:mark", "courses:work_file"}
# What somebody may still open who owes the second factor: the way to it, the way out, and the public pages.
_OPEN_NAMESPACES = {"cms"}
_OPEN_NAMES = {
    "account_logout",
    "account_reauthenticate",
    "certificates:verify",
    "healthz",
    "readyz",
    "registry:outbox",
    "wagtail_serve",
}
_SET_UP = "mfa_"

View = Callable[..., HttpResponse]


class SecondFactorMiddleware:
    """Leads whoever holds a role to the set-up of her second factor, and lets her no further without it.

    A session that owes it opens nothing but public pages. On staff pages the roles are looked up for every
    session that has not passed, so that a role given since she signed in counts too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Do nothing yet: the view is not known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """Lead to the set-up, or let pass."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        state = request.session.get(SESSION_KEY)
        if state == PASSED or _is_open(request):
            return None
        owes = state == OWED or (_is_for_staff(request) and holds_any_role(request.user))
        return _to_set_up(request) if owes else None


def _is_for_staff(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and (
        bool(_STAFF_NAMESPACES.intersection(match.namespaces))
        or match.view_name in _STAFF_NAMES
        or request.path.startswith(_STAFF_PREFIXES)
    )


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    return (
        match is None
        or bool(_OPEN_NAMESPACES.intersection(match.namespaces))
        or match.view_name in _OPEN_NAMES
        or match.view_name.startswith(_SET_UP)
    )


def _to_set_up(request: HttpRequest) -> HttpResponse:
    after = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
    return HttpResponseRedirect(reverse("mfa_index") + after)
