"""The rehearsal room on the phone: what is by nature a camera needs JavaScript, the rest works without."""

import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_permissions_policy.decorators import permissions_policy_override

from livestream.errors import LivestreamError
from livestream.forms import MarksForm, RecordingFileForm
from livestream.models import LiveSession
from livestream.queries import Room, may_record, next_part_number, rehearsal_of, room_of
from livestream.queries.connections import outside_engines
from livestream.room_texts import ROOM_TEXTS
from livestream.services import note_marks, take_file
from registry.queries.people import person_of
from registry.stations import stay_open

View = Callable[..., HttpResponseBase]
ROOM_REST_SECONDS = 60 * 60  # how long a phone of the station may be without network in the room
_PROBE_BYTES = 1024 * 1024
WITH_CAMERA: dict[str, str | list[str] | tuple[str]] = {
    **settings.PERMISSIONS_POLICY,
    "camera": ["self"],
    "microphone": ["self"],
}


def of_host(view: View) -> View:
    """Give the view the visitor's own rehearsal; another's and none at all look the same."""

    @login_required
    @wraps(view)
    def with_session(request: HttpRequest, uid: uuid.UUID, **kwargs: Any) -> HttpResponseBase:
        person = person_of(request.user)
        session = rehearsal_of(person, uid) if person else None
        if session is None:
            raise Http404
        return view(request, session, **kwargs)

    return with_session


@require_GET
@never_cache
@permissions_policy_override(WITH_CAMERA)
@of_host
def room(request: HttpRequest, session: LiveSession) -> HttpResponse:
    """Show the room; who has not agreed to being recorded is asked first."""
    if not session.is_over and not may_record(session, timezone.localdate()):
        return redirect(f"{reverse('livestream:rehearsal_consent')}?{urlencode({'room': str(session.uid)})}")
    shown = room_of(session, get_language() or "")
    context = {
        "session": session,
        "room": shown,
        "script": _for_script(request, shown),
        "file_form": RecordingFileForm(),
        "other_apps": outside_engines(),
    }
    response = render(request, "livestream/room.html", context)
    stay_open(request, response, ROOM_REST_SECONDS)
    return response


@require_POST
@of_host
def speed(request: HttpRequest, session: LiveSession) -> JsonResponse:
    """Take a probe of the network and throw it away."""
    taken = sum(len(piece) for piece in iter(lambda: request.read(64 * 1024), b""))
    return JsonResponse({"bytes": min(taken, _PROBE_BYTES)}, status=413 if taken > _PROBE_BYTES else 200)


@require_POST
@of_host
def marks(request: HttpRequest, session: LiveSession) -> JsonResponse:
    """Keep when she went on, what she was asked and what she answered; sent twice it is kept once."""
    form = MarksForm(_sent_marks(request), session=session)
    if not form.is_valid():
        return JsonResponse({"error": _first_error(form)}, status=400)
    try:
        note_marks(session=session, marks=form.cleaned_data["marks"])
    except LivestreamError as error:
        return JsonResponse({"error": str(error)}, status=413)
    return JsonResponse({"stored": True})


@require_POST
@of_host
def file(request: HttpRequest, session: LiveSession) -> HttpResponse:
    """Take a video filmed with the phone's own camera whole, from a browser without JavaScript."""
    if not may_record(session, timezone.localdate()):
        return redirect(f"{reverse('livestream:rehearsal_consent')}?{urlencode({'room': str(session.uid)})}")
    form = RecordingFileForm(request.POST, request.FILES)
    if form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            take_file(session=session, file=sent, mime=sent.content_type or "")
        except LivestreamError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Thank you, we have your video. It is being made ready to watch."))
            return redirect("livestream:rehearsals")
    else:
        messages.error(request, _first_error(form))
    return redirect("livestream:room", session.uid)


def store_of(request: HttpRequest) -> str:
    """Return the name of the phone's store for this login; it tells nobody whose it is."""
    user_key = str(request.user.pk)
    return salted_hmac("livestream.room.store", user_key, algorithm="sha256").hexdigest()[:24]


def _sent_marks(request: HttpRequest) -> dict[str, Any]:
    """Return the fields of the body; of one that claims to be JSON and is none, what no form takes."""
    if request.content_type != "application/json":
        return {"marks": request.POST.get("marks", "")}
    try:
        sent = json.loads(request.body)
    except ValueError:
        sent = None
    return {"marks": sent["marks"]} if isinstance(sent, dict) and "marks" in sent else {"marks": "?"}


def _first_error(form: Form) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)


def _for_script(request: HttpRequest, shown: Room) -> dict[str, Any]:
    """Return what the page's script needs to know."""
    session = shown.session
    return {
        "session": str(session.uid),
        "store": store_of(request),
        "isOver": session.is_over,
        "nextPart": next_part_number(session),
        "serverTime": timezone.now().isoformat(),
        "segments": shown.plan(),
        "audience": shown.remarks(),
        "texts": {key: str(text) for key, text in ROOM_TEXTS.items()},
        "urls": {
            "chunk": reverse("livestream:chunk", args=[session.uid, 0, 0]),
            **{
                name: reverse(f"livestream:room_{name}", args=[session.uid])
                for name in ("state", "finish", "speed", "marks")
            },
        },
    }
