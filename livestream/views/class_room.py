"""The page of a live class: waiting room, picture, chat, hands, quick check. Works without scripts too."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from livestream.class_forms import SayForm
from livestream.class_permissions import Seat
from livestream.errors import ChatRefused, LivestreamError
from livestream.events.publishing import events_after, newest_event
from livestream.models import LiveClass
from livestream.models.live_class import OPENS_BEFORE
from livestream.queries.class_page import class_page, snapshot
from livestream.queries.watching import WatchPage, watch_page_of
from livestream.services.chat import report_message, say
from livestream.services.live_class import keep_class_on
from livestream.services.taking_part import answer_check, lower_hand, raise_hand
from livestream.services.viewers import note_gone, note_here
from livestream.signing import LIFE, media_base
from livestream.views.class_access import allow_events, of_seat, stream_of, visitor
from registry.stations import device_of


@never_cache
@require_GET
@of_seat
def live_class(request: HttpRequest, live_class: LiveClass, seat: Seat) -> HttpResponse:
    """Show the class as it stands: before, on now, or over. Opening it is a sign of life."""
    now = timezone.now()
    cursor = newest_event(str(live_class.uid))  # before the rest is read: what comes twice is known by its id
    tab = request.session.setdefault("class_tab", str(uuid.uuid4()))
    _sign_of_life(request, live_class, seat, uuid.UUID(tab))
    context = {
        "live_class": live_class,
        "seat": seat,
        "page": class_page(live_class, seat.person, now),
        "stream": {**stream_of(request, live_class, seat), "cursor": cursor},
        "watch": _watched(live_class, now),
        "opens_before": int(OPENS_BEFORE.total_seconds() * 1000),
        "client_token": uuid.uuid4(),
        "now": now,
    }
    return allow_events(request, render(request, "livestream/class_room.html", context))


@never_cache
@require_GET
@of_seat
def updates(request: HttpRequest, live_class: LiveClass, seat: Seat) -> JsonResponse:
    """Answer what happened since an event, or everything as it stands; with a new ticket for the stream."""
    room = str(live_class.uid)
    after = request.GET.get("after", "")
    newest = newest_event(room)
    events = events_after(room, after) if after else None
    answer: dict[str, Any] = {"ticket": stream_of(request, live_class, seat)["ticket"], "cursor": newest}
    if events is None:
        return JsonResponse({**answer, "snapshot": snapshot(live_class, seat.person, timezone.now())})
    if events:
        answer["cursor"] = events[-1][0]
    return JsonResponse({**answer, "events": [event for _event_id, event in events]})


@never_cache
@require_GET
@of_seat
def link(request: HttpRequest, live_class: LiveClass, seat: Seat) -> JsonResponse:
    """Give the player of somebody in the class a fresh address; when the class is over the page says so."""
    now, session = timezone.now(), live_class.session
    base = media_base(session.uid, now) if session.is_on_air else ""
    said = {"base": base, "state": session.state, "is_live": session.is_on_air, "seconds": LIFE.seconds}
    return JsonResponse(said)


@require_POST
@of_seat
def say_something(request: HttpRequest, live_class: LiveClass, seat: Seat) -> HttpResponse:
    """Write into the chat; the answer says whether it is shown, waits, or why it was refused."""
    form = SayForm(request.POST)
    if not form.is_valid():
        return _answer(request, live_class, error=_("Something was missing. Please try again."))
    try:
        message = say(
            live_class=live_class,
            author=visitor(request),
            person=seat.person,
            is_staff=seat.person is None,
            **form.cleaned_data,
        )
    except ChatRefused as error:
        return _answer(request, live_class, error=str(error), reason=error.reason)
    except LivestreamError as error:
        return _answer(request, live_class, error=str(error))
    if message.hidden_at:
        return _answer(request, live_class, note=_("Your message waits until the teacher has looked at it."))
    return _answer(request, live_class, id=message.pk)


@require_POST
@of_seat
def report(request: HttpRequest, live_class: LiveClass, seat: Seat) -> HttpResponse:
    """Tell the teacher about a message."""
    message = get_object_or_404(
        live_class.messages.filter(hidden_at__isnull=True), pk=_number(request.POST.get("message"))
    )
    report_message(message=message, by=visitor(request))
    return _answer(request, live_class, note=_("Thank you. The teacher will look at it."))


@require_POST
@of_seat
def hand(request: HttpRequest, live_class: LiveClass, seat: Seat) -> HttpResponse:
    """Put one's hand up or take it down."""
    if seat.person is None:
        raise Http404
    try:
        if request.POST.get("up") == "1":
            raise_hand(live_class=live_class, person=seat.person)
        else:
            lower_hand(live_class=live_class, person=seat.person, by=visitor(request))
    except LivestreamError as error:
        return _answer(request, live_class, error=str(error))
    return _answer(request, live_class)


@require_POST
@of_seat
def answer(request: HttpRequest, live_class: LiveClass, seat: Seat) -> HttpResponse:
    """Answer the quick check that is open."""
    if seat.person is None:
        raise Http404
    check = get_object_or_404(live_class.checks, pk=_number(request.POST.get("check")))
    choice = _number(request.POST.get("choice"))
    try:
        is_first = answer_check(check=check, person=seat.person, choice=choice if choice is not None else -1)
    except LivestreamError as error:
        return _answer(request, live_class, error=str(error))
    note = _("Your answer is in.") if is_first else _("You have answered already; the first answer counts.")
    return _answer(request, live_class, note=note)


@require_POST
@of_seat
def here(request: HttpRequest, live_class: LiveClass, seat: Seat) -> HttpResponse:
    """Take a sign of life of a browser tab, or its good-bye."""
    try:
        tab = uuid.UUID(request.POST.get("tab", ""))
    except ValueError:
        raise Http404 from None
    if request.POST.get("gone"):
        note_gone(live_class=live_class, user=visitor(request), tab=tab)
    else:
        _sign_of_life(request, live_class, seat, tab)
    return HttpResponse(status=204)


def _sign_of_life(request: HttpRequest, live_class: LiveClass, seat: Seat, tab: uuid.UUID) -> None:
    note_here(
        live_class=live_class, user=visitor(request), person=seat.person, tab=tab, device=device_of(request)
    )
    if seat.is_teaching:
        keep_class_on(live_class=live_class)


def _answer(request: HttpRequest, live_class: LiveClass, **said: Any) -> HttpResponse:
    """Answer a script with what happened; without one lead back to the page, which says it."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(said, status=422 if "error" in said else 200)
    if text := said.get("error"):
        messages.error(request, text)
    elif text := said.get("note"):
        messages.success(request, text)
    back = "class_desk" if request.POST.get("back") == "desk" else "class_room"
    return redirect(f"livestream:{back}", live_class.uid)


def _watched(live_class: LiveClass, now: datetime) -> WatchPage | None:
    """Return what the picture needs, with addresses that hold for a while; None before any came."""
    session = live_class.session
    if not session.is_on_air or not session.parts.exists():
        return None
    return watch_page_of(session, media_base(session.uid, now))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
