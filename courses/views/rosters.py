"""People on the roster of a class: found and put on it, taken off, marked."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.errors import CourseError
from courses.forms.classes import MarkForm, PersonSearchForm, ReasonForm, SeatForm
from courses.models import Enrolment, TrainingClass, WaitingPlace
from courses.permissions import enrolling_scopes
from courses.services import give_up_place, stop_waiting, take_down_mark, take_place
from courses.views.class_door import StaffRequest, attempt, for_class
from registry.capabilities import Capability
from registry.models import Person
from registry.queries.people_search import find_people, people_in, village_names

C = Capability
_MOST_FOUND = 20


@for_class()
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: StaffRequest, training_class: TrainingClass) -> HttpResponse:
    """Find people of her region and put them on the roster."""
    scopes = enrolling_scopes(request.user)
    if not scopes:
        raise Http404
    if request.method == "POST":
        return _seat(request, training_class, scopes)
    form = PersonSearchForm(request.GET or None)
    found: list[Person] = []
    today = timezone.localdate()
    if form.is_valid():
        given = form.cleaned_data
        found = find_people(scopes, today, name=given["name"], number=given["number"], most=_MOST_FOUND)
    villages = village_names(found, today)
    seated = set(
        training_class.enrolments.filter(withdrawn_at__isnull=True, person__in=found).values_list(
            "person", flat=True
        )
    )
    context = {
        "training_class": training_class,
        "form": form,
        "asked": form.is_bound,
        "found": [(each, villages.get(each.village_id or 0, ""), each.pk in seated) for each in found],
        "categories": Enrolment.Category.choices,
    }
    return render(request, "courses/classes/enrol.html", context)


@for_class()
@require_POST
def give_up(request: StaffRequest, training_class: TrainingClass, place: UUID) -> HttpResponse:
    """Free a place nobody used, for people of her region."""
    scopes = enrolling_scopes(request.user)
    people = people_in(scopes, timezone.localdate())
    enrolment = get_object_or_404(
        training_class.enrolments.select_related("training_class"), uid=place, person__in=people
    )
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return attempt(
        request,
        lambda: give_up_place(enrolment=enrolment, reason=reason, by=request.user),
        _("The place is free."),
        "courses:class",
        training_class.uid,
    )


@for_class()
@require_POST
def leave_queue(request: StaffRequest, training_class: TrainingClass, pk: int) -> HttpResponse:
    """Take somebody of her region off the waiting list."""
    people = people_in(enrolling_scopes(request.user), timezone.localdate())
    waiting = get_object_or_404(training_class.waiting_places, pk=pk, person__in=people)
    return attempt(
        request,
        lambda: stop_waiting(waiting=waiting),
        _("Off the waiting list."),
        "courses:class",
        training_class.uid,
    )


@for_class(C.ENTER_CLASS_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: StaffRequest, training_class: TrainingClass, place: UUID) -> HttpResponse:
    """Take down the mark of somebody's practical test."""
    enrolment = get_object_or_404(training_class.enrolments.select_related("person"), uid=place)
    newest = enrolment.practical_marks.first()
    initial = {"mark": newest.mark, "has_red_line": newest.has_red_line} if newest else {}
    form = MarkForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            take_down_mark(enrolment=enrolment, marker=request.user, **form.cleaned_data)
        except CourseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The mark is noted."))
            return redirect("courses:class", training_class.uid)
    context = {"training_class": training_class, "enrolment": enrolment, "form": form}
    return render(request, "courses/classes/mark.html", context)


def _seat(request: StaffRequest, training_class: TrainingClass, scopes: list[str]) -> HttpResponse:
    form = SeatForm(request.POST)
    if not form.is_valid():
        raise Http404
    people = people_in(scopes, timezone.localdate())
    person = get_object_or_404(people, uid=form.cleaned_data["person"])
    try:
        taken = take_place(
            training_class=training_class,
            person=person,
            category=form.cleaned_data["category"],
            by=request.user,
        )
    except CourseError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _said(person, taken))
    return redirect("courses:class_enrol", training_class.uid)


def _said(person: Person, taken: Enrolment | WaitingPlace) -> str:
    if isinstance(taken, WaitingPlace):
        return _("The class is full. %(name)s is on the waiting list.") % {"name": person.name}
    return _("%(name)s has place %(seat)s.") % {"name": person.name, "seat": taken.seat}
