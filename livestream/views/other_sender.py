"""Sending from another app than our room: OBS or a phone app, where this site runs an engine for it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from livestream.engines import Provision
from livestream.models import Engine, LiveSession
from livestream.queries import may_record
from livestream.queries.connections import door_of, outside_engines
from livestream.services.credentials import cut_off
from livestream.services.ingest import build_ended, open_door
from livestream.services.sessions import end_session
from livestream.views.room import of_host


@require_http_methods(["GET", "POST"])
@never_cache
@of_host
def other_sender(request: HttpRequest, session: LiveSession) -> HttpResponse:
    """Show how it is done and, when asked, a new address and key: the key is shown this once."""
    names = outside_engines()
    if not names:
        raise Http404
    if session.is_over:
        return redirect("livestream:room", session.uid)
    if not may_record(session, timezone.localdate()):
        return redirect(f"{reverse('livestream:rehearsal_consent')}?{urlencode({'room': str(session.uid)})}")
    given = None
    if request.method == "POST" and request.POST.get("engine") in names:
        engine = request.POST["engine"]
        given = _spelt(engine, open_door(session=session, name=engine))
    context = {"session": session, "engines": names, "given": given, "door": door_of(session)}
    return render(request, "livestream/other_sender.html", context)


@require_POST
@of_host
def stop(request: HttpRequest, session: LiveSession) -> HttpResponse:
    """Take the key back and disconnect whoever sends with it; end the rehearsal as well when asked."""
    cut_off(session=session)
    if request.POST.get("end"):
        end_session(session=session)
        build_ended()
        messages.success(request, _("The rehearsal is over. Its recording is being made ready to watch."))
        return redirect("livestream:rehearsals")
    messages.success(request, _("The key no longer works, and nothing more comes in from the app."))
    return redirect("livestream:room", session.uid)


def _spelt(engine: str, given: Provision) -> dict[str, Any]:
    """Return what to type where: apps ask for a server and a key apart from each other."""
    if engine == Engine.NGINX_RTMP:
        server, _slash, key = given.publish_url.rpartition("/")
    else:
        server, key = given.publish_url, given.secret
    return {"engine": engine, "server": server, "key": key, "until": given.expires_at}
