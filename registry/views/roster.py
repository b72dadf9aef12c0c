"""The office's pages for rosters in the Wagtail admin.

Somebody else's import and one that does not exist give the same answer, 404.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from registry.capabilities import Capability
from registry.forms.roster import RosterUploadForm
from registry.models import RosterImport, User
from registry.permissions import may
from registry.queries.rosters import county_names, rosters_of_office
from registry.roster.problems import problem_from
from registry.services import request_apply
from registry.views.access import user_who_may

_PAGE_SIZE = 50
_WORKING = (RosterImport.State.UPLOADED, RosterImport.State.CHECKING, RosterImport.State.APPLYING)


@require_GET
def roster_list(request: HttpRequest) -> HttpResponse:
    """All imports of her counties."""
    user = _reader(request)
    page = Paginator(rosters_of_office(user).defer("problems"), 20).get_page(request.GET.get("p"))
    names = county_names(user)
    rows = [(roster_import, names.get(roster_import.county_id, "")) for roster_import in page.object_list]
    context = {"page": page, "rows": rows, "may_import": may(user, Capability.IMPORT_ROSTER)}
    return render(request, "registry/admin/roster_list.html", context)


def roster_upload(request: HttpRequest) -> HttpResponse:
    """The upload form; a good file goes on to its dry run."""
    user = _importer(request)
    form = RosterUploadForm(request.POST or None, request.FILES or None, user=user)
    if request.method == "POST" and form.is_valid():
        return redirect("roster_detail", uid=form.save().uid)
    return render(request, "registry/admin/roster_upload.html", {"form": form})


@require_GET
def roster_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """State and progress, then what the import will do or did, with its problems."""
    user = _reader(request)
    roster_import = _own_import(user, uid)
    problems = Paginator(roster_import.problems, _PAGE_SIZE).get_page(request.GET.get("p"))
    context: dict[str, Any] = {
        "roster_import": roster_import,
        "county_name": county_names(user).get(roster_import.county_id, ""),
        "is_working": roster_import.state in _WORKING,
        "is_checked": roster_import.state == RosterImport.State.CHECKED,
        "may_import": may(user, Capability.IMPORT_ROSTER),
        "is_applied": roster_import.state == RosterImport.State.APPLIED,
        "outcome": roster_import.outcome,
        "problems_page": problems,
        "problems": [problem_from(stored) for stored in problems.object_list],
    }
    return render(request, "registry/admin/roster_detail.html", context)


@require_GET
def roster_progress(request: HttpRequest, uid: UUID) -> JsonResponse:
    """State and rows done, for the progress bar."""
    roster_import = _own_import(_reader(request), uid)
    return JsonResponse(
        {
            "is_working": roster_import.state in _WORKING,
            "state": roster_import.state,
            "done": roster_import.rows_done,
            "total": roster_import.rows_total,
        }
    )


@require_POST
def roster_apply(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Start applying a checked import."""
    roster_import = _own_import(_importer(request), uid)
    if not request_apply(roster_import=roster_import):
        messages.warning(request, _("This list is being imported already, or has been."))
    return redirect("roster_detail", uid=uid)


@require_GET
def roster_errors(request: HttpRequest, uid: UUID) -> FileResponse:
    """The workbook of refused rows."""
    roster_import = _own_import(_importer(request), uid)
    if not roster_import.error_workbook:
        raise Http404
    name = roster_import.file_name.rsplit(".", 1)[0]
    return FileResponse(
        roster_import.error_workbook.open("rb"),
        as_attachment=True,
        filename=_("%(name)s - refused rows.xlsx") % {"name": name},
    )


def _reader(request: HttpRequest) -> User:
    return user_who_may(request, Capability.READ_ROSTERS)


def _importer(request: HttpRequest) -> User:
    return user_who_may(request, Capability.IMPORT_ROSTER)


def _own_import(user: User, uid: UUID) -> RosterImport:
    return get_object_or_404(rosters_of_office(user), uid=uid)
