"""Watching a session: the page, a fresh address for its player, the media where no nginx stands in front."""

import uuid
from http import HTTPStatus
from pathlib import PurePosixPath

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from courses.byte_ranges import file_response
from livestream import raw
from livestream.models import LiveSession
from livestream.permissions import can_watch
from livestream.queries.watching import note_watcher, watch_page_of
from livestream.signing import LIFE, Leave, check_media_token, media_base
from registry.private_files import StoredFile, private_storage
from registry.queries.people import is_same_person, person_of

# What a player asks for; the raw parts lie beside it and are for nobody.
_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".ts": "video/mp2t",
    ".m4s": "video/mp4",
    ".mp4": "video/mp4",
    ".m4a": "audio/mp4",
    ".jpg": "image/jpeg",
    ".json": "application/json",
}
_FOLDERS = {"hls", "vod"}


@require_GET
@login_required
def recording(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show a session on air, its recording, or how far that is."""
    session = watched(request, uid)
    watch = watch_page_of(session, media_base(session.uid, timezone.now()))
    if not watch.is_direct:  # else the delayed picture is made once somebody asks for it
        note_watcher(session)
    is_own = session.person_id is not None and is_same_person(person_of(request.user), session.person)
    return render(request, "livestream/recording.html", {"watch": watch, "is_own": is_own})


@require_GET
@login_required
@never_cache
def link(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Give the player a fresh address, as long as its viewer may watch."""
    session = watched(request, uid)
    note_watcher(session)
    now = timezone.now()
    watch = watch_page_of(session, media_base(session.uid, now))
    return JsonResponse(
        {"base": watch.base, "state": session.state, "is_live": watch.is_live, "seconds": LIFE.seconds}
    )


@require_safe
def media(request: HttpRequest, token: str, uid: uuid.UUID, file: str) -> HttpResponseBase:
    """Hand out a file of a session to whoever has an address that still holds."""
    leave = check_media_token(token, uid, timezone.now())
    if leave is Leave.REFUSED:
        return _no(_("This address is not valid."), HTTPStatus.FORBIDDEN)
    if leave is Leave.EXPIRED:
        return _no(_("This address has expired. Open the page again."), HTTPStatus.GONE)
    name, kind = _file_name(uid, file)
    storage = private_storage()
    if not storage.exists(name):
        raise Http404
    is_moving = kind == ".m3u8" and file.startswith("hls/")
    caching = "no-store" if is_moving else "private, max-age=3600"
    etag = f"{storage.size(name)}-{storage.get_modified_time(name).timestamp()}"
    return file_response(
        request,
        StoredFile(storage, name),
        content_type=_TYPES[kind],
        etag=etag,
        headers={"Cache-Control": caching},
    )


def watched(request: HttpRequest, uid: uuid.UUID) -> LiveSession:
    """Return a session the visitor may watch; a foreign one and none at all look the same."""
    session = (
        LiveSession.objects.select_related("person", "place", "run_version", "run").filter(uid=uid).first()
    )
    if session is None or not can_watch(request.user, session):
        raise Http404
    return session


def _file_name(uid: uuid.UUID, file: str) -> tuple[str, str]:
    """Return the file's name in the storage and its suffix; raises Http404 for whatever is not media."""
    path = PurePosixPath(file)
    is_plain = all(part not in {"", ".", ".."} and not part.startswith(".") for part in file.split("/"))
    if not is_plain or path.parts[0] not in _FOLDERS or path.suffix not in _TYPES:
        raise Http404
    return f"{raw.FOLDER}/{uid}/{path}", path.suffix


def _no(text: str, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
