"""Who is let into the desk, and what of it is open to her."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from registry.capabilities import Capability
from registry.permissions import RegionReach, capabilities_of, may, region_reach

View = Callable[..., HttpResponse]


def for_those_who_may(*capabilities: Capability) -> Callable[[View], View]:
    """Let in who may do all of it somewhere; send visitors to sign in, and everybody else finds nothing."""

    def decorator(view: View) -> View:
        @login_required
        @never_cache
        @wraps(view)
        def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not all(may(request.user, capability) for capability in capabilities):
                raise Http404
            return view(request, *args, **kwargs)

        return wrapper

    return decorator


def reach_of(request: HttpRequest) -> RegionReach:
    """Return where she works as what; asked once a request."""
    found: RegionReach = request.__dict__.setdefault("desk_reach", None) or region_reach(request.user)
    request.__dict__["desk_reach"] = found
    return found


def desk_links(request: HttpRequest) -> dict[str, bool]:
    """What of the desk is open to her: the pages check again."""
    allowed = capabilities_of(request.user)
    return {
        "may_read_figures": Capability.READ_FIGURES in allowed,
        "may_read_people": Capability.READ_PEOPLE in allowed,
        "may_read_classes": Capability.READ_CLASSES in allowed,
        "may_export": Capability.EXPORT in allowed,
        "may_audit": {Capability.READ_FIGURES, Capability.READ_PEOPLE} <= allowed,
        "may_settle": Capability.SETTLE_FLAG in allowed,
        "may_close": Capability.CLOSE_CLASS in allowed,
    }
