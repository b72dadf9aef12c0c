"""What a sender speaks to: pieces in, what is missing out, the end. Her own rehearsal or class alone."""

import json
import uuid
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from livestream.class_permissions import sent_by
from livestream.errors import (
    ChunkConflict,
    ChunkTooLarge,
    DiskFull,
    HashMismatch,
    LivestreamError,
    SessionOver,
)
from livestream.forms import DeclaredPartForm
from livestream.models import LiveClass, LiveSession
from livestream.queries.media import parts_received, session_of
from livestream.services import Chunk, Declared, end_session, finish, take_chunk
from livestream.services.chunks import MOST_CHUNK_BYTES, MOST_PARTS
from livestream.services.live_class import end_class
from livestream.views.class_access import visitor
from registry.queries.people import person_of

_STATUS = {
    ChunkConflict: HTTPStatus.CONFLICT,
    HashMismatch: HTTPStatus.UNPROCESSABLE_ENTITY,
    SessionOver: HTTPStatus.GONE,
    ChunkTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    DiskFull: HTTPStatus.INSUFFICIENT_STORAGE,
}


@require_http_methods(["PUT"])
@login_required
@never_cache
def chunk(request: HttpRequest, uid: uuid.UUID, part: int, seq: int) -> HttpResponse:
    """Take one piece; see `services.chunks`."""
    session = _own(request, uid)
    length = request.headers.get("Content-Length", "")
    if not length.isdigit() or int(length) > MOST_CHUNK_BYTES:
        return _refused(ChunkTooLarge())
    piece = Chunk(
        part=part,
        seq=seq,
        sha256=request.headers.get("X-Chunk-Sha256", ""),
        body=request.read(MOST_CHUNK_BYTES + 1),
        wall_start=_moment(request.headers.get("X-Wall-Start", "")),
        mime=request.content_type or "",
        client=request.headers.get("User-Agent", ""),
    )
    try:
        taken = take_chunk(session=session, chunk=piece)
    except LivestreamError as error:
        return _refused(error)
    return JsonResponse({"stored": taken.is_new, "have": taken.have})


@require_GET
@login_required
@never_cache
def state(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Tell what is here, what is missing, and the server's clock for the sender to set its own by."""
    session = _own(request, uid)
    return JsonResponse(
        {
            "state": session.state,
            "is_declared": session.is_declared,
            "parts": {
                str(each.number): {"have": each.have, "missing": each.missing}
                for each in parts_received(session)
            },
            "server_time": timezone.now().isoformat(),
        }
    )


@require_POST
@login_required
@never_cache
def end(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """End the session; the answer names the pieces that are still missing.

    A plain form ends it too, and says nothing about pieces.
    """
    session = _own(request, uid)
    if session.kind == LiveSession.Kind.CLASS:
        end_class(live_class=LiveClass.objects.get(session=session), by=visitor(request))
    if request.content_type != "application/json":
        end_session(session=session)
        session.refresh_from_db(fields=["state"])
        return JsonResponse({"state": session.state, "missing": {}})
    try:
        done = finish(session=session, parts=_declared(request.body))
    except ValueError:
        return JsonResponse({"error": "parts"}, status=HTTPStatus.BAD_REQUEST)
    except LivestreamError as error:
        return _refused(error)
    session.refresh_from_db(fields=["state"])
    missing = {str(part): seqs for part, seqs in done.missing.items()}
    return JsonResponse({"state": session.state, "missing": missing})


def _own(request: HttpRequest, uid: uuid.UUID) -> LiveSession:
    person = person_of(request.user)
    session = session_of(person, uid) if person else None
    session = session or _own_class(request, uid)
    if session is None:
        raise Http404
    return session


def _own_class(request: HttpRequest, uid: uuid.UUID) -> LiveSession | None:
    """Return the session of a class that its teacher has begun: pictures alone begin none."""
    begun = sent_by(visitor(request)).filter(session__uid=uid, session__started_at__isnull=False)
    live_class = begun.select_related("session").first()
    return live_class.session if live_class else None


def _refused(error: LivestreamError) -> JsonResponse:
    return JsonResponse({"stored": False, "error": str(error)}, status=_STATUS[type(error)])


def _moment(text: str) -> datetime | None:
    """Return a moment with its zone; None for anything else: the piece is worth more than its clock."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


def _declared(body: bytes) -> list[Declared]:
    """Read the parts; raises ValueError for what is none."""
    told: Any = json.loads(body or b"{}")
    listed = told.get("parts") if isinstance(told, dict) else None
    if not isinstance(listed, list) or len(listed) > MOST_PARTS:
        raise ValueError("parts")
    declared = []
    for each in listed:
        form = DeclaredPartForm(each if isinstance(each, dict) else {})
        if not form.is_valid():
            raise ValueError("parts")
        declared.append(Declared(**form.values()))
    return declared
