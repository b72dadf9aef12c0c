"""Staff's pages about a person: finding her, what we hold, and her numbers for five minutes.

Somebody outside the reader's regions and somebody who does not exist give the same answer, 404.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry.errors import RegistryError
from registry.forms.people import PeopleSearchForm, RevealForm
from registry.masking import mask_id_number, mask_phone
from registry.models import Person, RevealGrant, User
from registry.permissions import can_record_consent, can_see_place, people_scopes
from registry.queries.audit import region_code_of
from registry.queries.people_search import find_people, village_names
from registry.queries.person_page import person_page
from registry.services import can_reveal, reveal_id_number, reveal_phone, revealed_until

_MOST = 50
_REVEAL = {RevealGrant.Field.ID_NUMBER: reveal_id_number, RevealGrant.Field.PHONE: reveal_phone}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people_search(request: HttpRequest) -> HttpResponse:
    """Ask for a name or number, and list who bears it in the reader's regions."""
    scopes = reader_scopes(request)
    form = PeopleSearchForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        today = timezone.localdate()
        found = find_people(scopes, today, most=_MOST + 1, **form.cleaned_data)
        names = village_names(found, today)
        rows = [_row(person, names.get(person.village_id or 0, "")) for person in found[:_MOST]]
        context |= {"rows": rows, "is_cut": len(found) > _MOST, "is_asked": True}
    return render(request, "registry/admin/reveal_search.html", context)


@never_cache
@require_GET
def person_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What we hold about her, numbers masked but those the reader gave a reason for within five minutes."""
    person = person_in_reach(request, uid)
    return _page(request, person, RevealForm())


@never_cache
@require_POST
def person_reveal(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Log the reason and show the number; a refusal says why."""
    person = person_in_reach(request, uid)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return _page(request, person, form)
    reveal = _REVEAL[RevealGrant.Field(form.cleaned_data["field"])]
    try:
        reveal(actor=staff(request), person=person, reason=form.told, request=request)
    except RegistryError as refusal:
        messages.error(request, str(refusal))
    return redirect("person_detail", uid=uid)


def reader_scopes(request: HttpRequest) -> list[str]:
    """Return the regions whose people the reader may look up; 404 for anybody else."""
    scopes = people_scopes(request.user)
    if not scopes:
        raise Http404
    return scopes


def person_in_reach(request: HttpRequest, uid: UUID) -> Person:
    """Return the person if she lives in the reader's regions today; 404 otherwise."""
    person = Person.objects.select_related("user", "village").filter(uid=uid).first()
    scopes = reader_scopes(request)
    if person is None or not can_see_place(scopes, region_code_of(person, timezone.localdate())):
        raise Http404
    return person


def staff(request: HttpRequest) -> User:
    """Return the signed-in member of staff."""
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return request.user


def _row(person: Person, village: str) -> dict[str, object]:
    return {
        "person": person,
        "village": village,
        "id_number": mask_id_number(person.id_number) or person.temporary_number or "",
        "phone": mask_phone(person.phone),
    }


def _page(request: HttpRequest, person: Person, form: RevealForm) -> HttpResponse:
    now = timezone.now()
    actor = staff(request)
    numbers = [_number(actor, person, field, form, now) for field in RevealGrant.Field]
    page = person_page(person, timezone.localdate(now))
    context = {
        "page": page,
        "numbers": numbers,
        "can_reveal": can_reveal(actor, person, now),
        "can_record": can_record_consent(actor, page.code),
    }
    response = render(request, "registry/admin/reveal_person.html", context)
    if shown := [number["until"] for number in numbers if number["until"]]:
        # Hides the number again when the leave ends, without JavaScript too.
        response["Refresh"] = str(max(1, int((min(shown) - now).total_seconds()) + 1))
    return response


def _number(actor: User, person: Person, field: str, form: RevealForm, now: datetime) -> dict[str, Any]:
    """One number: masked, in clear with the end of its leave, or with the form that asks why."""
    clear = person.id_number if field == RevealGrant.Field.ID_NUMBER else person.phone
    mask = mask_id_number if field == RevealGrant.Field.ID_NUMBER else mask_phone
    until = revealed_until(actor=actor, person=person, field=field, now=now)
    is_asked = form.is_bound and form.data.get("field") == field
    return {
        "field": field,
        "label": RevealGrant.Field(field).label,
        "text": clear.removeprefix("+86") if until else mask(clear),
        "has_number": bool(clear),
        "until": until,
        "form": form if is_asked else RevealForm(initial={"field": field}, auto_id=f"{field}_%s"),
    }
