"""The class desk: list, plan, the class with its timetable and roster, and the steps it goes through."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.errors import CourseError
from courses.forms.classes import (
    ApprovalForm,
    CapacityForm,
    PlanForm,
    ReasonForm,
    SittingForm,
    TeacherForm,
)
from courses.models import TrainingClass
from courses.permissions import (
    can_read_papers,
    class_reach,
    enrolling_scopes,
    may_in_class,
    planning_reach,
    sees_names_in,
)
from courses.queries.classes import classes_within, places_to_choose, with_places
from courses.queries.rosters import roster_rows
from courses.queries.sittings import timetable_of
from courses.queries.teachers import accounts_to_teach
from courses.services import (
    approve_class,
    cancel_class,
    change_plan,
    check_class,
    plan_class,
    send_back_class,
    submit_class,
)
from courses.views.class_door import StaffRequest, attempt, for_class
from registry.capabilities import Capability
from registry.permissions import may

PAGE_LENGTH = 24
C, State = Capability, TrainingClass.State
# What is done next in each state, and who may: (step, capability).
STEPS = {
    "planned": [("submit", C.ENTER_CLASS_DATA), ("cancel", C.APPROVE_CLASS)],
    "submitted": [
        ("check", C.CHECK_CLASS_ROSTER),
        ("send_back", C.CHECK_CLASS_ROSTER),
        ("cancel", C.APPROVE_CLASS),
    ],
    "checked": [
        ("approve", C.APPROVE_CLASS),
        ("send_back", C.APPROVE_CLASS),
        ("cancel", C.APPROVE_CLASS),
    ],
    "open": [("close", C.CLOSE_CLASS), ("cancel", C.APPROVE_CLASS)],
}


@never_cache
@login_required
@require_GET
def class_list(request: StaffRequest) -> HttpResponse:
    """List the taught classes she works for or sends people to, by state if one is chosen."""
    reach = class_reach(request.user)
    if not reach:
        raise Http404
    found = classes_within(reach.codes, reach.training_bodies)
    state = request.GET.get("state", "")
    if state in TrainingClass.State.values:
        found = found.filter(state=state)
    context = {
        "page_obj": Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page")),
        "states": TrainingClass.State.choices,
        "state": state,
        "may_plan": bool(planning_reach(request.user)),
        "may_import": may(request.user, Capability.IMPORT_ROSTER),
    }
    return render(request, "courses/classes/list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: StaffRequest) -> HttpResponse:
    """Plan a class."""
    form = _plan_form(request)
    if form.is_valid():
        made = plan_class(
            course=form.cleaned_data["course"], place=form.chosen_place, plan=form.plan, by=request.user
        )
        messages.success(request, _("The class is planned. Now add its sittings."))
        return redirect("courses:class", made.uid)
    return render(request, "courses/classes/plan.html", {"form": form})


@for_class(C.ENTER_CLASS_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: StaffRequest, training_class: TrainingClass) -> HttpResponse:
    """Change a plan that is not submitted; course and place stay, they are in its number."""
    form = _plan_form(request, training_class)
    if form.is_valid():
        try:
            change_plan(training_class=training_class, plan=form.plan, by=request.user)
        except CourseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The plan is saved."))
            return redirect("courses:class", training_class.uid)
    return render(request, "courses/classes/plan.html", {"form": form, "training_class": training_class})


@for_class()
@require_GET
def show(request: StaffRequest, training_class: TrainingClass) -> HttpResponse:
    """Show a class: what comes next, its plan, timetable and roster."""
    return show_class(request, training_class)


@for_class()
@require_POST
def step(request: StaffRequest, training_class: TrainingClass, name: str) -> HttpResponse:
    """Take one step of the class; who may not take it now finds nothing."""
    if name == "close" or name not in _open_steps(request, training_class):
        raise Http404
    if name in ("send_back", "cancel"):
        return _step_with_reason(request, training_class, name)
    if name == "approve":
        return _approve(request, training_class)
    action, said = {
        "submit": (submit_class, _("The class is submitted. The town checks its roster next.")),
        "check": (check_class, _("The roster is checked. The office approves next.")),
    }[name]
    return attempt(
        request,
        lambda: action(training_class=training_class, by=request.user),
        said,
        "courses:class",
        training_class.uid,
    )


def show_class(request: StaffRequest, training_class: TrainingClass, **forms: Form) -> HttpResponse:
    """Render the page of a class, with a form that was not filled in rightly."""
    may_enter = may_in_class(request.user, C.ENTER_CLASS_DATA, training_class)
    scopes = enrolling_scopes(request.user)
    sees_all = sees_names_in(request.user, training_class)
    counted = with_places(TrainingClass.objects.filter(pk=training_class.pk)).get()
    context: dict[str, Any] = {
        "training_class": training_class,
        "taken": counted.taken,  # type: ignore[attr-defined]
        "waiting": training_class.waiting_places.filter(state="waiting").select_related("person"),
        "sittings": timetable_of(training_class),
        "rows": roster_rows(training_class, sees_all=sees_all, scopes=scopes),
        "steps": _open_steps(request, training_class),
        "may_enter": may_enter,
        "may_read_papers": can_read_papers(request.user, training_class),
        "sees_all": sees_all,
        "may_enrol": bool(scopes) and training_class.state not in ("closed", "cancelled"),
        "reason_form": ReasonForm(),
        "approval_form": ApprovalForm(),
        "sitting_form": SittingForm(),
        "capacity_form": CapacityForm(initial={"capacity": training_class.capacity}),
        "teacher_form": TeacherForm(
            accounts=accounts_to_teach(training_class), initial={"account": training_class.lead_account_id}
        ),
        "may_change_capacity": training_class.state == State.OPEN
        and may_in_class(request.user, C.APPROVE_CLASS, training_class),
        "may_name_teacher": may_enter and training_class.state not in (State.CLOSED, State.CANCELLED),
        **forms,
    }
    return render(request, "courses/classes/class.html", context)


def _open_steps(request: StaffRequest, training_class: TrainingClass) -> list[str]:
    steps = STEPS.get(training_class.state, [])
    return [name for name, capability in steps if may_in_class(request.user, capability, training_class)]


def _step_with_reason(request: StaffRequest, training_class: TrainingClass, name: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show_class(request, training_class, reason_form=form)
    action, said = {
        "send_back": (send_back_class, _("The plan went back to whoever made it.")),
        "cancel": (cancel_class, _("The class is cancelled. Nothing of it counts.")),
    }[name]
    reason = form.cleaned_data["reason"]
    return attempt(
        request,
        lambda: action(training_class=training_class, reason=reason, by=request.user),
        said,
        "courses:class",
        training_class.uid,
    )


def _approve(request: StaffRequest, training_class: TrainingClass) -> HttpResponse:
    form = ApprovalForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_class(request, training_class, approval_form=form)
    return attempt(
        request,
        lambda: approve_class(training_class=training_class, by=request.user, **form.cleaned_data),
        _("The class is approved. People may join it now."),
        "courses:class",
        training_class.uid,
    )


def _plan_form(request: HttpRequest, training_class: TrainingClass | None = None) -> PlanForm:
    reach = planning_reach(request.user)
    if not reach:
        raise Http404
    codes = [code for code in reach.codes if code] or [str(settings.HOME_COUNTY)]
    if training_class:
        codes = [training_class.place_code]
    places = list(places_to_choose(codes, timezone.localdate()).select_related("region"))
    is_body = bool(reach.training_bodies) and not reach.codes
    form = PlanForm(
        request.POST or None,
        places=places,
        bodies=reach.training_bodies,
        is_body=is_body,
        initial=PlanForm.initial_of(training_class) if training_class else None,
    )
    if training_class:
        for name in ("course", "place"):
            form.fields[name].disabled = True
    return form
