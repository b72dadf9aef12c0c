"""WHIP (RFC 9725): an offer comes in, Janus's answer goes out; media never pass here.

POST offer -> 201 with answer and Location; PATCH adds candidates; DELETE ends. The Bearer token is the secret
of a credential and decides alone; no cookie is looked at, so there is nothing to forge.
"""

import uuid
from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from livestream.engines import AuthRequest, engine_named
from livestream.engines.base import Action
from livestream.engines.janus import JanusEngine
from livestream.engines.sdp import candidates_of
from livestream.models import Engine, LiveSession
from livestream.queries.connections import connection_with
from livestream.services.ingest import admit, leave

_SDP = "application/sdp"
_FRAGMENT = "application/trickle-ice-sdpfrag"
_MOST_BYTES = 64 * 1024
View = Callable[..., HttpResponse]


def of_janus(view: View) -> View:
    """Give the view the engine and answer 503 while Janus is away; 404 where this site has none."""

    @csrf_exempt
    @wraps(view)
    def with_engine(request: HttpRequest, uid: uuid.UUID, **kwargs: str) -> HttpResponse:
        try:
            engine = engine_named(Engine.JANUS)
        except KeyError:
            raise Http404 from None
        if not _bearer(request) and request.method != "OPTIONS":
            raise Http404  # whoever brings nothing learns nothing
        if int(request.headers.get("Content-Length") or 0) > _MOST_BYTES:
            return HttpResponse(status=413)
        try:
            return view(request, engine, uid, **kwargs)
        except OSError:
            return HttpResponse(status=503, headers={"Retry-After": "2"})

    return with_engine


@of_janus
@require_http_methods(["POST", "OPTIONS"])
def publish(request: HttpRequest, engine: JanusEngine, uid: uuid.UUID) -> HttpResponse:
    """Let a sender in and answer her offer."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Accept-Post": _SDP, "Allow": "POST, OPTIONS"})
    asked = _asked(request, uid)
    if not engine.authorise(asked).is_allowed:
        return _refused()
    if request.content_type != _SDP:
        return HttpResponse(status=415, headers={"Accept-Post": _SDP})
    offer = request.body.decode(errors="replace")
    if not offer.startswith("v=0"):
        return HttpResponse("not an SDP", status=400, content_type="text/plain")
    external_id = engine.connect()
    try:
        answer = _negotiated(request, engine, uid, external_id, offer)
    except OSError:
        leave(engine=engine, external_id=external_id)
        raise
    if not answer:
        engine.disconnect(external_id, "refused")
        return HttpResponse(status=409)
    location = reverse("livestream:whip_connection", args=[uid, external_id])
    return HttpResponse(
        answer,
        status=201,
        content_type=_SDP,
        headers={"Location": location, "ETag": f'"{external_id}"', "Accept-Patch": _FRAGMENT},
    )


@of_janus
@require_http_methods(["PATCH", "DELETE"])
def connection(request: HttpRequest, engine: JanusEngine, uid: uuid.UUID, external_id: str) -> HttpResponse:
    """Add candidates to a connection, or end it; only who holds the secret it came with may."""
    attempt = connection_with(_bearer(request), uid, external_id)
    if attempt is None:
        return _refused()
    if request.method == "DELETE":
        leave(engine=engine, external_id=external_id)
        return HttpResponse(status=200)
    if request.content_type != _FRAGMENT:
        return HttpResponse(status=415, headers={"Accept-Patch": _FRAGMENT})
    found = candidates_of(request.body.decode(errors="replace"))
    if found.restarts_ice:
        return HttpResponse(status=422)  # as the RFC has it for those who only add candidates
    engine.trickle(external_id, found.candidates)
    return HttpResponse(status=204)


def _negotiated(
    request: HttpRequest, engine: JanusEngine, uid: uuid.UUID, external_id: str, offer: str
) -> str:
    """Return Janus's answer; empty when somebody else sends already."""
    if not admit(engine=engine, request=_asked(request, uid, external_id)).is_allowed:
        return ""
    return engine.publish(external_id, LiveSession.objects.get(uid=uid), offer)


def _asked(request: HttpRequest, uid: uuid.UUID, external_id: str = "") -> AuthRequest:
    client = request.headers.get("User-Agent", "")[:200]
    return AuthRequest(Action.PUBLISH, uid.hex, _bearer(request), timezone.now(), external_id, client)


def _bearer(request: HttpRequest) -> str:
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def _refused() -> HttpResponse:
    return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
