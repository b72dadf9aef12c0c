"""The office's pages for rosters in the Wagtail admin.

Somebody else's import and one that does not exist give the same answer, 404.
"""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry.capabilities import Capability
from registry.errors import RosterUnreadable
from registry.forms.roster import RosterUploadForm
from registry.models import RosterImport, User
from registry.permissions import may
from registry.queries.rosters import county_names, imports_to_undo, people_staying, rosters_of_office
from registry.roster.problems import problem_from
from registry.services import cancel_roster, preview_undo, request_apply, request_undo
from registry.services.roster_runs import CANCELLABLE, WORKING
from registry.views.access import user_who_may

_PAGE_SIZE = 50
_STAYING_SHOWN = 50
_State = RosterImport.State


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
        try:
            return redirect("roster_detail", uid=form.save().uid)
        except RosterUnreadable as error:
            form.add_error("file", str(error))
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
        "is_working": roster_import.state in WORKING,
        "can_cancel": roster_import.state in CANCELLABLE and may(user, Capability.IMPORT_ROSTER),
        "is_checked": roster_import.state == _State.CHECKED,
        "can_undo": imports_to_undo().filter(pk=roster_import.pk).exists(),
        "is_undone": roster_import.state == _State.UNDONE,
        "undone": roster_import.undo_outcome,
        "staying": people_staying(roster_import.undo_outcome.get("staying", [])[:_STAYING_SHOWN]),
        "may_import": may(user, Capability.IMPORT_ROSTER),
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
            "is_working": roster_import.state in WORKING,
            "state": roster_import.state,
            "step": roster_import.get_step_display(),
            "done": roster_import.rows_done,
            "total": roster_import.rows_total,
        }
    )


@require_POST
def roster_apply(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Start applying a checked import."""
    user = _importer(request)
    if not request_apply(roster_import=_own_import(user, uid), by=user):
        messages.warning(request, _("This list is being imported already, or has been."))
    return redirect("roster_detail", uid=uid)


@require_POST
def roster_cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Stop an import before it is applied."""
    if not cancel_roster(roster_import=_own_import(_importer(request), uid)):
        messages.warning(request, _("This import is over already."))
    return redirect("roster_detail", uid=uid)


@require_http_methods(["GET", "HEAD", "POST"])
def roster_undo(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what undoing an applied import takes back and who stays; undo it when that is confirmed."""
    user = _importer(request)
    roster_import = _own_import(user, uid)
    if request.method == "POST":
        if not request_undo(roster_import=roster_import, by=user):
            messages.warning(request, _("This import cannot be undone: it is not applied."))
        return redirect("roster_detail", uid=uid)
    if not imports_to_undo().filter(pk=roster_import.pk).exists():
        return redirect("roster_detail", uid=uid)
    counts = preview_undo(roster_import)
    context = {
        "roster_import": roster_import,
        "undone": asdict(counts),
        "staying": people_staying(counts.staying[:_STAYING_SHOWN]),
    }
    return render(request, "registry/admin/roster_undo.html", context)


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
