"""Consents: her own page with a switch an item, and the staff's page for paper and spoken ones."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from registry.consent_effects import AGREED, REFUSED, TITLES
from registry.errors import RegistryError
from registry.forms.consents import ConsentSheetForm, ConsentWithdrawalForm
from registry.models import Consent, Person
from registry.permissions import can_record_consent
from registry.queries.audit import region_code_of
from registry.queries.consent import (
    consents_of,
    current_consent_text,
    has_been_asked,
    needs_guardian,
    open_consents,
)
from registry.queries.people import introduction_of, person_of
from registry.queries.requests import requests_of
from registry.scans import type_of_scan
from registry.services import give_consent, withdraw_consent
from registry.views.reveal import person_in_reach, staff
from registry.views.sign_in import SignedInRequest, onward


def asking_consent(request: HttpRequest) -> str:
    """Return the page that asks somebody new once and leads on to where she was going, or that place."""
    person = person_of(request.user)
    if person is None or has_been_asked(person):
        return onward(request)
    return f"{reverse('registry:privacy')}?{urlencode({'next': onward(request)})}"


@login_required
@never_cache
@require_safe
def privacy(request: SignedInRequest) -> HttpResponse:
    """Show what she agreed to, a switch an item, and what a yes or a no changes."""
    person = person_of(request.user)
    if person is None:
        return render(
            request, "registry/privacy/unknown.html", {"introduction": introduction_of(request.user)}
        )
    text = current_consent_text(get_language() or "")
    context = {
        "person": person,
        "introduction": text.introduction,
        "switches": _switches(person, text.items),
        "needs_guardian": needs_guardian(person, timezone.localdate()),
        "next": onward(request) if "next" in request.GET else "",
        "requests": requests_of(person),
        "now": timezone.now(),
    }
    return render(request, "registry/privacy/mine.html", context)


@login_required
@require_POST
def consent_switch(request: SignedInRequest) -> HttpResponse:
    """Give or take back one item; both take one press."""
    person, item = person_of(request.user), request.POST.get("item", "")
    if person is None or item not in Consent.Item.values:
        raise Http404
    given = {"person": person, "items": [item], "channel": Consent.Channel.SELF, "recorded_by": request.user}
    try:
        if request.POST.get("agree") == "1":
            give_consent(text=current_consent_text(get_language() or ""), request=request, **given)  # type: ignore[arg-type]
            said, effect = _("You agree."), AGREED[item]
        else:
            withdraw_consent(request=request, **given)  # type: ignore[arg-type]
            said, effect = _("Taken back."), REFUSED[item]
    except RegistryError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{said} {effect}")
    query = f"?{urlencode({'next': onward(request)})}" if "next" in request.POST else ""
    return redirect(f"{reverse('registry:privacy')}{query}#{item}")


def consent_desk(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Record a signed sheet or what was said before two witnesses, and list every sheet."""
    person = _recordable(request, uid)
    form = ConsentSheetForm(request.POST or None, request.FILES or None, text=current_consent_text("zh-hans"))
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and form.save(person=person, by=staff(request), request=request):
        messages.success(request, _("The consent is recorded."))
        return redirect("consent_desk", uid=uid)
    return _desk(request, person, form)


@require_POST
def consent_withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Record that she took something back; it holds at once."""
    person = _recordable(request, uid)
    form = ConsentWithdrawalForm(request.POST, open_items=list(open_consents(person)))
    if form.is_valid():
        form.save(person=person, by=staff(request), request=request)
        messages.success(request, _("Taken back. It holds from today."))
        return redirect("consent_desk", uid=uid)
    text = current_consent_text("zh-hans")
    return _desk(request, person, ConsentSheetForm(text=text), withdrawal=form)


@require_GET
def consent_scan(request: HttpRequest, uid: UUID) -> FileResponse:
    """Hand out the scanned sheet to whoever may record consents where she lives."""
    sheet = get_object_or_404(Consent.objects.select_related("person"), uid=uid)
    _recordable(request, sheet.person.uid)
    if not sheet.scan or not sheet.scan.storage.exists(sheet.scan.name or ""):
        raise Http404
    file = sheet.scan.open("rb")
    media_type, suffix = type_of_scan(file.read(5))
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=f"{sheet.given_on}{suffix}")
    response["Content-Type"] = media_type
    response["Cache-Control"] = "no-store"
    return response


def _recordable(request: HttpRequest, uid: UUID) -> Person:
    person = person_in_reach(request, uid)
    if not can_record_consent(request.user, region_code_of(person, timezone.localdate())):
        raise Http404
    return person


def _desk(
    request: HttpRequest,
    person: Person,
    form: ConsentSheetForm,
    withdrawal: ConsentWithdrawalForm | None = None,
) -> HttpResponse:
    open_items = list(open_consents(person))
    context = {
        "person": person,
        "form": form,
        "withdrawal": withdrawal or ConsentWithdrawalForm(open_items=open_items),
        "has_open": bool(open_items),
        "sheets": [(sheet, _items_of(sheet)) for sheet in consents_of(person)],
        "needs_guardian": needs_guardian(person, timezone.localdate()),
    }
    return render(request, "registry/admin/consents.html", context)


def _items_of(sheet: Consent) -> list[dict[str, Any]]:
    return [{"title": TITLES[item.item], "ended_on": item.ended_on} for item in sheet.items.all()]


def _switches(person: Person, sentences: dict[str, str]) -> list[dict[str, Any]]:
    agreed = open_consents(person)
    return [
        {
            "item": item,
            "title": TITLES[item],
            "sentence": sentences[item],
            "is_on": item in agreed,
            "since": agreed[item].given_on if item in agreed else None,
            "effect": AGREED[item] if item in agreed else REFUSED[item],
        }
        for item in Consent.Item.values
        if item in sentences
    ]
