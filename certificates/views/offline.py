"""The page that checks a QR code without a network: installable, and it says how old its list is."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

_SCRIPTS = ("code", "offline", "scan")


@require_safe
@cache_control(public=True, max_age=3600)
def page(request: HttpRequest) -> HttpResponse:
    """Return the page; the same for everybody, so in large text and without a request's session."""
    return HttpResponse(_page())


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """Return the manifest by which a phone installs the page."""
    icons = [
        {"src": static(f"cms/icons/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    answer = {
        "name": _("Check certificates"),
        "short_name": _("Check"),
        "start_url": reverse("certificates:offline"),
        "scope": reverse("certificates:verify"),
        "display": "standalone",
        "background_color": "#faf7f0",
        "theme_color": "#1c6b46",
        "icons": icons,
    }
    return JsonResponse(answer, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """Return the script that keeps page, keys and list on the phone; versioned by what it keeps."""
    files = [
        static("cms/css/site.css"),
        static("certificates/css/certificates.css"),
        *(static(f"certificates/js/{name}.js") for name in _SCRIPTS),
        *_reader(),
    ]
    context = {
        "page": reverse("certificates:offline"),
        "files": files,
        "data": [reverse("certificates:keys"), reverse("certificates:revoked")],
        "version": sha256("".join([_page(), *files]).encode()).hexdigest()[:12],
    }
    response = render(request, "certificates/worker.js", context, content_type="text/javascript")
    response["Service-Worker-Allowed"] = reverse("certificates:verify")
    return response


def _page() -> str:
    reader = _reader()
    context = {"is_large_text": True, "reader": reader[0] if reader else "", "language": get_language()}
    return render_to_string("certificates/offline.html", context)


def _reader() -> list[str]:
    """Return the code reader for browsers without one of their own; nothing where it was not installed."""
    try:
        return [static("jsqr/jsQR.js")]
    except ValueError:
        return []
