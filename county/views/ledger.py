"""The ledger of a class as one archive: what is in it, what is missing, making and taking it."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from county.models import LedgerBundle
from county.queries.ledger import ledger_parts
from county.services.ledger_bundle import PARTS_IN_ALL, ask_for_ledger
from county.views.access import for_those_who_may
from courses.models import TrainingClass
from registry.capabilities import Capability
from registry.permissions import may
from registry.services import record_direct_export


@for_those_who_may(Capability.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def ledger(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the parts of a class's ledger; a POST has the archive made."""
    training_class = _class(request, uid)
    if request.method == "POST":
        ask_for_ledger(training_class=training_class, by=request.user)  # type: ignore[arg-type]
        return redirect("county:ledger", uid)
    newest = LedgerBundle.objects.filter(training_class=training_class).first()
    is_waiting = newest is not None and newest.state == LedgerBundle.State.WAITING
    context = {
        "training_class": training_class,
        "parts": list(ledger_parts(training_class)),
        "bundle": newest,
        "is_waiting": is_waiting,
        "parts_in_all": PARTS_IN_ALL,
        "is_chinese": (get_language() or "").startswith("zh"),
    }
    response = render(request, "county/ledger.html", context)
    if is_waiting:
        response["Refresh"] = "2"
    return response


@for_those_who_may(Capability.EXPORT)
@require_GET
def ledger_archive(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand out the newest archive of a class; who took it is logged."""
    training_class = _class(request, uid)
    made = LedgerBundle.objects.filter(training_class=training_class, state=LedgerBundle.State.READY)
    ready = made.first()
    if ready is None:
        raise Http404
    record_direct_export(
        actor=request.user,  # type: ignore[arg-type]
        kind="class_ledger",
        region_code=training_class.county_code,
        rows=training_class.enrolments.count(),
        request=request,
    )
    name = f"{training_class.label}-{training_class.course.code}.zip"
    return FileResponse(  # type: ignore[return-value]  # the stubs do not derive it from HttpResponse
        ready.file.open(), as_attachment=True, filename=name, content_type="application/zip"
    )


def _class(request: HttpRequest, uid: UUID) -> TrainingClass:
    training_class = get_object_or_404(TrainingClass.objects.select_related("course"), uid=uid)
    if not may(request.user, Capability.EXPORT, code=training_class.county_code):
        raise Http404
    return training_class
