"""Open Badges: the holder's own badge, and what any verifier asks us for."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_safe
from django.views.decorators.vary import vary_on_headers

from certificates.errors import NothingSigns
from certificates.models import Certificate
from certificates.permissions import can_download_certificate
from certificates.queries import badges

JSON_LD = "application/ld+json"
_OPEN = {"Access-Control-Allow-Origin": "*"}  # verifiers run in browsers too


@login_required
@never_cache
@require_GET
def document(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand out the badge as a document with its proof in it."""
    certificate = _badged_or_404(request, uid)
    return _json(badges.badge_document(certificate), headers=_as_file(certificate, "json"))


@login_required
@never_cache
@require_GET
def token(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand out the badge as a JWT."""
    certificate = _badged_or_404(request, uid)
    headers = _as_file(certificate, "jwt")
    return HttpResponse(badges.badge_token(certificate), content_type="application/vc+jwt", headers=headers)


@require_safe
@cache_control(public=True, max_age=3600)
def issuer(request: HttpRequest) -> HttpResponse:
    """Return the did:web document of the site."""
    try:
        return _json(badges.issuer_document(), headers=_OPEN)
    except NothingSigns:
        raise Http404 from None


@require_safe
@vary_on_headers("Accept")
def achievement(request: HttpRequest, code: str) -> HttpResponse:
    """Return what the badges of a course stand for: to verifiers as JSON, to browsers as a page."""
    if request.get_preferred_type([JSON_LD, "application/json", "text/html"]) == "text/html":
        return _achievement_page(request, code)
    found = badges.achievement(code)
    if found is None:
        raise Http404
    response = _json(found, headers=_OPEN)
    patch_cache_control(response, public=True, max_age=3600)
    return response


def _achievement_page(request: HttpRequest, code: str) -> HttpResponse:
    page = badges.achievement_page(code)
    if page is None:
        raise Http404
    return render(request, "certificates/achievement.html", {"page": page})


@require_safe
@cache_control(public=True, max_age=300)
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """Return a signed list of the badges that no longer hold."""
    try:
        found = badges.status_list(number)
    except NothingSigns:
        raise Http404 from None
    if found is None:
        raise Http404
    return _json(found, headers=_OPEN)


def _badged_or_404(request: HttpRequest, uid: UUID) -> Certificate:
    """Return a certificate that has a badge, to its owner and to the office of its county."""
    certificate = get_object_or_404(Certificate, uid=uid)
    if not badges.has_badge(certificate) or not can_download_certificate(request.user, certificate):
        raise Http404
    return certificate


def _json(found: dict[str, object], headers: dict[str, str]) -> JsonResponse:
    return JsonResponse(
        found, content_type=JSON_LD, headers=headers, json_dumps_params={"ensure_ascii": False}
    )


def _as_file(certificate: Certificate, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{certificate.number}.badge.{ending}"'}
