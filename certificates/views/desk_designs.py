"""The desk in the admin: how papers look. The clerk draws, somebody of the office approves."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certificates.errors import CertificateError, ForbiddenClaim, UnprintableText
from certificates.forms.designs import WordingForm
from certificates.models import CertificateTemplate, PaperKind
from certificates.queries.desk import counties_to_design, designs_of, papers_to_design, template_of
from certificates.rendering import render_png
from certificates.services import approve_template
from certificates.services.previews import SAMPLES, preview_sheet
from certificates.views.access import desk_codes, desk_user
from certificates.wording import DEFAULTS
from registry.capabilities import Capability
from registry.models import RegionVersion, User
from registry.permissions import may
from registry.typesetting import named

DESIGN, APPROVE = Capability.DESIGN_CERTIFICATE, Capability.APPROVE_DESIGN


@require_GET
def template_list(request: HttpRequest) -> HttpResponse:
    """List the three papers of each of her counties, and what they are printed with."""
    user = desk_user(request, DESIGN, APPROVE)
    rows = papers_to_design(desk_codes(user, DESIGN, APPROVE))
    return render(request, "certificates/admin/template_list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def template_edit(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Show a paper's wording beside its live picture; the clerk saves, the office approves."""
    is_saving = request.method == "POST"
    user = desk_user(request, *([DESIGN] if is_saving else [DESIGN, APPROVE]))
    county = _county(user, code, kind, *([DESIGN] if is_saving else [DESIGN, APPROVE]))
    template = template_of(county, kind)
    form = _form(request, template, kind)
    if is_saving and form.is_valid():
        form.save_for(county=county, kind=kind, by=user)
        messages.success(request, _("Saved. It is printed from when the office has approved it."))
        return redirect("certificate_template", code=code, kind=kind)
    designs = list(designs_of(code, kind))
    context = {
        "county": county,
        "kind": PaperKind(kind),
        "template": template,
        "form": form,
        "designs": designs,
        "samples": SAMPLES.items(),
        "may_design": may(user, DESIGN, code=code),
        "may_approve": template is not None and may(user, APPROVE, code=code) and template.changed_by != user,
        "is_approved": bool(designs and template and designs[0].approved_at >= template.changed_at),
    }
    return render(request, "certificates/admin/template_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def template_preview(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Draw the paper on a sample with the wording sent along, or as it was saved; nothing is kept.

    Pictures that are chosen and not saved come by POST.
    """
    asked = request.POST if request.method == "POST" else request.GET
    user = desk_user(request, DESIGN, APPROVE)
    county = _county(user, code, kind, DESIGN, APPROVE)
    template = template_of(county, kind)
    wording = {**DEFAULTS[kind], **(template.wording() if template else {})}
    typed = {name: asked[name] for name in CertificateTemplate.TEXTS if name in asked}
    chosen = {name: asked[name] for name in ("no_seal", "no_background") if name in asked}
    form = WordingForm({**wording, **typed, **chosen}, request.FILES)
    if not form.is_valid():
        texts = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"problems": texts}, status=422)
    sample = asked.get("sample", "")
    try:
        pictures = form.chosen_pictures()
        sheet = preview_sheet(county.code, kind, sample, {**wording, **typed}, template, pictures)
        return HttpResponse(render_png(sheet), content_type="image/png")
    except UnprintableText as refusal:
        text = _("No font here holds %(characters)s.") % {"characters": named(refusal.characters)}
        return JsonResponse({"problems": [text]}, status=422)


@require_POST
def template_approve(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Approve the revision she saw."""
    user = desk_user(request, APPROVE)
    county = _county(user, code, kind, APPROVE)
    template = template_of(county, kind)
    seen = request.POST.get("revision", "")
    if template is None:
        raise Http404
    try:
        approve_template(template=template, revision_id=int(seen) if seen.isdecimal() else None, by=user)
    except ForbiddenClaim as refusal:
        messages.error(request, str(refusal))
    except CertificateError:
        messages.error(
            request, _("Somebody else has to approve this, and exactly what is saved now. Look at it again.")
        )
    else:
        messages.success(request, _("Approved. Papers issued from now on are printed like this."))
    return redirect("certificate_template", code=code, kind=kind)


def _county(user: User, code: str, kind: str, *capabilities: Capability) -> RegionVersion:
    counties = counties_to_design(desk_codes(user, *capabilities))
    county = next((each for each in counties if each.code == code), None)
    if county is None or kind not in PaperKind.values:
        raise Http404
    return county


def _form(request: HttpRequest, template: CertificateTemplate | None, kind: str) -> WordingForm:
    initial: dict[str, Any] = {} if template else DEFAULTS[kind]
    if request.method == "POST":
        return WordingForm(request.POST, request.FILES)
    return WordingForm(instance=template, initial=initial)
