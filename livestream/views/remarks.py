"""Making remarks, answering and settling them, and hearing the voice notes."""

import uuid
from datetime import timedelta
from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.byte_ranges import file_response
from livestream.coaching_permissions import can_remark_as_peer, is_host, may_review
from livestream.models import LiveSession, TimelineComment
from livestream.queries.reviews import last_given, rubric_in_force
from livestream.review_errors import ReviewError
from livestream.review_forms import AnswerForm, RemarkForm
from livestream.services.remarks import LEAD, add_remark, answer_remark, settle_remark, take_back_remark
from livestream.timeline import wall_time

Role, State = TimelineComment.Role, TimelineComment.State


def role_in(request: HttpRequest, session: LiveSession) -> str | None:
    """Return as what the visitor may remark on a rehearsal; None when she may not."""
    if may_review(request.user, session):
        return Role.COACH
    return Role.PEER if can_remark_as_peer(request.user, session) else None


@require_POST
@login_required
def add(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Keep a remark; a script that sends one gets JSON."""
    session = get_object_or_404(LiveSession, uid=uid, kind=LiveSession.Kind.REHEARSAL)
    role = role_in(request, session)
    if role is None:
        raise Http404
    is_live = not session.is_watchable
    form = RemarkForm(request.POST, request.FILES, rubric=rubric_in_force(), is_live=is_live)
    if not form.is_valid():
        return _refused(request, session, role, _first_error(form))
    try:
        remark = _keep(request, session, role, form, is_live=is_live)
    except ReviewError as error:
        return _refused(request, session, role, str(error))
    if _wants_json(request):
        return JsonResponse({"uid": str(remark.uid), "at": remark.wall_time.isoformat()})
    messages.success(request, _("The remark is kept."))
    return redirect(f"{_page(session, role)}#remarks")


def _keep(
    request: HttpRequest, session: LiveSession, role: str, form: RemarkForm, *, is_live: bool
) -> TimelineComment:
    """Anchor it to the clock: a press while it runs is three seconds late, a chosen second is exact."""
    if is_live:
        pressed, lead = form.cleaned_data["pressed"] or timezone.now(), LEAD
    else:
        shown = wall_time(list(session.parts.all()), form.at)
        pressed, lead = shown or session.started_at or session.created_at, timedelta(0)
    return add_remark(
        session=session,
        author=request.user,  # type: ignore[arg-type]
        role=role,
        client_token=form.cleaned_data["client_token"],
        pressed_at=pressed,
        said=form.said,
        lead=lead,
    )


def _first_error(form: RemarkForm) -> str:
    return next(str(errors[0]) for errors in form.errors.values())


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _refused(request: HttpRequest, session: LiveSession, role: str, reason: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"error": reason}, status=422)
    messages.error(request, reason)
    return redirect(_page(session, role))


def _page(session: LiveSession, role: str) -> str:
    return reverse("livestream:review" if role == Role.COACH else "livestream:peer", args=[session.uid])


def _may_see(request: HttpRequest, remark: TimelineComment) -> bool:
    """A host sees what is shown; an author her own; a coach others' once her own review is given."""
    if remark.state == State.WITHDRAWN:
        return False
    if remark.author_id == request.user.pk:
        return role_in(request, remark.session) is not None
    if remark.state != State.SHOWN:
        return False
    if is_host(request.user, remark.session):
        return True
    is_coach = may_review(request.user, remark.session)
    return is_coach and last_given(remark.session, request.user) is not None  # type: ignore[arg-type]


def _seen(request: HttpRequest, uid: uuid.UUID) -> TimelineComment:
    remarks = TimelineComment.objects.select_related("session__person", "author")
    remark: TimelineComment = get_object_or_404(remarks, uid=uid)
    if not _may_see(request, remark):
        raise Http404
    return remark


@require_GET
@login_required
def voice(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Send a voice note to whoever may see its remark."""
    remark = _seen(request, uid)
    if not remark.voice:
        raise Http404
    headers = {"Cache-Control": "private, max-age=86400"}
    name = Path(remark.voice.name or "").name
    return file_response(request, remark.voice, content_type="audio/mp4", etag=name, headers=headers)


@require_POST
@login_required
def settle(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Tick one's remark as settled, or open it again."""
    remark = _seen(request, uid)
    if not is_host(request.user, remark.session):
        raise Http404
    settle_remark(remark=remark, is_settled=request.POST.get("settled") == "1")
    return redirect(_remark_address(request, remark))


@require_POST
@login_required
def take_back(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Take one's own remark back."""
    remark = _seen(request, uid)
    if remark.author_id != request.user.pk:
        raise Http404
    take_back_remark(remark=remark)
    messages.success(request, _("Taken back."))
    return redirect(f"{_page(remark.session, remark.role)}#remarks")


@require_POST
@login_required
def answer(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Answer a remark: its host, or whoever made it."""
    remark = _seen(request, uid)
    if not is_host(request.user, remark.session) and remark.author_id != request.user.pk:
        raise Http404
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer_remark(remark=remark, author=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except ReviewError as error:
            messages.error(request, str(error))
    else:
        messages.error(request, _("Write an answer first."))
    return redirect(_remark_address(request, remark))


def _remark_address(request: HttpRequest, remark: TimelineComment) -> str:
    if is_host(request.user, remark.session):
        page = reverse("livestream:result", args=[remark.session.uid])
    else:
        page = _page(remark.session, remark.role)
    return f"{page}#remark-{remark.uid}"
