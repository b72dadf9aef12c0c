"""Which live class a request is about, and where its visitor sits in it."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from csp.constants import SELF
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from livestream.class_permissions import Seat, counted_by, kept_by, seat_of, sent_by, taught_by
from livestream.events.tickets import ticket_for
from livestream.models import LiveClass
from livestream.queries.live_class import class_with_uid, with_session
from registry.models import User

View = Callable[..., HttpResponseBase]


def visitor(request: HttpRequest) -> User:
    """Return who has signed in; the decorators below let nobody else through."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def of_seat(view: View) -> View:
    """Give the view the class and the visitor's seat; a foreign class and no class look the same."""

    @login_required
    @wraps(view)
    def with_seat(request: HttpRequest, uid: uuid.UUID, **kwargs: Any) -> HttpResponseBase:
        live_class = class_with_uid(uid)
        seat = seat_of(request.user, live_class) if live_class else None
        if live_class is None or seat is None:
            raise Http404
        return view(request, live_class, seat, **kwargs)

    return with_seat


def _among(find: Callable[[Any], Any]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def with_class(request: HttpRequest, uid: uuid.UUID, **kwargs: Any) -> HttpResponseBase:
            live_class = with_session(find(request.user).filter(session__uid=uid)).first()
            if live_class is None:
                raise Http404
            return view(request, live_class, **kwargs)

        return with_class

    return decorate


of_teacher = _among(taught_by)
of_sender = _among(sent_by)
of_counter = _among(counted_by)
of_keeper = _among(kept_by)


def events_address(request: HttpRequest) -> str:
    """Return where this browser hears what happens, without a ticket."""
    if not settings.EVENTS_PORT:
        return "/events/"
    host = urlsplit(f"//{request.get_host()}").hostname or "localhost"
    shown = f"[{host}]" if ":" in host else host
    return f"{request.scheme}://{shown}:{settings.EVENTS_PORT}/events/"


def allow_events(request: HttpRequest, response: Any) -> Any:
    """Let the page's script ask the event server where that is another address than the site's."""
    address = events_address(request)
    if "://" in address:
        response._csp_update = {"connect-src": [SELF, address.removesuffix("/events/")]}
    return response


def stream_of(request: HttpRequest, live_class: LiveClass, seat: Seat) -> dict[str, str]:
    """Return what the page's script needs to listen."""
    viewer = f"p{seat.person.pk}" if seat.person else f"u{request.user.pk}"
    return {
        "events": events_address(request),
        "updates": reverse("livestream:class_updates", args=[live_class.uid]),
        "ticket": ticket_for(room=str(live_class.uid), viewer=viewer),
    }
