"""What the pages share: kept out of search engines, limited per address."""

from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from certificates.attempts import may_try
from registry.capabilities import Capability
from registry.models import User
from registry.permissions import may, scope_codes

View = Callable[..., HttpResponseBase]


def unlisted(view: View) -> View:
    """Keep the pages of `view` out of search engines and caches."""

    @wraps(view)
    def wrapper(*args: object, **kwargs: object) -> HttpResponseBase:
        response = view(*args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(wrapper)


def limited(view: View) -> View:
    """Let an address try so often in ten minutes; looking at an empty form is no try."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        is_try = request.method == "POST" or bool(kwargs)
        # allauth knows how many proxies to trust (ALLAUTH_TRUSTED_PROXY_COUNT).
        if is_try and not may_try(get_adapter(request).get_client_ip(request)):
            return _too_many(request)
        return view(request, *args, **kwargs)

    return wrapper


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a machine asks."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _too_many(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        response: HttpResponse = JsonResponse({"error": "too many checks"}, status=429)
    else:
        response = render(request, "certificates/too_many.html", status=429)
    response["Retry-After"] = "600"
    return response


def desk_user(request: HttpRequest, *capabilities: Capability) -> User:
    """Return the signed-in user if she may do one of these somewhere; raises `Http404` otherwise."""
    user = request.user
    if not isinstance(user, User) or not any(may(user, each) for each in capabilities):
        raise Http404
    return user


def desk_codes(user: User, *capabilities: Capability) -> list[str]:
    """Return the codes of the regions in which she may do one of these."""
    return sorted({code for each in capabilities for code in scope_codes(user, each)})
