"""The phone audit: drawing people by lot, calling them one by one, and the sheet of what they said."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from county.audit_forms import CallForm, DrawForm, NumberForm
from county.errors import CountyError
from county.models import AuditCall, AuditSample
from county.queries.regions import place_names
from county.queries.samples import (
    call_rows,
    classes_to_sample,
    counties_to_sample,
    next_call,
    samples_in,
    standing_for,
)
from county.sample_sheet import sample_sheet
from county.services.samples import draw_class, draw_month, record_call
from county.views.access import desk_links, for_those_who_may
from registry.capabilities import Capability
from registry.errors import RegistryError
from registry.masking import mask_name
from registry.models import RevealGrant
from registry.permissions import may, scope_codes
from registry.services import can_reveal, record_direct_export, reveal_phone, revealed_until

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE_LENGTH = 50


@for_those_who_may(Capability.SETTLE_FLAG)
@require_http_methods(["GET", "HEAD", "POST"])
def samples(request: HttpRequest) -> HttpResponse:
    """List the samples and the classes without one; a POST draws."""
    codes = scope_codes(request.user, Capability.SETTLE_FLAG)
    waiting = classes_to_sample(codes)
    form = DrawForm(
        request.POST if request.method == "POST" else None,
        classes=waiting,
        counties=counties_to_sample(codes),
    )
    if request.method == "POST" and form.is_valid():
        try:
            drawn = _drawn(request, form.cleaned_data)
        except CountyError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("county:sample", drawn.uid)
    page = Paginator(samples_in(codes), PAGE_LENGTH).get_page(request.GET.get("page"))
    names = place_names({one.county_code for one in page})
    context = {
        "form": form,
        "page_obj": page,
        "samples": [(one, names.get(one.county_code, one.county_code)) for one in page],
        "waiting": waiting.count(),
    }
    return render(request, "county/samples.html", desk_links(request) | context)


@for_those_who_may(Capability.SETTLE_FLAG)
@require_GET
def sample(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one sample: how it was drawn, and what each call came to."""
    drawn = _sample(request, uid, Capability.SETTLE_FLAG)
    rows = call_rows(drawn)
    answers = [row.outcome for row in rows]
    context = desk_links(request) | {
        "sample": drawn,
        "county": place_names({drawn.county_code}).get(drawn.county_code, drawn.county_code),
        "rows": rows,
        "next": next_call(drawn),
        "confirmed": answers.count("confirmed"),
        "denied": answers.count("denied"),
        "unreachable": answers.count("unreachable"),
    }
    return render(request, "county/sample.html", context)


@for_those_who_may(Capability.EXPORT)
@require_GET
def results(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand out the sheet of results, names masked; who took it is logged."""
    drawn = _sample(request, uid, Capability.EXPORT)
    rows = call_rows(drawn)
    book = sample_sheet(drawn, rows)
    record_direct_export(
        actor=request.user,  # type: ignore[arg-type]
        kind="audit_sample",
        region_code=drawn.county_code,
        rows=len(rows),
        request=request,
    )
    name = f"phone-audit-{drawn.county_code}-{drawn.drawn_at:%Y%m%d}.xlsx"
    return HttpResponse(
        book, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@for_those_who_may(Capability.SETTLE_FLAG)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one person to call; a POST keeps what she said and goes on to the next."""
    found = _call(request, uid)
    form = CallForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        record_call(call=found, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        following = next_call(found.sample, found.number)
        messages.success(request, _("Kept."))
        if following:
            return redirect("county:audit_call", following.uid)
        return redirect("county:sample", found.sample.uid)
    return _call_page(request, found, form, _number_form(found))


@for_those_who_may(Capability.SETTLE_FLAG)
@require_POST
def number(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show her number for five minutes, for a reason that is logged."""
    found = _call(request, uid)
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _call_page(request, found, CallForm(), form)
    try:
        reveal_phone(
            actor=request.user,  # type: ignore[arg-type]
            person=standing_for(found.person),
            reason=form.cleaned_data["reason"],
            request=request,
        )
    except RegistryError as refusal:
        messages.error(request, str(refusal))
    return redirect("county:audit_call", uid)


def _drawn(request: HttpRequest, asked: dict[str, Any]) -> AuditSample:
    if asked["training_class"]:
        return draw_class(training_class=asked["training_class"], by=request.user, seed=asked["seed"])  # type: ignore[arg-type]
    return draw_month(
        county_code=asked["county"],
        month=asked["month"],
        by=request.user,  # type: ignore[arg-type]
        seed=asked["seed"],
    )


def _number_form(found: AuditCall) -> NumberForm:
    reason = _("Phone audit of class %(number)s") % {"number": found.training_class.label}
    return NumberForm(initial={"reason": reason})


def _call_page(request: HttpRequest, found: AuditCall, form: CallForm, why: NumberForm) -> HttpResponse:
    person, now = standing_for(found.person), timezone.now()
    until = revealed_until(
        actor=request.user,  # type: ignore[arg-type]
        person=person,
        field=RevealGrant.Field.PHONE,
        now=now,
    )
    context = {
        "call": found,
        "form": form,
        "why": why,
        "name": person.name if until else mask_name(person.name),
        "town": place_names({found.town}).get(found.town, ""),
        "phone": person.phone if until else "",
        "until": until,
        "can_reveal": can_reveal(request.user, person, now),  # type: ignore[arg-type]
        "results": found.results.select_related("by"),
        "people": found.sample.calls.count(),
        "following": next_call(found.sample, found.number),
    }
    response = render(request, "county/audit_call.html", desk_links(request) | context)
    if until and request.method != "POST":  # hides the number when the leave ends, without JavaScript too
        response["Refresh"] = str(max(1, int((until - now).total_seconds()) + 1))
    return response


def _sample(request: HttpRequest, uid: UUID, capability: Capability) -> AuditSample:
    found = get_object_or_404(
        AuditSample.objects.select_related("training_class__course", "drawn_by"), uid=uid
    )
    if not may(request.user, capability, code=found.county_code):
        raise Http404
    return found


def _call(request: HttpRequest, uid: UUID) -> AuditCall:
    calls = AuditCall.objects.select_related("sample", "person__kept_as", "training_class__course")
    found = get_object_or_404(calls, uid=uid)
    if not may(request.user, Capability.SETTLE_FLAG, code=found.sample.county_code):
        raise Http404
    return found
