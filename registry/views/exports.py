"""The desk for lists that leave: asking, approving, fetching. Somebody else's list is as good as none."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry.capabilities import Capability
from registry.errors import RegistryError
from registry.forms.exports import ExportForm, ExportRefusalForm
from registry.list_kinds import list_kinds
from registry.models import Export
from registry.permissions import can_see_place, may, office_scopes
from registry.queries.exports import exports_for
from registry.services import approve_export, record_download, refuse_export
from registry.views.reveal import staff


@never_cache
@require_GET
def export_list(request: HttpRequest) -> HttpResponse:
    """Her own lists and those of her office's regions."""
    found = _visible(request)
    page = Paginator(found, 50).get_page(request.GET.get("p"))
    titles = {kind.key: kind.title for kind in list_kinds()}
    rows = [(export, titles.get(export.kind, export.kind)) for export in page.object_list]
    return render(request, "registry/admin/exports.html", {"page": page, "rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export_new(request: HttpRequest) -> HttpResponse:
    """The form for a list."""
    _visible(request)
    form = ExportForm(request.POST or None, user=staff(request), today=timezone.localdate())
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and (export := form.save(request=request)):
        return redirect("export_detail", uid=export.uid)
    return render(request, "registry/admin/exports_new.html", {"form": form})


@never_cache
@require_GET
def export_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One list: what for, who approves, and the link while it is open."""
    export = get_object_or_404(_visible(request), uid=uid)
    titles = {kind.key: kind.title for kind in list_kinds()}
    mine = export.asked_by_id == staff(request).pk
    is_open = export.expires_at is not None and export.expires_at > timezone.now()
    context: dict[str, Any] = {
        "export": export,
        "title": titles.get(export.kind, export.kind),
        "form": ExportRefusalForm(),
        "may_decide": export.state == Export.State.ASKED
        and not mine
        and can_see_place(office_scopes(request.user), export.region_code),
        "may_fetch": mine and export.state == Export.State.READY and is_open,
        "is_working": export.state == Export.State.APPROVED,
    }
    return render(request, "registry/admin/exports_detail.html", context)


@require_POST
def export_decide(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Approve or refuse somebody else's list."""
    export = get_object_or_404(_visible(request), uid=uid)
    try:
        if "approve" in request.POST:
            approve_export(export=export, by=staff(request), request=request)
        else:
            reason = request.POST.get("reason", "")[:300]
            refuse_export(export=export, by=staff(request), reason=reason, request=request)
    except RegistryError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Decided."))
    return redirect("export_detail", uid=uid)


@never_cache
@require_GET
def export_download(request: HttpRequest, uid: UUID) -> FileResponse:
    """Hand the workbook to whoever asked for it, until its link ends; each time is logged."""
    export = get_object_or_404(_visible(request), uid=uid)
    try:
        record_download(export=export, by=staff(request), request=request)
    except RegistryError:
        raise Http404 from None
    name = f"{export.kind}-{export.region_code}-{export.asked_at:%Y%m%d}.xlsx"
    return FileResponse(export.file.open("rb"), as_attachment=True, filename=name)


def _visible(request: HttpRequest) -> Any:
    if not may(request.user, Capability.EXPORT):
        raise Http404
    return exports_for(staff(request), office_scopes(request.user))
