"""What engines ask and tell. They answer for themselves: without their key nothing is read.

Only engines on the machines of `LIVE_ENGINE_ADDRESSES` are heard, and nothing that a proxy hands on.
"""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from livestream.engines import Untrusted, engine_named
from livestream.services.ingest import admit, take_events


@csrf_exempt
@require_POST
def hook(request: HttpRequest, name: str) -> HttpResponse:
    """Take an engine's callback: 200 is yes, 403 no, and who is no engine finds nothing here.

    Whatever goes wrong is no yes. SRS reads the code in the body as well.
    """
    try:
        engine = engine_named(name)
        events = engine.parse_webhook(request)
    except (KeyError, Untrusted):
        raise Http404 from None
    now = timezone.now()
    asked = engine.door(request, now)
    if asked is not None and not admit(engine=engine, request=asked, now=now).is_allowed:
        return JsonResponse({"code": 403}, status=403)
    take_events(engine=engine, events=events, now=now)
    return JsonResponse({"code": 0})
