"""The public check page: by number and name, by QR code, by the file itself; for people and for machines."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certificates.forms import FileForm, VerifyForm
from certificates.models import Certificate
from certificates.queries import certificate_for_code, certificate_for_name, check_file, printed_facts
from certificates.views.access import limited, unlisted, wants_json


@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
@limited
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for number and name; say what the certificate with both says, or that there is none."""
    if request.method != "POST":
        return _ask(request, VerifyForm())
    form = VerifyForm(request.POST)
    if not form.is_valid():
        return _answer(request, None, form) if wants_json(request) else _ask(request, form)
    return _answer(request, certificate_for_name(**form.cleaned_data), form)


@unlisted
@require_GET
@limited
def verify_code(request: HttpRequest, number: str) -> HttpResponse:
    """Answer somebody who scanned the QR code: its check text stands for the name."""
    form = VerifyForm(initial={"number": number[:60]})
    return _answer(request, certificate_for_code(number, request.GET.get("k", "")), form)


@unlisted
@require_POST
@limited
def verify_file(request: HttpRequest) -> HttpResponse:
    """Check a PDF: its signature, that it covers the whole file, and that it is what we issued."""
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        if wants_json(request):
            return JsonResponse({"error": "no PDF of a certificate"}, status=400)
        return _ask(request, VerifyForm(), file_form=form)
    verdict = check_file(form.cleaned_data["file"].read())
    if wants_json(request):
        return JsonResponse(verdict.as_json(), status=200 if verdict.is_genuine else 404)
    if not verdict.is_genuine or verdict.certificate is None:
        return render(request, "certificates/file_refused.html", {"verdict": verdict}, status=404)
    return _show(request, verdict.certificate, is_file=True)


def _ask(request: HttpRequest, form: VerifyForm, **context: Any) -> HttpResponse:
    context = {"form": form, "file_form": FileForm()} | context
    return render(request, "certificates/verify.html", context)


def _answer(request: HttpRequest, certificate: Certificate | None, form: VerifyForm) -> HttpResponse:
    """Show the certificate; the same page and status for an unknown number and a wrong name."""
    if certificate is not None:
        return _show(request, certificate)
    if wants_json(request):
        return JsonResponse({"found": False}, status=404)
    context = {"form": form, "file_form": FileForm(), "is_unknown": True}
    return render(request, "certificates/verify.html", context, status=404)


def _show(request: HttpRequest, certificate: Certificate, *, is_file: bool = False) -> HttpResponse:
    facts = printed_facts(certificate)
    if not wants_json(request):
        context = {"certificate": certificate, "facts": facts, "is_file": is_file}
        return render(request, "certificates/verified.html", context)
    answer = {
        "found": True,
        "state": certificate.state,
        "state_since": certificate.state_since,
        "reason": certificate.state_reason or None,
        "kind": certificate.kind,
        "printed": asdict(facts),
    }
    return JsonResponse(answer)
