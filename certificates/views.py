"""The public check page, the download, and what the visitor herself has earned."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from certificates.attempts import may_try
from certificates.forms import VerifyForm
from certificates.models import Certificate
from certificates.permissions import can_download_certificate
from certificates.queries import (
    certificate_for_code,
    certificate_for_name,
    certificates_of,
    printed_facts,
)
from registry.queries.people import person_of

View = Callable[..., HttpResponse]


def unlisted(view: View) -> View:
    """Keep the pages of `view` out of search engines and caches."""

    @wraps(view)
    def wrapper(*args: object, **kwargs: object) -> HttpResponse:
        response = view(*args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(wrapper)


@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for number and name; say what the certificate with both says, or that there is none."""
    if request.method != "POST":
        return render(request, "certificates/verify.html", {"form": VerifyForm()})
    if not _may_try(request):
        return _too_many(request)
    form = VerifyForm(request.POST)
    if not form.is_valid():
        return render(request, "certificates/verify.html", {"form": form})
    return _answer(request, certificate_for_name(**form.cleaned_data), form)


@unlisted
@require_GET
def verify_code(request: HttpRequest, number: str) -> HttpResponse:
    """Answer somebody who scanned the QR code: its check text stands for the name."""
    if not _may_try(request):
        return _too_many(request)
    form = VerifyForm(initial={"number": number[:60]})
    return _answer(request, certificate_for_code(number, request.GET.get("k", "")), form)


@login_required
@never_cache
@require_GET
def download(request: HttpRequest, uid: UUID) -> FileResponse:
    """Hand out the PDF to its owner and to the office of its county; nobody else learns it exists."""
    certificate = get_object_or_404(Certificate, uid=uid)
    if not certificate.is_printed or not can_download_certificate(request.user, certificate):
        raise Http404
    return FileResponse(certificate.pdf.open(), as_attachment=True, filename=f"{certificate.number}.pdf")


@login_required
@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show the visitor what she has earned."""
    person = person_of(request.user)
    rows = certificates_of(person) if person else Certificate.objects.none()
    earned = [(certificate, printed_facts(certificate)) for certificate in rows]
    return render(request, "certificates/mine.html", {"earned": earned})


def _may_try(request: HttpRequest) -> bool:
    # allauth knows how many proxies to trust (ALLAUTH_TRUSTED_PROXY_COUNT).
    return may_try(get_adapter(request).get_client_ip(request))


def _answer(request: HttpRequest, certificate: Certificate | None, form: VerifyForm) -> HttpResponse:
    """Show the certificate; the same page and status for an unknown number and a wrong name."""
    if certificate is None:
        return render(request, "certificates/verify.html", {"form": form, "is_unknown": True}, status=404)
    context = {"certificate": certificate, "facts": printed_facts(certificate)}
    return render(request, "certificates/verified.html", context)


def _too_many(request: HttpRequest) -> HttpResponse:
    response = render(request, "certificates/too_many.html", status=429)
    response["Retry-After"] = "600"
    return response
