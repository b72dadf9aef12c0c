"""Which device a request comes from, and sessions that end by themselves because others use the device too.

A registered device bears a signed cookie for years. A session on it, and every session opened with somebody's
help, is a short one: the session then holds `SESSION_KEY`, and `registry.middleware` ends it.
"""

import time
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from registry.models import AssistedSignIn, StationDevice
from registry.queries.sign_in import device_by_token

SESSION_KEY = "station"
COOKIE = "station_device"
COUNTS_BY_DEVICE = "counts_by_device"  # on a request: its limits by address go by device, see the adapter
_SALT = "registry.stations"
_FIVE_YEARS = 5 * 366 * 24 * 60 * 60
_NOTE_EVERY = 30  # seconds between two writes of the session


def remember_device(response: HttpResponse, token: str) -> None:
    """Make the browser that gets `response` a station's."""
    response.set_cookie(
        COOKIE,
        signing.dumps(token, salt=_SALT),
        _FIVE_YEARS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def device_of(request: HttpRequest) -> StationDevice | None:
    """Return the registered device this request comes from; one query a request at most."""
    cookie = request.COOKIES.get(COOKIE)
    if not cookie:
        return None
    if not hasattr(request, "_station_device"):
        try:
            found = device_by_token(signing.loads(cookie, salt=_SALT, max_age=_FIVE_YEARS))
        except signing.BadSignature:
            found = None
        request._station_device = found  # type: ignore[attr-defined]
    device: StationDevice | None = request._station_device  # type: ignore[attr-defined]
    return device


def begin_short_session(
    request: HttpRequest, *, device: StationDevice | None, assisted: AssistedSignIn | None = None
) -> None:
    """Let the session that was just opened end by itself."""
    request.session[SESSION_KEY] = {
        "device": device.pk if device else None,
        "seen": time.time(),
        "helper": str(assisted.helper) if assisted else "",
    }
    request.session.set_expiry(0)


def short_session(request: HttpRequest) -> dict[str, Any] | None:
    """Return what is kept of a short session, None for any other."""
    found: dict[str, Any] | None = request.session.get(SESSION_KEY)
    return found


def is_assisted(request: HttpRequest) -> bool:
    """Tell whether somebody helped to open this session: it may not do what only the person herself may."""
    found = short_session(request)
    return bool(found and found["helper"])


def is_over(request: HttpRequest) -> bool:
    """Tell whether a short session has rested too long, or its device is no longer a station's."""
    found = short_session(request)
    if found is None:
        return False
    if time.time() - found["seen"] > settings.STATION_IDLE_SECONDS:
        return True
    device = device_of(request)
    return found["device"] is not None and (device is None or device.pk != found["device"])


def note_activity(request: HttpRequest) -> None:
    """Keep that the session is in use, without a write for every picture of a page."""
    found = short_session(request)
    if found is not None and time.time() - found["seen"] > _NOTE_EVERY:
        request.session[SESSION_KEY] = {**found, "seen": time.time()}
        request.session.set_expiry(0)


def stay_open(request: HttpRequest, response: HttpResponse, seconds: int) -> None:
    """Let a short session rest for `seconds`: what she is at may be out of the network, and ends on a screen
    of its own. Other sessions stay as they are.
    """
    found = short_session(request)
    if found is None:
        return
    request.session[SESSION_KEY] = {**found, "seen": time.time() + seconds - settings.STATION_IDLE_SECONDS}
    response.headers["Refresh"] = f"{seconds + 5}; url={reverse('registry:station')}"


def forget_person(response: HttpResponse) -> HttpResponse:
    """Have the browser forget what it kept of whoever is gone: pages, drafts, messages not yet shown."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.delete_cookie("messages")
    return response


def is_within_limit(request: HttpRequest, action: str) -> bool:
    """Count a try of `action`: by address, and by device where a station is registered."""
    device = device_of(request)
    if device:
        return bool(ratelimit.consume(request, action=f"{action}_at_station", key=str(device.uid)))
    return bool(ratelimit.consume(request, action=action))
