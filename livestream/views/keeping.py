"""Keeping a recording beyond its time, such as during a complaint: for the office, which sees none of it."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from livestream.forms import KeepForm
from livestream.models import LiveSession
from livestream.permissions import can_keep_recording, keeping_scopes
from livestream.queries.media import kept_recordings
from livestream.services import hold_recording, release_recording
from registry.models import User

ON_A_PAGE = 30


@never_cache
@require_GET
def recording_list(request: HttpRequest) -> HttpResponse:
    """List the recordings of the office's region: whose, when, until when; those on hold first."""
    _keeper(request)
    return _page(request, KeepForm())


@require_POST
def recording_keep(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Keep a recording with a reason, or let it go its way."""
    user = _keeper(request)
    session = LiveSession.objects.select_related("place", "person").filter(uid=uid).first()
    if session is None or not can_keep_recording(user, session):
        raise Http404
    if "release" in request.POST:
        release_recording(session=session, by=user, request=request)
        messages.success(request, _("It goes its way again."))
        return redirect("recording_list")
    form = KeepForm(request.POST)
    if not form.is_valid():
        return _page(request, form, uid)
    hold_recording(session=session, by=user, reason=form.cleaned_data["reason"], request=request)
    messages.success(request, _("It is kept until you let it go."))
    return redirect("recording_list")


def _keeper(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not keeping_scopes(request.user):
        raise Http404
    return request.user


def _page(request: HttpRequest, form: KeepForm, uid: uuid.UUID | None = None) -> HttpResponse:
    recordings = kept_recordings(keeping_scopes(request.user))
    page = Paginator(recordings, ON_A_PAGE).get_page(request.GET.get("p"))
    rows = [
        (session, form if session.uid == uid else KeepForm(auto_id=f"{session.uid}_%s")) for session in page
    ]
    return render(request, "livestream/admin/recordings.html", {"rows": rows, "page": page})
