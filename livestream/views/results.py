"""A host's pages about her rehearsal: asking for a review, what came of it, one attempt beside the last."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_permissions_policy.decorators import permissions_policy_override

from livestream.coaching_permissions import PEERS_WATCH, is_host, may_review, rehearsals_of_peers
from livestream.models import LiveSession
from livestream.queries.beside import beside
from livestream.queries.recordings import recording_of, remarks_for_host, remarks_for_peer
from livestream.queries.reviews import (
    attempts_before,
    holding_reviews,
    judged_lines,
    rubric_in_force,
    verdict_of,
)
from livestream.review_errors import ReviewError
from livestream.review_forms import ReflectionForm, RemarkForm
from livestream.services.reviews import ask_for_review
from livestream.views.players import clip_of
from livestream.views.reviews import WITH_MICROPHONE
from registry.queries.consent import has_consent
from registry.queries.people import introduction_of, person_of

PAGE_SIZE = 20


def own_rehearsal(request: HttpRequest, uid: uuid.UUID) -> LiveSession:
    """Return the visitor's own rehearsal; another's and none at all look the same."""
    sessions = LiveSession.objects.select_related("person", "place", "run_version", "run")
    session: LiveSession = get_object_or_404(sessions, uid=uid, kind=LiveSession.Kind.REHEARSAL)
    if not is_host(request.user, session):
        raise Http404
    return session


@require_http_methods(["GET", "POST"])
@login_required
def ask(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Look back with three short questions, then ask for a review."""
    session = own_rehearsal(request, uid)
    if hasattr(session, "review_request"):
        return redirect("livestream:result", uid)
    person = session.person
    may_ask_peers = person is not None and has_consent(person, PEERS_WATCH, timezone.localdate())
    form = ReflectionForm(request.POST or None, may_ask_peers=may_ask_peers)
    if request.method == "POST" and form.is_valid():
        try:
            ask_for_review(session=session, **form.values())
        except ReviewError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Sent. A coach will look at it."))
            return redirect("livestream:result", uid)
    context = {"session": session, "form": form, "player": clip_of(session)}
    return render(request, "livestream/ask.html", context)


@require_GET
@login_required
def result(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show the host her rehearsal with every remark, the marks, and what was measured."""
    session = own_rehearsal(request, uid)
    wish = getattr(session, "review_request", None)
    reviews = holding_reviews(session)
    recording = recording_of(session, remarks_for_host(session))
    context = {
        "session": session,
        "recording": recording,
        "player": clip_of(session),
        "wish": wish,
        "reviews": [(each, judged_lines(each)) for each in reviews],
        "verdict": verdict_of(session, reviews, wish.wanted if wish else 1),
        "open_count": sum(each.remark.resolved_at is None for each in recording.remarks),
        "previous": attempts_before(session).first(),
        "answer_token": uuid.uuid4(),
        "is_own": True,
    }
    return render(request, "livestream/result.html", context)


@require_GET
@login_required
def side_by_side(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show an attempt beside the last one, segment by segment, the old remark beside the new clip."""
    sessions = LiveSession.objects.select_related("person", "run_version", "run")
    session = get_object_or_404(sessions, uid=uid, kind=LiveSession.Kind.REHEARSAL)
    is_own = is_host(request.user, session)
    if not is_own and not may_review(request.user, session):
        raise Http404
    previous = attempts_before(session).first()
    if previous is None or not session.is_watchable:
        raise Http404
    context: dict[str, Any] = {
        "session": session,
        "previous": previous,
        "pairs": beside(session, previous),
        "player": clip_of(session),
        "previous_player": clip_of(previous),
        "is_own": is_own,
    }
    return render(request, "livestream/beside.html", context)


@require_GET
@login_required
def peers(request: HttpRequest) -> HttpResponse:
    """List what fellow trainees of her classes asked for comments on, names hidden."""
    if person_of(request.user) is None:
        return redirect(f"{reverse(introduction_of(request.user))}?{urlencode({'next': request.path})}")
    sessions = rehearsals_of_peers(request.user).select_related("run_version").order_by("-ended_at")
    page = Paginator(sessions, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "livestream/peers.html", {"page_obj": page})


@require_GET
@login_required
@permissions_policy_override(WITH_MICROPHONE)
def peer(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show a fellow trainee's rehearsal without her name, and take remarks."""
    session = _peers(request, uid)
    rubric = rubric_in_force()
    context = {
        "session": session,
        "recording": recording_of(session, remarks_for_peer(session, request.user)),  # type: ignore[arg-type]
        "player": clip_of(session, "livestream:peer_link"),
        "remark_form": RemarkForm(rubric=rubric, initial={"client_token": uuid.uuid4()}),
    }
    return render(request, "livestream/peer.html", context)


@require_GET
@login_required
@never_cache
def peer_link(request: HttpRequest, uid: uuid.UUID) -> JsonResponse:
    """Give a fellow trainee's player a fresh address, as long as she may watch."""
    clip = clip_of(_peers(request, uid), "livestream:peer_link")
    return JsonResponse({"base": clip.base, "seconds": clip.address_seconds})


def _peers(request: HttpRequest, uid: uuid.UUID) -> LiveSession:
    sessions = rehearsals_of_peers(request.user).select_related("run_version")
    session: LiveSession = get_object_or_404(sessions, uid=uid)
    return session
