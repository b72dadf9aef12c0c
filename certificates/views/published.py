"""What anybody may have to check our papers without us: roots, keys, and what no longer holds."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from certificates.models import PublishedKey
from certificates.queries import published, revocation_list


@require_safe
@cache_control(public=True, max_age=3600)
def root(request: HttpRequest) -> HttpResponse:
    """Return the root certificates (PEM), the one in use first."""
    pems = [key.pem for key in published(PublishedKey.Use.ROOT)]
    if not pems:
        raise Http404
    disposition = 'attachment; filename="cunbo-root.crt"'
    return HttpResponse(
        "".join(pems), content_type="application/x-pem-file", headers={"Content-Disposition": disposition}
    )


@require_safe
@cache_control(public=True, max_age=3600)
def keys(request: HttpRequest) -> JsonResponse:
    """Return every key QR codes were signed with."""
    rows = [
        {"id": key.key_id[:8], "pem": key.pem, "since": key.since, "replaced_at": key.replaced_at}
        for key in published(PublishedKey.Use.CODE)
    ]
    return JsonResponse({"algorithm": "ECDSA P-256 SHA-256", "keys": rows})


@require_safe
@cache_control(public=True, max_age=300)
def revoked(request: HttpRequest) -> JsonResponse:
    """Return which versions no longer hold, by a hash of number and version, and as of when."""
    return JsonResponse(revocation_list())
