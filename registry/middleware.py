"""What stands before every view: the second factor of staff, and sessions on devices that many people use."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_cache_control

from registry.permissions import holds_any_role
from registry.second_factor import OWED, PASSED, SESSION_KEY
from registry.stations import forget_person, is_assisted, is_over, note_activity, short_session

# Pages by their view's name, and whole apps by their namespace or address: where only roles have business.
_STAFF_NAMESPACES = {"county"}
_STAFF_PREFIXES = ("/admin/", "/documents/")
_STAFF_NAMES = {
    "courses:mark",
    "courses:marking",
    "courses:work_file",
    "livestream:class_act",
    "livestream:class_attendance",
    "livestream:class_change",
    "livestream:class_desk",
    "livestream:class_lesson",
    "livestream:class_panel",
    "livestream:class_schedule",
    "livestream:class_station",
    "registry:assist",
    "registry:card_sheet",
    "registry:issue_cards",
    "registry:new_number",
    "registry:revoke_station",
    "registry:station_devices",
    "registry:villager",
    "registry:villagers",
}
# What somebody may still open who owes the second factor: the way to it, the way out, and the public pages.
_OPEN_NAMESPACES = {"cms"}
_OPEN_NAMES = {
    "account_logout",
    "account_reauthenticate",
    "certificates:verify",
    "healthz",
    "readyz",
    "registry:done",
    "registry:outbox",
    "wagtail_serve",
}
_SET_UP = "mfa_"
# What only the person herself may do, so not in a session that somebody helped to open.
_HERS_ALONE = {
    "account_change_password",
    "account_reauthenticate",
    "account_set_password",
    "registry:link_person",
    "weixin_callback",
    "weixin_login",
    "weixin_unlink",
}
_HERS_ALONE_PREFIXES = ("/people/privacy/", "/en/people/privacy/")
# Where a keeper's page may be left open, and the pages before anybody is signed in.
_NEVER_KEPT = ("/people/station/", "/en/people/station/", "/people/card/", "/en/people/card/")

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


class StationMiddleware:
    """Ends sessions on shared devices, and leaves nothing of one person behind for the next.

    After ten idle minutes the session is gone; the browser looks by itself then, so that the screen empties.
    Nothing of a short session is kept by a cache, so that the back button asks the site and finds nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or lead somebody whose time is over to the station's first page."""
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and is_over(request):
            logout(request)
            return _unkept(forget_person(HttpResponseRedirect(reverse("registry:station"))))
        if has_session:
            note_activity(request)
        was_short = has_session and short_session(request) is not None
        response = self.get_response(request)
        if was_short and not _is_file(response):
            response.headers.setdefault(
                "Refresh", f"{settings.STATION_IDLE_SECONDS + 5}; url={reverse('registry:station')}"
            )
        is_short = was_short or (request.session.modified and short_session(request) is not None)
        return _unkept(response) if is_short or request.path.startswith(_NEVER_KEPT) else response

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """Keep from a session with help what only the person herself may do."""
        match = request.resolver_match
        name = match.view_name if match else ""
        is_hers = (
            name in _HERS_ALONE or name.startswith(_SET_UP) or request.path.startswith(_HERS_ALONE_PREFIXES)
        )
        if is_hers and settings.SESSION_COOKIE_NAME in request.COOKIES and is_assisted(request):
            return render(request, "registry/only_herself.html", status=403)
        return None


def _unkept(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    patch_cache_control(response, no_store=True)
    return response


def _is_file(response: HttpResponse) -> bool:
    return not response.headers.get("Content-Type", "").startswith("text/html")
