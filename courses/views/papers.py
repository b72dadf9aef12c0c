"""The papers of a class's ledger: put in, looked at, taken out with a reason."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.forms.classes import ReasonForm
from courses.forms.papers import PaperForm
from courses.models import ClassPaper, TrainingClass
from courses.office_files import MEDIA_TYPES
from courses.permissions import PAPER_READERS, may_in_class
from courses.services.papers import add_paper, take_out_paper
from courses.views.class_door import StaffRequest, for_class
from registry.capabilities import Capability

C = Capability


@for_class(*PAPER_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: StaffRequest, training_class: TrainingClass) -> HttpResponse:
    """List the papers by kind; a POST of who enters data puts one in."""
    may_enter = may_in_class(request.user, C.ENTER_CLASS_DATA, training_class)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and may_enter and form.is_valid():
        given = form.cleaned_data
        add_paper(
            training_class=training_class,
            kind=given["kind"],
            title=given["title"],
            paper=given["file"],
            by=request.user,
        )
        messages.success(request, _("The paper is in the ledger."))
        return redirect("courses:class_papers", training_class.uid)
    there = list(training_class.ledger_papers.filter(taken_out_at__isnull=True).select_related("added_by"))
    context = {
        "training_class": training_class,
        "kinds": [(label, [each for each in there if each.kind == kind]) for kind, label in _kinds()],
        "form": form,
        "reason_form": ReasonForm(),
        "may_enter": may_enter,
    }
    return render(request, "courses/classes/papers.html", context)


@for_class(C.ENTER_CLASS_DATA)
@require_POST
def take_out(request: StaffRequest, training_class: TrainingClass, paper: UUID) -> HttpResponse:
    """Take a paper out, with the reason."""
    found = get_object_or_404(training_class.ledger_papers, uid=paper)
    form = ReasonForm(request.POST)
    if form.is_valid():
        take_out_paper(paper=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The paper is taken out; it stays on record."))
    else:
        messages.error(request, _("Say why."))
    return redirect("courses:class_papers", training_class.uid)


@for_class(*PAPER_READERS)
@require_GET
def paper_file(request: StaffRequest, training_class: TrainingClass, paper: UUID) -> HttpResponse:
    """Hand out a paper of the ledger."""
    found = get_object_or_404(training_class.ledger_papers, uid=paper)
    return FileResponse(  # type: ignore[return-value]  # the stubs do not derive it from HttpResponse
        found.file.open(),
        as_attachment=True,
        filename=f"{found.title}{found.suffix}",
        content_type=MEDIA_TYPES[found.suffix],
    )


def _kinds() -> list[tuple[str, object]]:
    return [(kind.value, kind.label) for kind in ClassPaper.Kind]
