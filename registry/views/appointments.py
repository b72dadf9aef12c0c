"""The officials' roster in the Wagtail admin: who works where as what, and appointing, moving, ending.

Somebody else's appointment and one that does not exist give the same answer, 404.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from wagtail import hooks

from registry.capabilities import Capability
from registry.forms.appointments import AppointForm, EndForm, RosterFilter, TransferForm
from registry.models import Appointment, User
from registry.permissions import may
from registry.queries.officials import (
    OfficialLine,
    official_lines,
    officials_within,
    regions_to_appoint_in,
    search_officials,
)
from registry.views.access import user_who_may

_PAGE_SIZE = 25


@require_GET
def appointment_list(request: HttpRequest) -> HttpResponse:
    """The roster of her region, with what each did as the records of classes say."""
    user = user_who_may(request, Capability.READ_OFFICIALS)
    form = RosterFilter(request.GET.dict())
    asked = form.cleaned_data if form.is_valid() else {"q": "", "role": "", "state": "current"}
    found = search_officials(
        officials_within(user), text=asked["q"], role=asked["role"], state=asked["state"]
    )
    page = Paginator(found, _PAGE_SIZE).get_page(request.GET.get("p"))
    appointments = list(page.object_list)
    done = _achievements(appointments)
    context = {
        "form": form,
        "page": page,
        "rows": [(line, done.get(line.appointment.pk)) for line in official_lines(appointments, user)],
        "may_appoint": may(user, Capability.APPOINT),
        "query": _query(request),
    }
    return render(request, "registry/admin/appointments_list.html", context)


@require_http_methods(["GET", "POST"])
def appointment_new(request: HttpRequest) -> HttpResponse:
    """The form to appoint somebody."""
    user = user_who_may(request, Capability.APPOINT)
    form = AppointForm(request.POST or None, by=user)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("The appointment is recorded."))
        return redirect("appointment_list")
    context = {
        "form": form,
        "regions": regions_to_appoint_in(user),
        "title": _("Appoint somebody"),
        "explanation": _("The role says what she may do, the region where. It is written in the log."),
        "button": _("Appoint"),
    }
    return render(request, "registry/admin/appointments_form.html", context)


@require_http_methods(["GET", "POST"])
def appointment_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for the same role elsewhere: closes this appointment and opens another."""
    user, line = _hers_to_change(request, pk)
    place = {"region": line.place.code} if line.place else {}
    form = TransferForm(request.POST or None, by=user, appointment=line.appointment, initial=place)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("The transfer is recorded: the old appointment stays in the roster."))
        return redirect("appointment_list")
    context = {
        "form": form,
        "line": line,
        "regions": regions_to_appoint_in(user),
        "title": _("Transfer"),
        "explanation": _(
            "The present appointment ends on that day, and a new one of the same role begins. "
            "Nothing is overwritten."
        ),
        "button": _("Transfer"),
    }
    return render(request, "registry/admin/appointments_form.html", context)


@require_http_methods(["GET", "POST"])
def appointment_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the day, and end it."""
    user, line = _hers_to_change(request, pk)
    form = EndForm(request.POST or None, by=user, appointment=line.appointment)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("The end is recorded."))
        return redirect("appointment_list")
    context = {
        "form": form,
        "line": line,
        "title": _("End the appointment"),
        "explanation": _("It stays in the roster with its dates. What she did remains hers."),
        "button": _("End the appointment"),
    }
    return render(request, "registry/admin/appointments_form.html", context)


def _hers_to_change(request: HttpRequest, pk: int) -> tuple[User, OfficialLine]:
    """Return the official and an appointment she may end, or answer 404."""
    user = user_who_may(request, Capability.APPOINT)
    appointment = get_object_or_404(officials_within(user, Capability.APPOINT), pk=pk)
    (line,) = official_lines([appointment], user)
    if not line.may_change:
        raise Http404
    return user, line


def _achievements(appointments: list[Appointment]) -> dict[int, Any]:
    """Ask the apps above, which know classes, what was done: computed, never typed in."""
    done: dict[int, Any] = {}
    for achievements_of in hooks.get_hooks("achievements_of_officials"):
        done |= achievements_of(appointments)
    return done


def _query(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("p", None)
    return asked.urlencode()
