"""The monthly returns: which counties have signed, one of them with its corrections, its steps, its files."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from county.counting import parse_month
from county.errors import CountyError
from county.forms import ReturnsForm, SendBackForm
from county.models import MonthlyReturn
from county.monthly_form import cells, columns
from county.queries.return_mail import notices_for
from county.queries.returns import corrections_of, counties_with_returns
from county.return_files import as_dict, changes_in_words, comma_separated, frozen_count, workbook
from county.return_pdf import return_pdf
from county.services import check_return, prepare_return, send_back_return, sign_return
from county.services.returns import is_intact
from county.views.access import desk_links, for_those_who_may
from registry.capabilities import Capability
from registry.models import RegionVersion
from registry.permissions import may, scope_codes
from registry.services import record_direct_export

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_those_who_may(Capability.READ_FIGURES)
@require_GET
def returns(request: HttpRequest) -> HttpResponse:
    """Show for a month which of her counties have filled in and signed, and what they state together."""
    form = ReturnsForm(request.GET.dict(), today=timezone.localdate())
    confirms = scope_codes(request.user, Capability.CONFIRM_COUNT)
    context: dict[str, Any] = desk_links(request) | {"form": form, "may_confirm": bool(confirms)}
    if confirms:
        context["notices"] = notices_for(request.user)  # type: ignore[arg-type]
    if form.is_valid():
        month = form.cleaned_data["month"]
        found = counties_with_returns(scope_codes(request.user, Capability.READ_FIGURES), month)
        signed = [one for _county, one in found if one and one.is_signed]
        context |= {
            "month": month,
            "counties": [
                (county, one, any(county.code.startswith(code) for code in confirms)) for county, one in found
            ],
            "signed": len(signed),
            "person_times": sum(one.figures["total"]["person_times"] for one in signed),
        }
    return render(request, "county/returns.html", context)


@for_those_who_may(Capability.READ_FIGURES)
@require_GET
def monthly_return(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Show one return: figures, signatures, and the lines about earlier months."""
    made = _return_or_404(request, code, month)
    frozen = frozen_count(made)
    context = desk_links(request) | {
        "made": made,
        "name": made.figures["name"],
        "columns": columns(),
        "rows": [(row.label, cells(row)) for row in frozen.rows],
        "total_cells": cells(frozen.total),
        "lines": [(one, changes_in_words(one.change)) for one in corrections_of(made)],
        "is_intact": is_intact(made),
        "may_confirm": may(request.user, Capability.CONFIRM_COUNT, code=code),
        "may_export": may(request.user, Capability.EXPORT, code=code),
        "has_signed": request.user.pk in (made.prepared_by_id, made.checked_by_id, made.signed_by_id),
        "send_back": SendBackForm(),
    }
    return render(request, "county/return.html", context)


@for_those_who_may(Capability.CONFIRM_COUNT)
@require_POST
def prepare(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Fill in the return of a month."""
    if len(code) != 6 or not may(request.user, Capability.CONFIRM_COUNT, code=code):
        raise Http404
    try:
        prepare_return(county_code=code, month=_month(month), by=request.user, request=request)  # type: ignore[arg-type]
    except RegionVersion.DoesNotExist:
        raise Http404 from None
    except CountyError as refusal:
        messages.error(request, str(refusal))
        return redirect(_list_address(month))
    return redirect("county:return", code, month)


@for_those_who_may(Capability.CONFIRM_COUNT)
@require_POST
def check(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Confirm a return as the one who checks."""
    return _step(request, check_return, code, month)


@for_those_who_may(Capability.CONFIRM_COUNT)
@require_POST
def sign(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Freeze a return as the one responsible."""
    return _step(request, sign_return, code, month)


@for_those_who_may(Capability.CONFIRM_COUNT)
@require_POST
def send_back(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Throw away what is not signed yet, with a reason."""
    made = _return_or_404(request, code, month, Capability.CONFIRM_COUNT)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say why it is sent back."))
        return redirect("county:return", code, month)
    reason = form.cleaned_data["reason"]
    try:
        send_back_return(monthly_return=made, by=request.user, reason=reason, request=request)  # type: ignore[arg-type]
    except CountyError as refusal:
        messages.error(request, str(refusal))
        return redirect("county:return", code, month)
    messages.success(request, _("The return was sent back and can be filled in anew."))
    return redirect(_list_address(month))


@for_those_who_may(Capability.READ_FIGURES, Capability.EXPORT)
@require_GET
def as_xlsx(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Hand out a return as a workbook."""
    made = _to_export(request, code, month)
    return _attached(HttpResponse(workbook(made), content_type=XLSX), made, "xlsx")


@for_those_who_may(Capability.READ_FIGURES, Capability.EXPORT)
@require_GET
def as_pdf(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Hand out a return as it is printed and filed."""
    made = _to_export(request, code, month)
    paper = return_pdf(made, is_intact=is_intact(made))
    return _attached(HttpResponse(paper, content_type="application/pdf"), made, "pdf")


@for_those_who_may(Capability.READ_FIGURES, Capability.EXPORT)
@require_GET
def as_csv(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Hand out the table of a return as CSV."""
    made = _to_export(request, code, month)
    return _attached(HttpResponse(comma_separated(made), content_type="text/csv; charset=utf-8"), made, "csv")


@for_those_who_may(Capability.READ_FIGURES, Capability.EXPORT)
@require_GET
def as_json(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Hand out a return as JSON."""
    made = _to_export(request, code, month)
    response = JsonResponse(as_dict(made), json_dumps_params={"ensure_ascii": False})
    return _attached(response, made, "json")


def _step(request: HttpRequest, take: Callable[..., MonthlyReturn], code: str, month: str) -> HttpResponse:
    made = _return_or_404(request, code, month, Capability.CONFIRM_COUNT)
    try:
        take(monthly_return=made, by=request.user, request=request)
    except CountyError as refusal:
        messages.error(request, str(refusal))
    return redirect("county:return", code, month)


def _to_export(request: HttpRequest, code: str, month: str) -> MonthlyReturn:
    made = _return_or_404(request, code, month, Capability.EXPORT)
    record_direct_export(
        actor=request.user,  # type: ignore[arg-type]
        kind="monthly_return",
        region_code=code,
        rows=len(made.figures["rows"]),
        request=request,
        now=timezone.now(),
    )
    return made


def _attached(response: HttpResponse, made: MonthlyReturn, kind: str) -> HttpResponse:
    name = f"return-{made.county_code}-{made.month:%Y-%m}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _list_address(month: str) -> str:
    return f"{reverse('county:returns')}?month={month}"


def _month(text: str) -> date:
    try:
        return parse_month(text)
    except ValueError:
        raise Http404 from None


def _return_or_404(
    request: HttpRequest, code: str, month: str, capability: Capability = Capability.READ_FIGURES
) -> MonthlyReturn:
    """Return the return; one she may not see, or do this with, is as good as missing."""
    if not all(may(request.user, one, code=code) for one in (Capability.READ_FIGURES, capability)):
        raise Http404
    found = MonthlyReturn.objects.select_related("prepared_by", "checked_by", "signed_by")
    return get_object_or_404(found, county_code=code, month=_month(month))
