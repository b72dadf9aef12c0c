"""Searching the audit log, inside the reader's regions."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registry.forms.audit import AuditForm, PersonNumberForm
from registry.masking import mask_name
from registry.models import AuditEntry
from registry.permissions import log_scopes
from registry.queries.audit import actor_label, audit_entries, audit_page, last_check
from registry.queries.people_search import person_by_number

_MOST = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def audit_search(request: HttpRequest) -> HttpResponse:
    """Entries by time, what, who, person and network, newest first; and whether the chain is whole."""
    scopes = log_scopes(request.user)
    if not scopes:
        raise Http404
    number = PersonNumberForm(request.POST or None)
    if request.method == "POST" and number.is_valid():
        return _to_person(request, scopes, number.cleaned_data["number"])
    form = AuditForm(request.GET.dict())
    context: dict[str, Any] = {"form": form, "number": number, "check": last_check(), "rows": []}
    if form.is_valid():
        entries = audit_entries(scopes=scopes, **form.asked)
        found = audit_page(entries, before=_before(request), most=_MOST + 1)
        context["rows"] = [_row(entry) for entry in found[:_MOST]]
        if len(found) > _MOST:
            context["older"] = urlencode({**_question(request), "before": found[_MOST - 1].seq})
    return render(request, "registry/admin/audit.html", context)


def _to_person(request: HttpRequest, scopes: list[str], number: str) -> HttpResponse:
    person = person_by_number(scopes, timezone.localdate(), number)
    if person is None:
        messages.warning(request, _("Nobody of your region was found under that name or number."))
        return redirect("audit_search")
    return redirect(f"{reverse('audit_search')}?{urlencode({'person': str(person.uid)})}")


def _question(request: HttpRequest) -> dict[str, str]:
    return {name: value for name, value in request.GET.dict().items() if value and name != "before"}


def _before(request: HttpRequest) -> int | None:
    asked = request.GET.get("before", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 18 else None


def _row(entry: AuditEntry) -> dict[str, Any]:
    person = entry.person
    return {
        "entry": entry,
        "actor": actor_label(entry),
        "person": (mask_name(person.name) or "—") if person else "",
        "detail": ", ".join(f"{key}: {_plain(value)}" for key, value in entry.detail.items() if value),
    }


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
