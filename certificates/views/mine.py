"""What the visitor herself has earned: download, share by a link, object to a revocation."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certificates.addresses import share_address
from certificates.errors import NotInThisState
from certificates.forms import ObjectionForm, ShareForm
from certificates.models import Certificate
from certificates.permissions import can_download_certificate, is_holder
from certificates.queries import printed_facts
from certificates.queries.people import my_papers, open_share, revocation_to_object, shared_certificate
from certificates.services import end_sharing, object_to_revocation, share_certificate
from certificates.views.access import limited, unlisted
from registry.models import User
from registry.queries.people import person_of


@login_required
@never_cache
@require_GET
def download(request: HttpRequest, uid: UUID) -> FileResponse:
    """Hand out the PDF to its owner and to the office of its county; nobody else learns it exists."""
    certificate = get_object_or_404(Certificate, uid=uid)
    if not certificate.is_printed or not can_download_certificate(request.user, certificate):
        raise Http404
    return _file(certificate)


@login_required
@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show the visitor what she has earned."""
    return render(request, "certificates/mine.html", {"earned": my_papers(person_of(request.user))})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say what a link shows and for how long; open one when she agrees."""
    user, certificate = request.user, _own(request, uid)
    assert isinstance(user, User)  # noqa: S101 - whose own it is
    form = ShareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            share_certificate(certificate=certificate, by=user)
        except NotInThisState:
            raise Http404 from None
        return redirect("certificates:share", uid=uid)
    link = open_share(certificate)
    context = {
        "certificate": certificate,
        "facts": printed_facts(certificate),
        "form": form,
        "share": link,
        "address": share_address(link.token) if link else "",
    }
    return render(request, "certificates/share.html", context)


@login_required
@require_POST
def end_share(request: HttpRequest, uid: UUID) -> HttpResponse:
    """End her link at once."""
    user, certificate = request.user, _own(request, uid)
    assert isinstance(user, User)  # noqa: S101 - whose own it is
    if end_sharing(certificate=certificate, by=user):
        messages.success(request, _("The link no longer works."))
    return redirect("certificates:share", uid=uid)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show why a certificate was revoked, and take the holder's objection within her fifteen days."""
    certificate = _own(request, uid)
    revocation = revocation_to_object(certificate)
    if revocation is None:
        raise Http404
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            object_to_revocation(revocation=revocation, words=form.cleaned_data["words"])
        except NotInThisState:
            form.add_error(None, _("The fifteen days are over, or you have objected already."))
        else:
            messages.success(request, _("Your objection is with the office. The answer will appear here."))
            return redirect("certificates:mine")
    facts = printed_facts(certificate, with_full_name=True)
    context = {"certificate": certificate, "facts": facts, "revocation": revocation, "form": form}
    return render(request, "certificates/object.html", context)


@unlisted
@require_GET
@limited
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show a certificate with its full name to somebody who was given the link."""
    certificate = _shared_or_404(token)
    context = {"certificate": certificate, "facts": printed_facts(certificate, with_full_name=True)}
    return render(request, "certificates/shared.html", context | {"token": token})


@unlisted
@require_GET
@limited
def shared_file(request: HttpRequest, token: str) -> FileResponse:
    """Hand out the PDF to somebody who was given the link."""
    return _file(_shared_or_404(token))


def _shared_or_404(token: str) -> Certificate:
    certificate = shared_certificate(token)
    if certificate is None:
        raise Http404
    return certificate


def _own(request: HttpRequest, uid: UUID) -> Certificate:
    certificate = get_object_or_404(Certificate.objects.select_related("design", "person"), uid=uid)
    if not is_holder(request.user, certificate):
        raise Http404
    return certificate


def _file(certificate: Certificate) -> FileResponse:
    return FileResponse(certificate.pdf.open(), as_attachment=True, filename=f"{certificate.number}.pdf")
