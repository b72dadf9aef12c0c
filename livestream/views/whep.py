"""WHEP, the way out for WebRTC: Janus's offer goes to a viewer, her answer comes back; media never pass here.

POST without a body -> 201 with the offer and Location (Janus alone makes offers); PATCH takes the answer, or
further candidates; POST to the Location says that she is still there; DELETE ends. The session cookie
decides, at every step anew, and its CSRF token is asked for.
"""

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from livestream.engines.janus import JanusEngine
from livestream.engines.sdp import candidates_of, ice_server_links
from livestream.models import LiveSession
from livestream.services import direct_viewers as direct
from livestream.views.watching import watched

_SDP = "application/sdp"
_FRAGMENT = "application/trickle-ice-sdpfrag"
_MOST_BYTES = 64 * 1024
View = Callable[..., HttpResponse]


def to_viewers(view: View) -> View:
    """Give the view the engine and a rehearsal the visitor may watch; answer 503 while Janus is away."""

    @never_cache
    @login_required
    @wraps(view)
    def with_session(request: HttpRequest, uid: uuid.UUID, **kwargs: str) -> HttpResponse:
        session = watched(request, uid)
        try:
            engine = direct.direct_engine()
        except KeyError:
            raise Http404 from None
        if session.kind != LiveSession.Kind.REHEARSAL:
            raise Http404
        if int(request.headers.get("Content-Length") or 0) > _MOST_BYTES:
            return HttpResponse(status=413)
        try:
            return view(request, engine, session, **kwargs)
        except OSError:
            return HttpResponse(status=503, headers={"Retry-After": "2"})

    return with_session


@require_POST
@to_viewers
def watch(request: HttpRequest, engine: JanusEngine, session: LiveSession) -> HttpResponse:
    """Open a connection to a viewer; 409 while nobody sends by WebRTC, or with too many watching so."""
    opened = direct.let_in(engine=engine, session=session, viewer=_viewer(request))
    if opened is None:
        return HttpResponse(status=409)
    location = reverse("livestream:whep_connection", args=[session.uid, opened.external_id])
    headers = {"Location": location, "Accept-Patch": f"{_SDP}, {_FRAGMENT}"}
    if engine.ice_servers:
        headers["Link"] = ice_server_links(engine.ice_servers)
    return HttpResponse(opened.offer, status=201, content_type=_SDP, headers=headers)


@require_http_methods(["POST", "PATCH", "DELETE"])
@to_viewers
def connection(
    request: HttpRequest, engine: JanusEngine, session: LiveSession, external_id: str
) -> HttpResponse:
    """Take the answer or candidates, a sign of life, or leave; of her own connection only."""
    if not direct.has_leave(external_id=external_id, session=session, viewer=_viewer(request)):
        raise Http404
    if request.method == "DELETE":
        direct.leave(engine=engine, external_id=external_id)
        return HttpResponse(status=200)
    if request.method == "PATCH":
        return _patched(request, engine, external_id)
    if not direct.stay(external_id=external_id):
        raise Http404
    return HttpResponse(status=204)


def _patched(request: HttpRequest, engine: JanusEngine, external_id: str) -> HttpResponse:
    text = request.body.decode(errors="replace")
    if request.content_type == _SDP and text.startswith("v=0"):
        engine.start(external_id, text)
    elif request.content_type == _FRAGMENT:
        found = candidates_of(text)
        if found.restarts_ice:
            return HttpResponse(status=422)
        engine.trickle(external_id, found.candidates)
    else:
        return HttpResponse(status=415, headers={"Accept-Patch": f"{_SDP}, {_FRAGMENT}"})
    return HttpResponse(status=204)


def _viewer(request: HttpRequest) -> direct.Viewer:
    """Name the login at this browser, without keeping the key of its session anywhere else."""
    login = salted_hmac("livestream.views.whep", request.session.session_key or "").hexdigest()
    return direct.Viewer(request.user.pk, login)  # type: ignore[arg-type]
