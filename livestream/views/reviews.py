"""A coach's pages: what waits, a rehearsal to review with its timeline, and marking while it runs."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_permissions_policy.decorators import permissions_policy_override

from livestream.coaching_permissions import can_coach, rehearsals_to_coach
from livestream.models import LiveSession, Review, Rubric
from livestream.queries.recordings import recording_of, remarks_for_coach
from livestream.queries.reviews import (
    attempts_before,
    drafts_of,
    given_by,
    holding_reviews,
    last_given,
    on_air_now,
    open_draft,
    requests_waiting,
    rubric_in_force,
    verdict_of,
)
from livestream.queries.segments import segments_of
from livestream.review_errors import ReviewError
from livestream.review_forms import RemarkForm, RubricForm
from livestream.services.reviews import give_review, put_back, save_draft, take_rehearsal
from livestream.views.players import clip_of, watch_of

PAGE_SIZE = 20
WITH_MICROPHONE: dict[str, str | list[str] | tuple[str]] = {"microphone": "self"}  # voice notes


def coached(request: HttpRequest, uid: uuid.UUID) -> LiveSession:
    """Return a rehearsal the visitor may review; a foreign one and none at all look the same."""
    sessions = rehearsals_to_coach(request.user).select_related("person", "place", "run_version")
    session: LiveSession = get_object_or_404(sessions, uid=uid)
    return session


def is_marked_live(session: LiveSession) -> bool:
    """Tell whether a rehearsal is marked against the clock: its recording is not there yet."""
    is_there = session.is_watchable or session.erased_at is not None
    return not is_there and session.state != LiveSession.State.FAILED


@require_GET
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """List what a coach has begun, what is on air, and what waits; or what she gave."""
    if not can_coach(request.user):
        raise Http404
    sessions = rehearsals_to_coach(request.user)
    shows_given = request.GET.get("show") == "given"
    waiting = requests_waiting(sessions, request.user, timezone.now())  # type: ignore[arg-type]
    rows = given_by(sessions, request.user) if shows_given else waiting  # type: ignore[arg-type]
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"page_obj": page, "shows_given": shows_given}
    if not shows_given:
        context["drafts"] = drafts_of(sessions, request.user)  # type: ignore[arg-type]
        context["on_air"] = on_air_now(sessions)
    return render(request, "livestream/reviews.html", context)


@require_POST
@login_required
def take(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Hold a rehearsal, and lead to it."""
    session = coached(request, uid)
    try:
        take_rehearsal(session=session, marker=request.user)  # type: ignore[arg-type]
    except ReviewError as error:
        messages.error(request, str(error))
        return redirect("livestream:reviews")
    return redirect("livestream:review", uid)


@require_POST
@login_required
def give_back(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Let another coach have it."""
    draft = open_draft(coached(request, uid), request.user)  # type: ignore[arg-type]
    if draft:
        put_back(review=draft)
        messages.success(request, _("Put back. Another coach can take it."))
    return redirect("livestream:reviews")


@require_http_methods(["GET", "POST"])
@login_required
@permissions_policy_override(WITH_MICROPHONE)
def review(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show a recorded rehearsal with its timeline, remarks and rubric; take the rubric in."""
    session = coached(request, uid)
    if is_marked_live(session):
        return redirect("livestream:review_live", uid)
    draft = open_draft(session, request.user)  # type: ignore[arg-type]
    given = last_given(session, request.user)  # type: ignore[arg-type]
    rubric = (draft or given).rubric if (draft or given) else rubric_in_force()  # type: ignore[union-attr]
    form = RubricForm(request.POST or None, rubric=rubric)
    if request.method == "POST" and form.is_valid():
        if draft is None:
            messages.error(request, _("Take this rehearsal first."))
            return redirect("livestream:review", uid)
        answer = _take_in(request, draft, form)
        if answer:
            return answer
    recording = recording_of(session, remarks_for_coach(session, request.user))  # type: ignore[arg-type]
    context: dict[str, Any] = {
        "session": session,
        "recording": recording,
        "player": clip_of(session),
        "draft": draft,
        "given": given,
        "form": form,
        "rubric": rubric_lines(form, rubric, draft or given),
        "remark_form": RemarkForm(rubric=rubric, initial={"client_token": uuid.uuid4()}),
        "previous": attempts_before(session).first(),
        "wish": getattr(session, "review_request", None),
    }
    if given and context["wish"]:
        reviews = holding_reviews(session)
        context["verdict"] = verdict_of(session, reviews, context["wish"].wanted)
    return render(request, "livestream/review.html", context)


def _take_in(request: HttpRequest, draft: Review, form: RubricForm) -> HttpResponse | None:
    """Keep or give what the form says; None when it cannot be given yet."""
    keep = give_review if form.is_given else save_draft
    try:
        keep(
            review=draft,
            levels=form.levels,
            red_lines=form.red_lines,
            comment=form.cleaned_data["comment"],
        )
    except ReviewError as error:
        form.add_error(None, str(error))
        return None
    if form.is_given:
        messages.success(request, _("Given. The trainee can see it now."))
        return redirect("livestream:reviews")
    messages.success(request, _("Saved. Only you can see it until you give the review."))
    return redirect("livestream:review", draft.session.uid)


def rubric_lines(form: RubricForm, rubric: Rubric, review: Review | None) -> list[dict[str, Any]]:
    """Return the rubric's lines with what is chosen on each: as sent, else as kept."""
    levels = review.levels if review else {}
    crossed = review.red_lines if review else []
    return [
        {
            "row": {
                "key": line.key,
                "title": line.title,
                "weight": line.weight,
                "descriptors": line.levels,
                "red_line": line.red_line,
            },
            "level": form.data.get(f"level-{line.key}", str(levels.get(line.key, ""))),
            "is_crossed": f"red-{line.key}" in form.data if form.is_bound else line.key in crossed,
        }
        for line in rubric.lines.all()
    ]


@require_GET
@login_required
@permissions_policy_override(WITH_MICROPHONE)
def live(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Mark a rehearsal while it runs: one press is one remark, three seconds back."""
    session = coached(request, uid)
    if not is_marked_live(session):
        return redirect("livestream:review", uid)
    rubric = rubric_in_force()
    context = {
        "session": session,
        "segments": segments_of(session),
        "rubric": rubric,
        "watch": watch_of(session),
        "recording": recording_of(session, remarks_for_coach(session, request.user)),  # type: ignore[arg-type]
        "remark_form": RemarkForm(rubric=rubric, is_live=True, initial={"client_token": uuid.uuid4()}),
        "now": timezone.now(),
    }
    return render(request, "livestream/review_live.html", context)


@require_GET
@login_required
@never_cache
def clock(request: HttpRequest, uid: uuid.UUID) -> JsonResponse:
    """Tell a coach's phone our time, since when it runs, and what has become of it."""
    session = coached(request, uid)
    return JsonResponse(
        {
            "now": timezone.now().isoformat(),
            "started": session.started_at.isoformat() if session.started_at else None,
            "state": session.get_state_display(),
            "is_over": session.is_over,
        }
    )
