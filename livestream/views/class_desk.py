"""The teacher's desk: begin and end, who wants to speak, what waits to be looked at, quick checks, rules."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from livestream.class_forms import CheckForm, ModeForm
from livestream.class_permissions import Seat, can_make_lesson
from livestream.errors import LivestreamError
from livestream.events.publishing import newest_event
from livestream.models import LiveClass
from livestream.queries.class_page import class_page
from livestream.queries.live_class import desk_panel
from livestream.services.live_class import begin_class, end_class
from livestream.services.moderation import (
    hide_message,
    mute_author,
    restore_message,
    set_mode,
    unmute_author,
)
from livestream.services.taking_part import ask_check, close_check, lower_hand
from livestream.views.class_access import allow_events, of_teacher, stream_of, visitor

Step = Callable[[HttpRequest, LiveClass], str]


@never_cache
@require_GET
@of_teacher
def desk(request: HttpRequest, live_class: LiveClass) -> HttpResponse:
    """Show all a teacher and her assistant need while the class is on."""
    cursor = newest_event(str(live_class.uid))
    mode = {field: getattr(live_class, field) for field in ModeForm.base_fields}
    context = {
        "live_class": live_class,
        "page": class_page(live_class, None, timezone.now()),
        "panel": desk_panel(live_class),
        "mode_form": ModeForm(initial=mode),
        "check_form": CheckForm(initial={"client_token": uuid.uuid4()}),
        "stream": {**stream_of(request, live_class, Seat(is_teaching=True)), "cursor": cursor},
        "client_token": uuid.uuid4(),
        "can_make_lesson": can_make_lesson(request.user),
    }
    return allow_events(request, render(request, "livestream/class_desk.html", context))


@never_cache
@require_GET
@of_teacher
def panel(request: HttpRequest, live_class: LiveClass) -> HttpResponse:
    """Show the part of the desk that changes by itself."""
    return _panel(request, live_class)


def _panel(request: HttpRequest, live_class: LiveClass) -> HttpResponse:
    context = {
        "live_class": live_class,
        "page": class_page(live_class, None, timezone.now()),
        "panel": desk_panel(live_class),
    }
    return render(request, "livestream/_class_panel.html", context)


@require_POST
@of_teacher
def act(request: HttpRequest, live_class: LiveClass) -> HttpResponse:
    """Take one step of the desk and lead back to it; a script gets the part that changed."""
    step = _STEPS.get(request.POST.get("step", ""))
    said, is_refused = "", step is None
    if step:
        try:
            said = step(request, live_class)
        except LivestreamError as error:
            said, is_refused = str(error), True
    if request.headers.get("X-Desk") == "panel" and not is_refused:
        return _panel(request, live_class)
    if said:
        (messages.error if is_refused else messages.success)(request, said)
    return redirect("livestream:class_desk", live_class.uid)


def _begin(request: HttpRequest, live_class: LiveClass) -> str:
    begin_class(live_class=live_class)
    return _("The class has begun. Minutes count from now on.")


def _end(request: HttpRequest, live_class: LiveClass) -> str:
    end_class(live_class=live_class, by=visitor(request))
    return _("The class is over. Attendance is being written.")


def _mode(request: HttpRequest, live_class: LiveClass) -> str:
    form = ModeForm(request.POST)
    if form.is_valid():
        set_mode(live_class=live_class, by=visitor(request), **form.cleaned_data)
        return _("Saved.")
    raise LivestreamError(_("Something was missing. Please try again."))


def _on_message(service: Callable[..., None]) -> Step:
    def step(request: HttpRequest, live_class: LiveClass) -> str:
        rows = live_class.messages.select_related("author", "person", "live_class__session")
        message = get_object_or_404(
            rows.select_related("live_class__training_class"), pk=_number(request.POST.get("message"))
        )
        service(message=message, by=request.user)
        return ""

    return step


def _lower(request: HttpRequest, live_class: LiveClass) -> str:
    hand = get_object_or_404(live_class.hands.select_related("person"), pk=_number(request.POST.get("hand")))
    lower_hand(live_class=live_class, person=hand.person, by=visitor(request))
    return ""


def _ask(request: HttpRequest, live_class: LiveClass) -> str:
    form = CheckForm(request.POST)
    if not form.is_valid():
        raise LivestreamError(" ".join(str(error) for errors in form.errors.values() for error in errors))
    options, right = form.cleaned_data["options"]
    ask_check(
        live_class=live_class,
        by=visitor(request),
        question=form.cleaned_data["question"],
        options=options,
        right_option=right,
        client_token=form.cleaned_data["client_token"],
    )
    return _("The question is on everybody's screen.")


def _close(request: HttpRequest, live_class: LiveClass) -> str:
    check = get_object_or_404(live_class.checks, pk=_number(request.POST.get("check")))
    close_check(check=check)
    return ""


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


_STEPS: dict[str, Step] = {
    "begin": _begin,
    "end": _end,
    "mode": _mode,
    "hide": _on_message(hide_message),
    "restore": _on_message(restore_message),
    "mute": _on_message(mute_author),
    "unmute": _on_message(unmute_author),
    "lower": _lower,
    "ask": _ask,
    "close": _close,
}
