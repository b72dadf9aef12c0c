"""The people whom a keeper, a town or the office helps to sign in: cards, help, a new number."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry.adapter import open_assisted_session
from registry.card_sheets import keep_sheet, sheet_of
from registry.errors import RegistryError
from registry.forms.stations import AssistForm, NewNumberForm, SearchForm
from registry.masking import mask_phone
from registry.models import Person
from registry.queries.sign_in import good_card_of, people_to_help
from registry.services import assist_sign_in, cancel_card, issue_card, replace_phone
from registry.stations import device_of
from registry.views.sign_in import SignedInRequest
from registry.views.stations import for_helpers

PAGE_LENGTH = 50
_SHEET_LENGTH = 100


@for_helpers
@require_GET
def villagers(request: SignedInRequest, scopes: list[str]) -> HttpResponse:
    """List the people of her places, found by the beginning of their names."""
    form = SearchForm(request.GET)
    name = form.cleaned_data["name"] if form.is_valid() else ""
    people = people_to_help(scopes, timezone.localdate(), name=name)
    page = Paginator(people, PAGE_LENGTH).get_page(request.GET.get("page"))
    return render(request, "registry/station/villagers.html", {"form": form, "page_obj": page})


@for_helpers
@require_http_methods(["GET", "HEAD", "POST"])
def villager(request: SignedInRequest, scopes: list[str], uid: UUID) -> HttpResponse:
    """Show one of them and what can be done; a POST of `cancel` makes her card worthless."""
    person = _person(scopes, uid)
    if request.method == "POST":
        cancel_card(person=person, by=request.user, request=request)
        messages.success(request, _("The card is cancelled."))
        return redirect("registry:villager", uid)
    return _show(request, person)


@for_helpers
@require_POST
def assist(request: SignedInRequest, scopes: list[str], uid: UUID) -> HttpResponse:
    """Sign her in on this device; the helper's own session ends with it."""
    person = _person(scopes, uid)
    form = AssistForm(request.POST)
    if not form.is_valid():
        return _show(request, person, assist_form=form)
    device = device_of(request)
    try:
        assisted = assist_sign_in(
            person=person, by=request.user, device=device, request=request, **form.cleaned_data
        )
    except RegistryError as error:
        form.add_error(None, str(error))
        return _show(request, person, assist_form=form)
    logout(request)
    return open_assisted_session(request, assisted)


@for_helpers
@require_http_methods(["GET", "HEAD", "POST"])
def new_number(request: SignedInRequest, scopes: list[str], uid: UUID) -> HttpResponse:
    """Give her login a new number in place of a lost one."""
    person = _person(scopes, uid)
    form = NewNumberForm(request.POST or None)
    if form.is_valid():
        try:
            replace_phone(person=person, by=request.user, request=request, **form.cleaned_data)
        except RegistryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("From now on she signs in with the new number."))
            return redirect("registry:villager", uid)
    return render(request, "registry/station/new_number.html", {"person": person, "form": form})


@for_helpers
@require_POST
def issue_cards(request: SignedInRequest, scopes: list[str]) -> HttpResponse:
    """Make cards for those ticked, and lead to their sheet."""
    people = _ticked(scopes, request.POST.getlist("person"))
    if not people:
        messages.warning(request, _("Nobody was chosen."))
        return redirect("registry:villagers")
    issued = []
    for person in people:
        try:
            issued.append((issue_card(person=person, by=request.user, request=request), person))
        except RegistryError as error:
            messages.error(request, f"{person.name}: {error}")
    if not issued:
        return redirect("registry:villagers")
    return redirect("registry:card_sheet", keep_sheet(request.user, issued))


@for_helpers
@require_GET
def card_sheet(request: SignedInRequest, scopes: list[str], uid: UUID) -> HttpResponse:
    """Show the cards for printing, to whoever has just made them."""
    cards = sheet_of(request.user, uid)
    if cards is None:
        raise Http404
    return render(request, "registry/card/sheet.html", {"cards": cards})


def _person(scopes: list[str], uid: UUID) -> Person:
    return get_object_or_404(people_to_help(scopes, timezone.localdate()), uid=uid)


def _ticked(scopes: list[str], texts: list[str]) -> list[Person]:
    uids = []
    for text in texts[:_SHEET_LENGTH]:
        try:
            uids.append(UUID(text))
        except ValueError:
            continue
    return list(people_to_help(scopes, timezone.localdate()).filter(uid__in=uids))


def _show(request: SignedInRequest, person: Person, **forms: Any) -> HttpResponse:
    user = person.user
    context = {
        "person": person,
        "phone": mask_phone(user.phone) if user and user.phone_sealed else "",
        "card": good_card_of(user),
        "device": device_of(request),
        "assist_form": AssistForm(),
        **forms,
    }
    return render(request, "registry/station/villager.html", context)
