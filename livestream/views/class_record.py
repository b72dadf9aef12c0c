"""What is left of a live class: who was there, people at a station's screen, and the lesson made of it."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from livestream.class_permissions import can_make_lesson, taught_by
from livestream.errors import LivestreamError
from livestream.models import LiveClass
from livestream.queries.class_page import state_of
from livestream.queries.viewers import attendance_rows, people_to_seat, seated_at
from livestream.services.class_lesson import make_lesson
from livestream.services.viewers import leave_station, seat_at_station
from livestream.views.class_access import of_counter, of_keeper, of_teacher, visitor
from registry.capabilities import Capability
from registry.models import Person
from registry.permissions import scope_codes
from registry.stations import device_of


@never_cache
@require_GET
@of_counter
def attendance(request: HttpRequest, live_class: LiveClass) -> HttpResponse:
    """Show who followed for how long, and what of it stands in the ledger; names in full for the teachers."""
    now = timezone.now()
    is_teacher = taught_by(visitor(request)).filter(pk=live_class.pk).exists()
    rows = attendance_rows(live_class, now, with_names=is_teacher)
    context = {
        "live_class": live_class,
        "rows": rows,
        "state": state_of(live_class, now),
        "is_teacher": is_teacher,
        "counted": sum(1 for row in rows if row.is_enrolled),
    }
    return render(request, "livestream/class_attendance.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@of_keeper
def station(request: HttpRequest, live_class: LiveClass) -> HttpResponse:
    """Let the keeper say who sits before the station's screen: each by name, coming and going."""
    device = device_of(request)
    if request.method == "POST":
        person = _person(request, live_class)
        try:
            if request.POST.get("step") == "leave" and device:
                leave_station(live_class=live_class, device=device, person=person)
            else:
                seat_at_station(live_class=live_class, device=device, person=person, by=visitor(request))
        except LivestreamError as error:
            messages.error(request, str(error))
        return redirect("livestream:class_station", live_class.uid)
    seated = seated_at(live_class, device.pk) if device else []
    context = {
        "live_class": live_class,
        "device": device,
        "seated": seated,
        "people": people_to_seat(live_class, _scopes(request), [each.person_id for each in seated]),
        "is_open": live_class.is_open(timezone.now()),
    }
    return render(request, "livestream/class_station.html", context)


@require_POST
@of_teacher
def lesson(request: HttpRequest, live_class: LiveClass) -> HttpResponse:
    """Make a draft lesson of the recording and hand it to whoever approves."""
    if not can_make_lesson(request.user):
        raise Http404
    try:
        make_lesson(live_class=live_class, by=visitor(request))
    except LivestreamError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The lesson is drafted and waits for approval."))
    return redirect("livestream:class_desk", live_class.uid)


def _scopes(request: HttpRequest) -> list[str]:
    return scope_codes(request.user, Capability.ASSIST_SIGN_IN)


def _person(request: HttpRequest, live_class: LiveClass) -> Person:
    """Return somebody the keeper may seat; everybody else is not there."""
    try:
        uid = uuid.UUID(request.POST.get("person", ""))
    except ValueError:
        raise Http404 from None
    people = people_to_seat(live_class, _scopes(request), [])
    person = next((each for each in people if each.uid == uid), None)
    if person is None:
        raise Http404
    return person
