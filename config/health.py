"""`/healthz` says that the process answers, `/readyz` that everything it needs does."""

from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.celery_app import HEARTBEAT_KEY
from livestream.agent.supervisor import HEARTBEAT as MEDIA_AGENT_KEY
from livestream.models import Engine


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process serves requests; asks nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200, or 503 when a part fails that this site needs; the JSON says of each part how it is."""
    parts = {name: "ok" if _works(check) else "failing" for name, check in _CHECKS.items()}
    if parts["media"] == "failing" and not _needs_media_agent():
        parts["media"] = "absent"
    is_ready = "failing" not in parts.values()
    return JsonResponse({"ready": is_ready, "parts": parts}, status=200 if is_ready else 503)


def _needs_media_agent() -> bool:
    """Tell whether a media server is in use: the agent alone notices when one dies, and ends what it carried.

    Without one, rehearsals are recorded all the same and nobody sees them live.
    """
    return bool(set(settings.LIVE_ENGINES) - {Engine.CHUNKS})


def _works(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _redis_answers() -> bool:
    cache.set("readyz", 1, 5)
    return cache.get("readyz") == 1


def _worker_is_alive() -> bool:
    return cache.get(HEARTBEAT_KEY) is not None


def _media_agent_is_alive() -> bool:
    return cache.get(MEDIA_AGENT_KEY) is not None


_CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database_answers,
    "redis": _redis_answers,
    "worker": _worker_is_alive,
    "media": _media_agent_is_alive,
}
