"""Follow-up: whom a coach goes on seeing, what the trained achieved, and who verified it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.errors import CourseError
from courses.forms.follow_up import ClaimForm, CoachForm, DecisionForm, EarlierForm, ShopForm, VisitForm
from courses.models import Outcome
from courses.permissions import follow_up_scopes
from courses.queries.follow_up import (
    coach_now,
    coached_by,
    coaches_in,
    completed_by,
    family_of,
    outcomes_of,
    outcomes_to_decide,
    shops_of,
    trained_people,
    visits_of,
)
from courses.services.follow_up import (
    assign_coach,
    claim_outcome,
    decide_outcome,
    end_coaching,
    link_shop,
    record_visit,
    say_earlier_business,
)
from courses.views.class_door import StaffRequest
from registry.capabilities import Capability
from registry.models import Person
from registry.permissions import may, scope_codes
from registry.queries.people_search import people_in

PAGE_LENGTH = 50


@never_cache
@login_required
@require_GET
def people(request: StaffRequest) -> HttpResponse:
    """List the trained of her region, or of them those she looks after or whose claims wait."""
    scopes = _scopes(request)
    today = timezone.localdate()
    shown = request.GET.get("show", "")
    may_verify = may(request.user, Capability.VERIFY_OUTCOME)
    claims = outcomes_to_decide(scope_codes(request.user, Capability.VERIFY_OUTCOME), today)
    rows: QuerySet[Any] = trained_people(scopes, today)
    if shown == "claims" and may_verify:
        rows = claims
    elif shown == "mine":
        rows = coached_by(request.user)
    else:
        shown = ""
    context = {
        "page_obj": Paginator(rows, PAGE_LENGTH).get_page(request.GET.get("page")),
        "shown": shown,
        "today": today,
        "may_verify": may_verify,
        "waiting": claims.count() if may_verify else 0,
        "may_coach": may(request.user, Capability.FOLLOW_UP),
    }
    return render(request, "courses/follow_up/people.html", context)


@never_cache
@login_required
@require_GET
def person(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Show what became of one of the trained."""
    return _show(request, _person(request, uid))


@login_required
@require_POST
def coach(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Give her a coach, or end the coaching when `end` was pressed."""
    somebody = _person(request, uid, Capability.VERIFY_OUTCOME)
    current = coach_now(somebody)
    if "end" in request.POST and current:
        end_coaching(assignment=current, by=request.user)
        messages.success(request, _("Nobody looks after her from now on."))
        return redirect("courses:followed", uid)
    form = CoachForm(request.POST, coaches=coaches_in(_scopes(request)))
    if form.is_valid():
        try:
            assign_coach(person=somebody, coach=form.chosen, by=request.user)
        except CourseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("From today on %(coach)s looks after her.") % {"coach": form.chosen})
            return redirect("courses:followed", uid)
    return _show(request, somebody, coach_form=form)


@login_required
@require_POST
def visit(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Write down a visit; only who looks after her can."""
    somebody = _person(request, uid, Capability.FOLLOW_UP)
    assignment = coach_now(somebody)
    if assignment is None or assignment.coach_id != request.user.pk:
        raise Http404
    form = VisitForm(request.POST)
    if form.is_valid():
        try:
            record_visit(
                assignment=assignment,
                seen=form.seen,
                by=request.user,
                client_token=form.cleaned_data["client_token"],
            )
        except CourseError as refusal:
            form.add_error("visited_on", str(refusal))
        else:
            messages.success(request, _("The visit is in the log."))
            return redirect("courses:followed", uid)
    return _show(request, somebody, visit_form=form)


@login_required
@require_POST
def shop(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Link a shop of hers for her."""
    somebody = _person(request, uid, Capability.FOLLOW_UP)
    form = ShopForm(request.POST)
    if form.is_valid():
        try:
            link_shop(person=somebody, by=request.user, **form.cleaned_data)
        except CourseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The shop is linked."))
            return redirect("courses:followed", uid)
    return _show(request, somebody, shop_form=form)


@login_required
@require_POST
def claim(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Write down what she achieved; somebody else verifies it."""
    somebody = _person(request, uid, Capability.FOLLOW_UP)
    form = _claim_form(somebody, request)
    if form.is_valid():
        try:
            claim_outcome(
                person=somebody,
                claim=form.claim,
                by=request.user,
                client_token=form.cleaned_data["client_token"],
                picture=form.cleaned_data["picture"],
            )
        except CourseError as refusal:
            form.add_error("happened_on", str(refusal))
        else:
            messages.success(request, _("Saved. It counts when somebody else has verified it."))
            return redirect("courses:followed", uid)
    return _show(request, somebody, claim_form=form)


@login_required
@require_POST
def earlier(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Note whether she sold online before a class."""
    somebody = _person(request, uid, Capability.FOLLOW_UP)
    form = EarlierForm(request.POST, enrolments=completed_by(somebody))
    if form.is_valid():
        say_earlier_business(by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
    return redirect("courses:followed", uid)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Show a claim with its proof; verify it or say that it could not be confirmed."""
    claimed = _outcome(request, uid, Capability.VERIFY_OUTCOME)
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        try:
            decide_outcome(outcome=claimed, by=request.user, **form.cleaned_data)
        except CourseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("courses:follow_up")
    return render(request, "courses/follow_up/outcome.html", {"outcome": claimed, "form": form})


@login_required
@require_GET
def outcome_picture(request: StaffRequest, uid: UUID) -> FileResponse:
    """Hand out the picture of a claim to who may verify it or look after her."""
    claimed = _outcome(request, uid, Capability.VERIFY_OUTCOME, Capability.FOLLOW_UP)
    if not claimed.picture:
        raise Http404
    return FileResponse(claimed.picture.open(), content_type="image/jpeg")


def _scopes(request: StaffRequest, *capabilities: Capability) -> list[str]:
    scopes = follow_up_scopes(request.user, *capabilities)
    if not scopes:
        raise Http404
    return scopes


def _person(request: StaffRequest, uid: UUID, *capabilities: Capability) -> Person:
    return get_object_or_404(trained_people(_scopes(request, *capabilities), timezone.localdate()), uid=uid)


def _outcome(request: StaffRequest, uid: UUID, *capabilities: Capability) -> Outcome:
    here = people_in(_scopes(request, *capabilities), timezone.localdate())
    outcomes = Outcome.objects.select_related("person", "operator", "shop", "claimed_by")
    return get_object_or_404(outcomes, uid=uid, person__in=here)


def _claim_form(somebody: Person, request: StaffRequest | None = None) -> ClaimForm:
    given = (request.POST, request.FILES) if request else ()
    return ClaimForm(*given, shops=shops_of(somebody), family=family_of(somebody, timezone.localdate()))


def _show(request: StaffRequest, somebody: Person, **forms: Any) -> HttpResponse:
    assignment = coach_now(somebody)
    may_follow = may(request.user, Capability.FOLLOW_UP)
    context = {
        "person": somebody,
        "assignment": assignment,
        "is_coach": bool(may_follow and assignment and assignment.coach_id == request.user.pk),
        "may_follow": may_follow,
        "may_verify": may(request.user, Capability.VERIFY_OUTCOME),
        "completed": completed_by(somebody),
        "visits": visits_of(somebody),
        "shops": shops_of(somebody),
        "outcomes": outcomes_of(somebody),
        "coach_form": CoachForm(coaches=coaches_in(_scopes(request))),
        "visit_form": VisitForm(initial={"visited_on": timezone.localdate()}),
        "shop_form": ShopForm(),
        "claim_form": _claim_form(somebody),
        **forms,
    }
    return render(request, "courses/follow_up/person.html", context)
