"""The few addresses of the site's frame that are not pages of the tree."""

from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from cms.context_processors import LARGE, TEXT_SIZE_COOKIE, display
from cms.forms import PatternForm
from courses.queries.stories import stories_shown, told

ONE_YEAR = 365 * 24 * 60 * 60
STORIES_A_PAGE = 24


# No token: the switch stands on pages cached for everybody; a forged press changes the size of letters only.
@csrf_exempt
@require_POST
def set_text_size(request: HttpRequest) -> HttpResponse:
    """Turn the large-text mode on (`size=large`) or off, and lead back to `next`."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    response = HttpResponse(status=303, headers={"Location": target if is_ours else "/"})
    if request.POST.get("size") == LARGE:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(TEXT_SIZE_COOKIE, LARGE, ONE_YEAR, secure=secure, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(TEXT_SIZE_COOKIE)
    return response


@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def manifest(request: HttpRequest) -> JsonResponse:
    """Return the web app manifest, in the language of its address."""
    icons = [
        {"src": static("cms/icons/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        *(
            {"src": static(f"cms/icons/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)
        ),
    ]
    answer = {
        "name": _("Cunbo"),
        "short_name": _("Cunbo"),
        "start_url": reverse("wagtail_serve", args=[""]),
        "display": "standalone",
        "background_color": "#faf7f0",
        "theme_color": "#1c6b46",
        "icons": icons,
    }
    return JsonResponse(answer, content_type="application/manifest+json")


@require_safe
@cache_control(public=True, max_age=60 * 60)
def offline(request: HttpRequest) -> HttpResponse:
    """Return the page a browser shows without a network; the same for everybody, so in large text."""
    return HttpResponse(_offline_page())


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the script that keeps the offline page; versioned by the page and its style."""
    context = {"style_sheet": static("cms/css/site.css")}
    pages = []
    for language in ("zh-hans", "en"):
        with override(language):
            context[f"offline_{language[:2]}"] = reverse("cms:offline")
            pages.append(_offline_page())
    version = sha256("".join([*pages, context["style_sheet"]]).encode()).hexdigest()[:12]
    script = render_to_string("cms/service_worker.js", {**context, "version": version})
    return HttpResponse(script, content_type="text/javascript")


def _offline_page() -> str:
    return render_to_string("offline.html", {"is_large_text": True})


@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """Show every agreed class in use; only in the demo."""
    if not settings.DEMO:
        raise Http404
    form = PatternForm({"phone": "1380013", "consent": ""}) if "errors" in request.GET else PatternForm()
    return render(request, "cms/patterns.html", {"form": form})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 in the site's look, with nothing read from a request that may be forged."""
    return HttpResponse(render_to_string("400.html", display(request)), status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid token; the reason is for the log only."""
    return HttpResponse(render_to_string("403_csrf.html", display(request)), status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without the database, the session or a context processor: any of them may be what broke."""
    return HttpResponse(render_to_string("500.html", display(request)), status=500)


# Never kept: who takes her consent back is off the site at once.
@require_safe
@never_cache
def stories(request: HttpRequest) -> HttpResponse:
    """List the stories of trainees who agree to it today."""
    page = Paginator(stories_shown(timezone.localdate()), STORIES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "cms/stories.html", {"page_obj": page})


@require_safe
@never_cache
def story(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one story with what stands behind it; without her consent there is none."""
    shown = stories_shown(timezone.localdate()).select_related("person")
    return render(request, "cms/story.html", {"told": told(get_object_or_404(shown, uid=uid))})
