"""Asking for a review, taking a rehearsal to review, and giving the review.

A coach holds a rehearsal by her draft, for a week after she last wrote in it; then another may take it.
What she wrote stays hers, and she may take it again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from courses.grading import RubricLine as GradedLine
from courses.grading import WorkMark, mark_work
from livestream.models import LiveSession, Review, ReviewRequest, Rubric, TimelineComment
from livestream.queries.reviews import (
    held_count,
    holding_reviews,
    last_given,
    open_draft,
    rubric_in_force,
    verdict_of,
)
from livestream.review_errors import (
    MarkingMissing,
    NotYetRecorded,
    OwnRehearsal,
    ReviewNotAsked,
    ReviewOver,
    ReviewTaken,
    TooManyDrafts,
)
from registry.models import AuditAction, User
from registry.queries.people import is_same_person, person_of
from registry.services import record

LEASE = timedelta(days=7)
MAX_HELD = 5


@transaction.atomic
def ask_for_review(
    *,
    session: LiveSession,
    went_well: str,
    was_hard: str,
    watch_for: str = "",
    wanted: int = 1,
    is_for_peers: bool = False,
    now: datetime | None = None,
) -> ReviewRequest:
    """Ask for a review after looking back; asked again, the first request stays. Raises NotYetRecorded."""
    known = ReviewRequest.objects.filter(session=session).first()
    if known:
        return known
    if not session.is_watchable:
        raise NotYetRecorded
    return ReviewRequest.objects.create(
        session=session,
        went_well=went_well,
        was_hard=was_hard,
        watch_for=watch_for,
        wanted=wanted,
        is_for_peers=is_for_peers,
        asked_at=now or timezone.now(),
    )


@transaction.atomic
def take_rehearsal(*, session: LiveSession, marker: User, now: datetime | None = None) -> Review:
    """Hold a rehearsal for a coach and return her draft; one she holds already is held for longer.

    Raises ReviewNotAsked, OwnRehearsal, ReviewTaken, TooManyDrafts.
    """
    now = now or timezone.now()
    request = _locked_request(session, marker)
    draft = open_draft(session, marker)
    if draft is None and (given := last_given(session, marker)):
        return _begin(session, marker, given.rubric, now, corrects=given)
    is_hers = draft is not None and (draft.lease_until > now or draft.corrects_id is not None)
    if not is_hers:
        _refuse_full(session, request, marker, now)
    if draft is None:
        return _begin(session, marker, rubric_in_force(), now)
    draft.lease_until = now + LEASE
    draft.save(update_fields=["lease_until"])
    return draft


@transaction.atomic
def put_back(*, review: Review, now: datetime | None = None) -> None:
    """Let another coach have it; what she remarked stays unseen until she takes it again and gives it."""
    Review.objects.filter(pk=review.pk, state=Review.State.DRAFT).update(
        state=Review.State.RELEASED, lease_until=now or timezone.now()
    )


@transaction.atomic
def save_draft(
    *,
    review: Review,
    levels: Mapping[str, int],
    red_lines: frozenset[str] = frozenset(),
    comment: str = "",
    now: datetime | None = None,
) -> Review:
    """Keep what a coach has judged so far, and hold the rehearsal for longer. Raises ReviewOver."""
    locked = _locked_draft(review)
    keys = {line.key for line in locked.rubric.lines.all()}
    locked.levels = {key: level for key, level in levels.items() if key in keys and 0 <= level <= 4}
    locked.red_lines = sorted(red_lines & keys)
    locked.comment = comment
    locked.lease_until = (now or timezone.now()) + LEASE
    locked.save(update_fields=["levels", "red_lines", "comment", "lease_until"])
    return locked


@transaction.atomic
def give_review(
    *,
    review: Review,
    levels: Mapping[str, int],
    red_lines: frozenset[str] = frozenset(),
    comment: str = "",
    now: datetime | None = None,
) -> Review:
    """Give the review with a level on every line: the host sees it, and the remarks made with it.

    Given twice it is given once; another thought about it begins with `take_rehearsal` again.
    Raises ReviewOver, MarkingMissing.
    """
    now = now or timezone.now()
    known = Review.objects.get(pk=review.pk)
    if known.state == Review.State.GIVEN:
        return known
    request = _locked_request(known.session, known.marker)
    draft = _locked_draft(review)
    judged = _judged(draft.rubric, levels, red_lines)
    draft.levels = {line.key: levels[line.key] for line in draft.rubric.lines.all()}
    draft.red_lines = sorted(line.key for line in draft.rubric.lines.all() if line.key in red_lines)
    draft.comment, draft.mark, draft.has_red_line = comment, judged.mark, judged.has_red_line
    draft.state, draft.given_at = Review.State.GIVEN, now
    draft.save()
    show_remarks(session=draft.session, author=draft.marker, now=now)
    _close_if_final(request, now)
    _record(draft, now)
    return draft


def show_remarks(*, session: LiveSession, author: User, now: datetime) -> None:
    """Show the host what a coach has remarked and not shown yet."""
    TimelineComment.objects.filter(session=session, author=author, state=TimelineComment.State.DRAFT).update(
        state=TimelineComment.State.SHOWN, shown_at=now
    )


def _locked_request(session: LiveSession, marker: User) -> ReviewRequest:
    """Lock the request, so that two coaches take the same rehearsal one after the other."""
    request = ReviewRequest.objects.select_for_update().filter(session=session).first()
    if request is None:
        raise ReviewNotAsked
    if is_same_person(person_of(marker), session.person):
        raise OwnRehearsal
    return request


def _refuse_full(session: LiveSession, request: ReviewRequest, marker: User, now: datetime) -> None:
    reviews = holding_reviews(session)
    missing = verdict_of(session, reviews, request.wanted).missing
    held = Review.objects.filter(
        session=session, state=Review.State.DRAFT, corrects__isnull=True, lease_until__gt=now
    ).exclude(marker=marker)
    if held.count() >= missing:
        raise ReviewTaken
    count = held_count(marker, now)
    if count >= MAX_HELD:
        raise TooManyDrafts(count)


def _begin(
    session: LiveSession, marker: User, rubric: Rubric, now: datetime, corrects: Review | None = None
) -> Review:
    started = {"levels": corrects.levels, "red_lines": corrects.red_lines} if corrects else {}
    return Review.objects.create(
        session=session,
        marker=marker,
        rubric=rubric,
        corrects=corrects,
        comment=corrects.comment if corrects else "",
        claimed_at=now,
        lease_until=now + LEASE,
        **started,
    )


def _locked_draft(review: Review) -> Review:
    locked = Review.objects.select_for_update().get(pk=review.pk)
    if locked.state != Review.State.DRAFT:
        raise ReviewOver
    return locked


def _judged(rubric: Rubric, levels: Mapping[str, int], red_lines: frozenset[str]) -> WorkMark:
    lines = [GradedLine(line.key, line.weight, bool(line.red_lines)) for line in rubric.lines.all()]
    try:
        return mark_work(lines, levels, red_lines)
    except ValueError as error:
        raise MarkingMissing from error


def _close_if_final(request: ReviewRequest, now: datetime) -> None:
    """Take the request off the queue, or put it back there: a correction may part two coaches."""
    is_final = verdict_of(request.session, holding_reviews(request.session), request.wanted).is_final
    if is_final != (request.closed_at is not None):
        request.closed_at = now if is_final else None
        request.save(update_fields=["closed_at"])


def _record(review: Review, now: datetime) -> None:
    session = review.session
    record(
        actor=review.marker,
        action=AuditAction.REHEARSAL_REVIEWED,
        person=session.person,
        region_code=session.place.code if session.place else "",
        detail={"rehearsal": str(session.uid), "corrects": bool(review.corrects_id)},
        now=now,
    )
