"""Quiz attempts and practical work, with what was decided about it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from courses.models import Assessment, Enrolment, LessonPage, PracticalMark, QuizAttempt, Submission
from registry.models import Person
from registry.queries.people import records_of
from registry.queries.places import in_subtree


@dataclass(frozen=True)
class Practical:
    """The marks of the final practicals: their mean once all are marked, and any red line (R4)."""

    mark: Decimal | None
    has_red_line: bool


def last_attempt(enrolment: Enrolment, lesson_key: uuid.UUID) -> QuizAttempt | None:
    """Return the newest sent-in quiz of a lesson; one that passed comes first."""
    attempts = QuizAttempt.objects.filter(enrolment=enrolment, lesson_key=lesson_key)
    return attempts.order_by("-is_passed", "-sent_at", "-pk").first()


def work_of_lesson(enrolment: Enrolment, lesson_key: uuid.UUID) -> dict[str, list[Submission]]:
    """Return the attempts at each task of a lesson, the newest first, with markings and files."""
    work: dict[str, list[Submission]] = {}
    submissions = Submission.objects.filter(enrolment=enrolment, lesson_key=lesson_key)
    for submission in submissions.prefetch_related("assessments", "files").order_by("-attempt"):
        work.setdefault(submission.task_key, []).append(submission)
    return work


def practical_of(enrolment: Enrolment, tasks: Sequence[tuple[uuid.UUID, str]]) -> Practical:
    """Return the mean mark over the final practicals `tasks` (lesson key and task key).

    The newest marking of the newest attempt holds. One task without a mark, or no task at all: no mark.
    """
    return practicals_of([enrolment.pk], tasks)[enrolment.pk]


def practicals_of(
    enrolment_ids: Sequence[int], tasks: Sequence[tuple[uuid.UUID, str]]
) -> dict[int, Practical]:
    """Return the same for many enrolments at once, in as many queries as for one."""
    newest: dict[tuple[int, uuid.UUID, str], Submission] = {}
    rows = Submission.objects.filter(
        enrolment__in=enrolment_ids, task_key__in=[key for _lesson, key in tasks]
    )
    for submission in rows.prefetch_related("assessments").order_by("attempt"):
        newest[submission.enrolment_id, submission.lesson_key, submission.task_key] = submission
    return {
        pk: _mean_mark([_holding_mark(newest.get((pk, *task))) for task in tasks]) for pk in enrolment_ids
    }


def _mean_mark(marks: list[Assessment | None]) -> Practical:
    has_red_line = any(each is not None and each.has_red_line for each in marks)
    values = [each.mark for each in marks if each is not None and each.mark is not None]
    if not marks or len(values) < len(marks):
        return Practical(None, has_red_line)
    return Practical(sum(values, Decimal(0)) / len(values), has_red_line)


def practical_test_of(enrolment: Enrolment) -> Practical | None:
    """Return the newest mark taken down from a practical test in the room; None when there was none."""
    return practical_tests_of([enrolment.pk]).get(enrolment.pk)


def practical_tests_of(enrolment_ids: Sequence[int]) -> dict[int, Practical]:
    """Return the same for many enrolments at once; those without a test are not in it."""
    marks = PracticalMark.objects.filter(enrolment__in=enrolment_ids).order_by("marked_at", "pk")
    return {each.enrolment_id: Practical(each.mark, each.has_red_line) for each in marks}


def _holding_mark(submission: Submission | None) -> Assessment | None:
    if submission is None or submission.state != Submission.State.MARKED:
        return None
    return next((each for each in submission.assessments.all() if each.decision == "marked"), None)


def submissions_to_mark(scopes: Sequence[str], training_bodies: Sequence[int] = ()) -> QuerySet[Submission]:
    """Return work handed in within `scopes` (region codes; "" is everywhere) or to classes of these bodies.

    Waiting first, oldest first.
    """
    within = Q(enrolment__training_class__training_body__in=training_bodies)
    for code in scopes:
        within |= in_subtree(code, "enrolment__training_class__county_code") | in_subtree(
            code, "enrolment__village_version__code"
        )
    if "" in scopes:
        within = Q()
    return (
        Submission.objects.filter(within)
        .select_related(
            "enrolment__person", "enrolment__training_class__course", "enrolment__village_version"
        )
        .order_by("handed_in_at", "pk")
    )


def recent_work(person: Person, count: int = 20) -> list[tuple[Submission, LessonPage | None]]:
    """Return what a person handed in last, with its markings and the lesson in the language in use."""
    rows = list(
        Submission.objects.filter(enrolment__person__in=records_of(person))
        .prefetch_related("assessments")
        .order_by("-handed_in_at", "-pk")[:count]
    )
    lessons = {
        lesson.translation_key: lesson
        for lesson in LessonPage.objects.live()
        .filter(translation_key__in={row.lesson_key for row in rows}, locale__language_code=get_language())
        .defer("body")
    }
    return [(row, lessons.get(row.lesson_key)) for row in rows]
