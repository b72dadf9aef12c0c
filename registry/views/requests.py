"""Requests about one's own data: asking and fetching for her, deciding for the office."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from registry.forms.requests import DecisionForm, RequestForm
from registry.models import PrivacyRequest
from registry.permissions import office_scopes
from registry.queries.people import person_of
from registry.queries.requests import requests_in, requests_of
from registry.views.proving import proof_needed
from registry.views.reveal import staff

_ANSWERS = {
    PrivacyRequest.Kind.COPY: gettext_lazy("Your copy is being made. In a minute you can fetch it here."),
    PrivacyRequest.Kind.CORRECTION: gettext_lazy("Your request is on its way to the county office."),
    PrivacyRequest.Kind.DELETION: gettext_lazy("Your request is on its way to the county office."),
}


@proof_needed
@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: HttpRequest) -> HttpResponse:
    """Ask for a copy, a correction or the deletion."""
    person = person_of(request.user)
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    if person is None or asked not in PrivacyRequest.Kind.values:
        raise Http404
    kind = PrivacyRequest.Kind(asked)
    form = RequestForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        form.save(person=person, by=staff(request), request=request)
        messages.success(request, _ANSWERS[kind])
        return redirect(reverse("registry:privacy") + "#requests")
    return render(request, "registry/privacy/request.html", {"form": form, "kind": kind, "label": kind.label})


@proof_needed
@require_GET
def data_copy(request: HttpRequest, uid: UUID) -> FileResponse:
    """Hand out her copy until it expires; to nobody else."""
    person = person_of(request.user)
    found = get_object_or_404(requests_of(person) if person else PrivacyRequest.objects.none(), uid=uid)
    if not found.copy or found.copy_expires_at is None or found.copy_expires_at <= timezone.now():
        raise Http404
    return FileResponse(found.copy.open("rb"), as_attachment=True, filename="cunbo-my-data.zip")


@never_cache
@require_GET
def request_list(request: HttpRequest) -> HttpResponse:
    """The requests of the office's regions with the days left."""
    today = timezone.localdate()
    found = requests_in(_scopes(request), today)
    page = Paginator(found, 50).get_page(request.GET.get("p"))
    rows = [(each, (each.due_on - today).days) for each in page.object_list]
    return render(request, "registry/admin/requests.html", {"page": page, "rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_decide(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one request, and grant or refuse it."""
    today = timezone.localdate()
    found = get_object_or_404(requests_in(_scopes(request), today), uid=uid)
    form = DecisionForm(request.POST or None, privacy_request=found)
    if request.method == "POST" and form.is_valid():
        is_granted = "grant" in request.POST
        if form.decide(is_granted=is_granted, by=staff(request), request=request):
            messages.success(request, _("Granted.") if is_granted else _("Refused."))
            return redirect("request_list")
    context: dict[str, Any] = {"found": found, "form": form, "days": (found.due_on - today).days}
    return render(request, "registry/admin/requests_decide.html", context)


def _scopes(request: HttpRequest) -> list[str]:
    scopes = office_scopes(request.user)
    if not scopes:
        raise Http404
    return scopes
