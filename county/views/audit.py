"""The audit desk: every flag with its numbers, its rows, and settling one with a reason."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from county.audit_forms import AuditForm, SettleForm
from county.errors import CountyError
from county.flags import BY_CODE
from county.models import FlagSettlement
from county.queries.flags import flag_counts, flag_rows
from county.services.flags import reopen_flag, settle_flag
from county.views.access import desk_links, for_those_who_may
from registry.capabilities import Capability
from registry.permissions import may, scope_codes

PAGE_LENGTH = 50


@for_those_who_may(Capability.READ_FIGURES, Capability.READ_PEOPLE)
@require_GET
def flags(request: HttpRequest) -> HttpResponse:
    """Show every flag with how many of its rows are open and how many were settled."""
    form = _period(request)
    context: dict[str, Any] = desk_links(request) | {"form": form}
    if form.is_valid():
        counts = flag_counts(form.looked(scope_codes(request.user, Capability.READ_PEOPLE)))
        context |= {
            "counts": counts,
            "query": urlencode(form.query),
            "open": sum(each.open for each in counts),
            "settled": sum(each.settled for each in counts),
        }
    return render(request, "county/audit.html", context)


@for_those_who_may(Capability.READ_FIGURES, Capability.READ_PEOPLE)
@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """Show the rows of one flag: the open ones with a form, or those that were settled."""
    flag, form = BY_CODE.get(request.GET.get("flag", "")), _period(request)
    if flag is None or not form.is_valid():
        return redirect("county:audit")
    looked = form.looked(scope_codes(request.user, Capability.READ_PEOPLE))
    count = next(each for each in flag_counts(looked) if each.flag is flag)
    is_settled = request.GET.get("settled") == "1"
    page = Paginator(range(count.settled if is_settled else count.open), PAGE_LENGTH).get_page(
        request.GET.get("page")
    )
    found = flag_rows(
        looked, flag.code, settled=is_settled, first=max(page.start_index() - 1, 0), most=PAGE_LENGTH
    )
    context = desk_links(request) | {
        "flag": flag,
        "count": count,
        "is_settled": is_settled,
        "rows": found,
        "page_obj": page,
        "period": form.query,
        "query": urlencode(form.query),
        "settle": SettleForm(auto_id=False),
    }
    return render(request, "county/audit_rows.html", context)


@for_those_who_may(Capability.SETTLE_FLAG)
@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """Settle one row with a reason, and show the list it came from again."""
    period, form = AuditForm(request.POST.dict(), today=timezone.localdate()), SettleForm(request.POST)
    if not period.is_valid() or "flag" in form.errors:
        form.is_valid()
        return redirect("county:audit")
    if not form.is_valid():
        messages.error(request, _("Please say in a few words what you found out."))
        return _back(request.POST.get("flag", ""), period)
    try:
        settle_flag(
            looked=period.looked(scope_codes(request.user, Capability.SETTLE_FLAG)),
            by=request.user,  # type: ignore[arg-type]
            **form.cleaned_data,
        )
    except CountyError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Settled. It stands among the settled ones with your reason."))
    return _back(form.cleaned_data["flag"], period)


@for_those_who_may(Capability.SETTLE_FLAG)
@require_POST
def take_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Open a settled row again."""
    settlement = get_object_or_404(FlagSettlement, uid=uid)
    if not may(request.user, Capability.SETTLE_FLAG, code=settlement.region_code):
        raise Http404
    try:
        reopen_flag(settlement=settlement, by=request.user)  # type: ignore[arg-type]
    except CountyError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The row is open again."))
    return _back(settlement.flag, AuditForm(request.POST.dict(), today=timezone.localdate()))


def _period(request: HttpRequest) -> AuditForm:
    return AuditForm(request.GET.dict(), today=timezone.localdate())


def _back(flag: str, period: AuditForm) -> HttpResponse:
    query = {"flag": flag} | (period.query if period.is_valid() else {})
    return redirect(f"{reverse('county:audit_rows')}?{urlencode(query)}")
