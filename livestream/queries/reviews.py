"""Which rehearsals wait for a coach, and what the reviews of one come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from livestream.judging import Marking, Verdict, judge
from livestream.models import LiveSession, Review, ReviewRequest, Rubric, RubricLine
from registry.models import User

RUBRIC = "C"


@dataclass(frozen=True)
class JudgedLine:
    """A line of the rubric as one coach judged it."""

    line: RubricLine
    level: int | None
    is_crossed: bool

    @property
    def descriptor(self) -> str:
        """What her level means."""
        return self.line.levels[self.level] if self.level is not None else ""


def rubric_in_force() -> Rubric:
    """Return the newest rubric for livestream hosting, with its lines."""
    lines = Prefetch("lines", RubricLine.objects.order_by("position"))
    return Rubric.objects.filter(code=RUBRIC).prefetch_related(lines).latest("version")


def holding_reviews(session: LiveSession) -> list[Review]:
    """Return what the coaches gave and nobody corrected since, in the order it was given."""
    reviews = Review.objects.filter(session=session, state=Review.State.GIVEN, corrected_by__isnull=True)
    lines = Prefetch("rubric__lines", RubricLine.objects.order_by("position"))
    return list(reviews.select_related("marker", "rubric").prefetch_related(lines).order_by("given_at", "pk"))


def verdict_of(session: LiveSession, reviews: Sequence[Review], wanted: int) -> Verdict:
    """Return what a session's holding reviews come to."""
    return judge(
        [Marking(each.mark, each.has_red_line) for each in reviews if each.mark is not None], wanted=wanted
    )


def judged_lines(review: Review) -> list[JudgedLine]:
    """Return the lines of a review's rubric as they were judged."""
    return [
        JudgedLine(line, review.levels.get(line.key), line.key in review.red_lines)
        for line in review.rubric.lines.all()
    ]


def open_draft(session: LiveSession, marker: User) -> Review | None:
    """Return the draft by which a coach holds a rehearsal, whether or not its lease has run out."""
    return Review.objects.filter(session=session, marker=marker, state=Review.State.DRAFT).first()


def last_given(session: LiveSession, marker: User) -> Review | None:
    """Return what a coach gave and did not correct since."""
    return Review.objects.filter(
        session=session, marker=marker, state=Review.State.GIVEN, corrected_by__isnull=True
    ).first()


def held_count(marker: User, now: datetime) -> int:
    """Return how many rehearsals a coach holds."""
    return Review.objects.filter(
        marker=marker, state=Review.State.DRAFT, corrects__isnull=True, lease_until__gt=now
    ).count()


def requests_waiting(sessions: QuerySet[LiveSession], marker: User, now: datetime) -> QuerySet[ReviewRequest]:
    """Return the open requests of these rehearsals a coach could take: least reviewed first, then longest
    waiting. Left out are those she gave already and those enough coaches hold.
    """
    given = Q(session__reviews__state=Review.State.GIVEN, session__reviews__corrects__isnull=True)
    held = Q(
        session__reviews__state=Review.State.DRAFT,
        session__reviews__lease_until__gt=now,
        session__reviews__corrects__isnull=True,
    ) & ~Q(session__reviews__marker=marker)
    mine = Review.objects.filter(
        session=OuterRef("session"), marker=marker, state__in=[Review.State.DRAFT, Review.State.GIVEN]
    )
    return (
        ReviewRequest.objects.filter(session__in=sessions, closed_at__isnull=True)
        .exclude(Exists(mine))
        .annotate(
            given_count=Count("session__reviews", filter=given, distinct=True),
            held_count=Count("session__reviews", filter=held, distinct=True),
        )
        .filter(
            # A test whose two coaches disagree stays open for a third; so does practice marked twice.
            Q(held_count=0) | Q(given_count__lt=F("wanted") - F("held_count"))
        )
        .select_related("session__person", "session__place", "session__run_version")
        .order_by("given_count", "asked_at", "pk")
    )


def drafts_of(sessions: QuerySet[LiveSession], marker: User) -> QuerySet[Review]:
    """Return what a coach has begun, the longest held first."""
    return (
        Review.objects.filter(session__in=sessions, marker=marker, state=Review.State.DRAFT)
        .select_related("session__person", "session__place", "session__run_version")
        .order_by("claimed_at", "pk")
    )


def given_by(sessions: QuerySet[LiveSession], marker: User) -> QuerySet[Review]:
    """Return what a coach gave, the newest first."""
    return (
        Review.objects.filter(
            session__in=sessions, marker=marker, state=Review.State.GIVEN, corrected_by__isnull=True
        )
        .select_related("session__person", "session__place", "session__run_version")
        .order_by("-given_at", "-pk")
    )


def on_air_now(sessions: QuerySet[LiveSession]) -> QuerySet[LiveSession]:
    """Return the rehearsals that can be watched as they happen."""
    states = [LiveSession.State.LIVE, LiveSession.State.INTERRUPTED]
    return sessions.filter(state__in=states).select_related("person", "place", "run_version")


def attempts_before(session: LiveSession) -> QuerySet[LiveSession]:
    """Return the earlier rehearsals of the same run-of-show that can be watched, the newest first."""
    if session.run_id is None or session.attempt is None:
        return LiveSession.objects.none()
    watchable = [LiveSession.State.PUBLISHED, LiveSession.State.PARTIAL]
    return LiveSession.objects.filter(
        run=session.run_id, attempt__lt=session.attempt, state__in=watchable, erased_at__isnull=True
    ).order_by("-attempt")
