"""The desk in the admin: which class gave which papers, issuing, and the files made of them.

Another county's class and one that does not exist give the same answer, 404.
"""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from certificates.errors import CertificateError
from certificates.forms.desk import BundleForm, OrderForm
from certificates.models import Bundle
from certificates.queries.desk import (
    bundles_within,
    classes_to_certify,
    county_names,
    kinds_of_class,
    refusals_within,
    runs_of,
    runs_within,
)
from certificates.services import cancel_run, order_bundle, order_certificates, register_of, take_out
from certificates.views.access import desk_codes, desk_user
from courses.errors import DutiesMustDiffer
from courses.models import TrainingClass
from registry.capabilities import Capability
from registry.models import AuditAction, User
from registry.permissions import may
from registry.services import record

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE_LENGTH = 30
READ, ISSUE = Capability.READ_CERTIFICATES, Capability.ISSUE_CERTIFICATE


@require_GET
def class_list(request: HttpRequest) -> HttpResponse:
    """List the closed classes of her counties, and the papers that cannot be printed."""
    codes = desk_codes(desk_user(request, READ), READ)
    page = Paginator(classes_to_certify(codes), PAGE_LENGTH).get_page(request.GET.get("p"))
    names = county_names(page.object_list)
    context = {
        "page": page,
        "rows": [(each, names.get(each.county_code, each.county_code)) for each in page.object_list],
        "refusals": list(refusals_within(codes)[:PAGE_LENGTH]),
    }
    return render(request, "certificates/admin/class_list.html", context)


@require_GET
def class_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the three papers of a class: issued, printed, and who is without."""
    user = desk_user(request, READ)
    training_class = _class(user, uid, READ)
    context = {
        "training_class": training_class,
        "county": county_names([training_class]).get(training_class.county_code, training_class.county_code),
        "kinds": kinds_of_class(training_class),
        "runs": list(runs_of(training_class)[:10]),
        "forms": Bundle.Form.choices,
        "may_issue": may(user, ISSUE, code=training_class.county_code),
        "may_export": may(user, Capability.EXPORT, code=training_class.county_code),
        "may_revoke": may(user, Capability.REVOKE_CERTIFICATE, code=training_class.county_code),
    }
    return render(request, "certificates/admin/class_detail.html", context)


@require_POST
def class_issue(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Order a paper for the people ticked."""
    user = desk_user(request, ISSUE)
    training_class = _class(user, uid, ISSUE)
    ids = list(training_class.enrolments.values_list("pk", flat=True))
    form = OrderForm(request.POST, enrolment_ids=ids)
    if not form.is_valid():
        messages.warning(request, _("Tick at least one person."))
        return redirect("certificate_class", uid=uid)
    try:
        run = order_certificates(
            training_class=training_class,
            kind=form.cleaned_data["kind"],
            enrolment_ids=form.cleaned_data["people"],
            by=user,
        )
    except (CertificateError, DutiesMustDiffer) as refusal:
        messages.error(request, str(refusal))
        return redirect("certificate_class", uid=uid)
    return redirect("certificate_run", uid=run.uid)


@require_GET
def run_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show how far an order is, and who got no paper."""
    user = desk_user(request, READ)
    run = get_object_or_404(runs_within(desk_codes(user, READ)), uid=uid)
    refused = run.training_class.enrolments.filter(pk__in=list(run.refused)).select_related("person")
    context = {
        "run": run,
        "refused": [(place.person.name, run.refused[str(place.pk)]) for place in refused],
        "may_issue": may(user, ISSUE, code=run.training_class.county_code),
    }
    return render(request, "certificates/admin/run_detail.html", context)


@require_GET
def run_progress(request: HttpRequest, uid: UUID) -> JsonResponse:
    """State and people done, for the progress bar."""
    run = get_object_or_404(runs_within(desk_codes(desk_user(request, READ), READ)), uid=uid)
    return JsonResponse(
        {
            "is_working": not run.is_over,
            "step": run.get_state_display(),
            "done": run.done,
            "total": run.total,
        }
    )


@require_POST
def run_cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Stop an order; what was issued stays."""
    user = desk_user(request, ISSUE)
    run = get_object_or_404(runs_within(desk_codes(user, ISSUE)), uid=uid)
    if not cancel_run(run=run):
        messages.warning(request, _("This order is over already."))
    return redirect("certificate_run", uid=uid)


@require_POST
def bundle_order(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Have the sheets joined or the PDFs packed."""
    user = desk_user(request, ISSUE)
    training_class = _class(user, uid, ISSUE)
    form = BundleForm(request.POST)
    if form.is_valid():
        try:
            order_bundle(training_class=training_class, by=user, **form.cleaned_data)
        except CertificateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The file is being made. It will stand here in a minute."))
    return redirect("certificate_class", uid=uid)


@require_GET
def bundle_download(request: HttpRequest, uid: UUID) -> FileResponse:
    """Hand out a file, counted and logged."""
    user = desk_user(request, ISSUE)
    rows = bundles_within(desk_codes(user, ISSUE)).filter(state=Bundle.State.DONE)
    bundle = take_out(bundle=get_object_or_404(rows, uid=uid), by=user)
    suffix = "pdf" if bundle.form == Bundle.Form.SHEETS else "zip"
    name = f"certificates-{bundle.training_class.label}-{bundle.kind}.{suffix}"
    return FileResponse(bundle.file.open("rb"), as_attachment=True, filename=name)


@require_GET
def register(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand out the register of what was issued in a class."""
    user = desk_user(request, Capability.EXPORT)
    training_class = _class(user, uid, Capability.EXPORT)
    book = register_of(training_class)
    record(
        actor=user,
        action=AuditAction.EXPORTED,
        region_code=training_class.county_code,
        detail={"kind": "certificate_register", "class": training_class.label},
        request=request,
    )
    name = f"register-{training_class.county_code}-{training_class.label}.xlsx"
    return HttpResponse(
        book, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _class(user: User, uid: UUID, capability: Capability) -> TrainingClass:
    return get_object_or_404(classes_to_certify(desk_codes(user, capability)), uid=uid)
