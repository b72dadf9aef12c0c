"""The office takes over classes that were run on paper: upload, rehearsal with its problems, her word."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.forms.old_ledgers import LedgerForm
from courses.models import LedgerUpload
from courses.old_ledger.columns import SHEETS
from courses.old_ledger.problems import Problem
from courses.services.ledger_uploads import rehearse_upload, take_over_upload
from courses.views.class_door import StaffRequest
from registry.capabilities import Capability
from registry.errors import RosterUnreadable
from registry.permissions import may
from registry.queries.rosters import counties_of_office

_PAGE_SIZE = 50


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: StaffRequest) -> HttpResponse:
    """Take a workbook and rehearse it."""
    _refuse(request)
    form = LedgerForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = rehearse_upload(
                content=file.read(),
                file_name=file.name,
                county=form.cleaned_data["county"].region,
                by=request.user,
            )
            return redirect("courses:old_ledger", made.uid)
        except RosterUnreadable as refusal:
            form.add_error("file", str(refusal))
    sheets = [(name, [spellings[0] for spellings in columns.values()]) for name, columns in SHEETS.items()]
    return render(request, "courses/classes/ledger_upload.html", {"form": form, "sheets": sheets})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rehearsed(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Show what taking over would do; a POST does it."""
    _refuse(request)
    counties = counties_of_office(request.user)
    upload = get_object_or_404(LedgerUpload, uid=uid, county__in=counties.values("region"))
    if request.method == "POST":
        outcome = take_over_upload(upload=upload, by=request.user)
        if outcome is not None:
            text = _("Classes: %(created)s taken over, %(unchanged)s here already, %(refused)s refused.")
            messages.success(request, text % outcome.as_contract()["classes"])
        return redirect("courses:classes")
    page = Paginator(upload.problems, _PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "upload": upload,
        "county": counties.get(region=upload.county_id),
        "outcome": upload.outcome,
        "page_obj": page,
        "problems": [Problem(*stored) for stored in page.object_list],
    }
    return render(request, "courses/classes/ledger_rehearsed.html", context)


def _refuse(request: StaffRequest) -> None:
    if not may(request.user, Capability.IMPORT_ROSTER):
        raise Http404
