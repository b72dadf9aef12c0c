"""What a trainee says herself about what she sells: her shops, what she achieved, her income if she likes."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses.errors import CourseError
from courses.forms.follow_up import ClaimForm, IncomeForm, ShopForm
from courses.queries.follow_up import completed_by, outcomes_of, shops_of
from courses.services.follow_up import claim_outcome, declare_income, delete_income, link_shop, unlink_shop
from courses.views.class_door import StaffRequest
from registry.models import Person
from registry.queries.people import introduction_of, person_of

P = ParamSpec("P")
TraineeView = Callable[Concatenate[StaffRequest, Person, P], HttpResponse]


def for_trainee(view: TraineeView[P]) -> Callable[..., HttpResponse]:
    """Give the view who the visitor is; one we do not know yet says so first."""

    @never_cache
    @login_required
    @wraps(view)
    def wrapper(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = person_of(request.user)
        if person is None:
            return redirect(introduction_of(request.user))
        return view(request, person, *args, **kwargs)

    return wrapper


@require_http_methods(["GET", "HEAD", "POST"])
@for_trainee
def mine(request: StaffRequest, person: Person) -> HttpResponse:
    """Show her shops and what she said she achieved; a POST links a shop."""
    form = ShopForm(request.POST or None)
    if form.is_valid():
        try:
            link_shop(person=person, by=request.user, **form.cleaned_data)
        except CourseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The shop is linked."))
            return redirect("courses:my_shop")
    return _show(request, person, shop_form=form)


@require_POST
@login_required
def take_off(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Take one of her own shop links off."""
    person = person_of(request.user)
    if person is None:
        raise Http404
    unlink_shop(shop=get_object_or_404(shops_of(person), uid=uid))
    messages.success(request, _("The link is taken off."))
    return redirect("courses:my_shop")


@require_POST
@for_trainee
def claim(request: StaffRequest, person: Person) -> HttpResponse:
    """Say what she achieved; the office looks into it."""
    form = ClaimForm(request.POST, request.FILES, shops=shops_of(person))
    if form.is_valid():
        try:
            claim_outcome(
                person=person,
                claim=form.claim,
                by=request.user,
                client_token=form.cleaned_data["client_token"],
                picture=form.cleaned_data["picture"],
            )
        except CourseError as refusal:
            form.add_error("happened_on", str(refusal))
        else:
            messages.success(request, _("Thank you. The office looks into it and may call you."))
            return redirect("courses:my_shop")
    return _show(request, person, claim_form=form)


@require_POST
@for_trainee
def income(request: StaffRequest, person: Person) -> HttpResponse:
    """Keep the income bands she declares for a class, or delete all of them when `delete` was pressed."""
    if "delete" in request.POST:
        delete_income(person=person)
        messages.success(request, _("What you said about your income is deleted."))
        return redirect("courses:my_shop")
    form = IncomeForm(request.POST, enrolments=completed_by(person))
    if form.is_valid():
        for moment in ("before", "after"):
            if form.cleaned_data[moment] is not None:
                declare_income(
                    enrolment=form.cleaned_data["enrolment"], moment=moment, band=form.cleaned_data[moment]
                )
        messages.success(request, _("Saved."))
    return redirect("courses:my_shop")


def _show(request: StaffRequest, person: Person, **forms: Any) -> HttpResponse:
    completed = list(completed_by(person))
    context = {
        "shops": shops_of(person),
        "outcomes": outcomes_of(person),
        "shop_form": ShopForm(),
        "claim_form": ClaimForm(shops=shops_of(person)),
        "income_forms": [(each, _income_form(each)) for each in completed[:1]],
        "has_declared": any(each.income_declarations.all() for each in completed),
        **forms,
    }
    return render(request, "courses/my_shop.html", context)


def _income_form(enrolment: Any) -> IncomeForm:
    said = {each.moment: each.band for each in enrolment.income_declarations.all()}
    return IncomeForm(initial={"enrolment": enrolment, **said}, enrolments=completed_by(enrolment.person))
