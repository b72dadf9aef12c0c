"""Marking practical work, or returning it for another try."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from courses.errors import CannotMarkOwnWork, MarkingIncomplete, SubmissionNotOpen, TaskNotFound
from courses.grading import mark_work
from courses.lesson_parts import Task
from courses.models import Assessment, ClassDuty, Enrolment, PracticalMark, Submission, TrainingClass
from courses.queries import lesson_with_key
from courses.services.completion import complete_if_due
from courses.services.duties import take_duty
from courses.services.learning import lock_person
from registry.models import AuditAction, User
from registry.queries.people import is_same_person, person_of
from registry.services import record


@transaction.atomic
def assess(
    *,
    submission: Submission,
    marker: User,
    levels: Mapping[str, int],
    red_lines: frozenset[str] = frozenset(),
    comment: str = "",
    now: datetime | None = None,
) -> Assessment:
    """Mark work against its task's rubric: a level 0-4 for every line, red lines by the line's key.

    The rubric is stored as it was used. A second thought is a second row, and the newest holds. The mark
    may complete the enrolment (R4). Sending the same marking again returns it.
    Marking enters data of the class (A14).
    Raises CannotMarkOwnWork, DutiesMustDiffer, SubmissionNotOpen, TaskNotFound, MarkingIncomplete.
    """
    now = now or timezone.now()
    _lock(submission, marker)
    task = task_of(submission)
    try:
        judged = mark_work([row.for_marking for row in task.rubric], levels, red_lines)
    except ValueError as error:
        raise MarkingIncomplete from error
    kept_levels = {row.key: levels[row.key] for row in task.rubric}
    last = submission.assessments.first()
    if last and _says_the_same(last, kept_levels, judged.has_red_line, comment):
        return last
    _refuse_decided(submission)
    _enter(submission, marker, now)
    assessment = Assessment.objects.create(
        submission=submission,
        marker=marker,
        decision=Assessment.Decision.MARKED,
        levels=kept_levels,
        rubric=[asdict(row) for row in task.rubric],
        mark=judged.mark,
        has_red_line=judged.has_red_line,
        comment=comment,
        decided_at=now,
    )
    _set_state(submission, Submission.State.MARKED, marker)
    complete_if_due(enrolment=submission.enrolment, now=now)
    _record(AuditAction.WORK_MARKED, submission, marker, now)
    return assessment


@transaction.atomic
def return_for_redo(
    *, submission: Submission, marker: User, comment: str, now: datetime | None = None
) -> Assessment:
    """Return work for another try, with a comment that says what to do better; returning again does nothing.

    Raises CannotMarkOwnWork, DutiesMustDiffer, SubmissionNotOpen, MarkingIncomplete (no comment).
    """
    now = now or timezone.now()
    _lock(submission, marker)
    last = submission.assessments.first()
    if last and last.decision == Assessment.Decision.RETURNED and last.comment == comment:
        return last
    _refuse_decided(submission)
    if not comment.strip():
        raise MarkingIncomplete
    _enter(submission, marker, now)
    assessment = Assessment.objects.create(
        submission=submission,
        marker=marker,
        decision=Assessment.Decision.RETURNED,
        comment=comment,
        decided_at=now,
    )
    _set_state(submission, Submission.State.RETURNED, marker)
    _record(AuditAction.WORK_RETURNED, submission, marker, now)
    return assessment


def task_of(submission: Submission) -> Task:
    """Return the task the work was handed in for, as it is published now; raises TaskNotFound."""
    course = submission.enrolment.training_class.course
    lesson = lesson_with_key(course, submission.lesson_key)
    tasks = lesson.tasks if lesson else []
    task = next((each for each in tasks if each.key == submission.task_key), None)
    if task is None:
        raise TaskNotFound
    return task


def _lock(submission: Submission, marker: User) -> None:
    """Lock the trainee, look at the work as it is now, and refuse a marker her own."""
    lock_person(submission.enrolment)
    submission.refresh_from_db(fields=["state"])
    submission.enrolment.refresh_from_db(fields=["completed_at"])
    if is_same_person(person_of(marker), submission.enrolment.person):
        raise CannotMarkOwnWork


def _enter(submission: Submission, marker: User, now: datetime) -> None:
    training_class = submission.enrolment.training_class
    take_duty(training_class=training_class, duty=ClassDuty.Duty.ENTER, by=marker, now=now)


def _refuse_decided(submission: Submission) -> None:
    """Refuse work that is decided for good: returned, or marked and its course completed."""
    if submission.state == Submission.State.RETURNED:
        raise SubmissionNotOpen
    if submission.state == Submission.State.MARKED and submission.enrolment.completed_at is not None:
        raise SubmissionNotOpen


def _says_the_same(last: Assessment, levels: Mapping[str, int], has_red_line: bool, comment: str) -> bool:
    return (
        last.decision == Assessment.Decision.MARKED
        and last.levels == levels
        and last.has_red_line == has_red_line
        and last.comment == comment
    )


def _set_state(submission: Submission, state: str, marker: User) -> None:
    submission.state = state
    submission.save(update_fields=["state"])
    log(instance=submission, action=f"courses.work_{state}", user=marker)


def _record(action: AuditAction, submission: Submission, marker: User, now: datetime) -> None:
    enrolment = submission.enrolment
    record(
        actor=marker,
        action=action,
        person=enrolment.person,
        region_code=enrolment.training_class.county_code,
        detail={"work": str(submission.uid)},
        now=now,
    )


@transaction.atomic
def take_down_mark(
    *,
    enrolment: Enrolment,
    mark: Decimal,
    has_red_line: bool = False,
    marker: User,
    now: datetime | None = None,
) -> PracticalMark:
    """Note the mark of a practical test in a taught class; a second thought is a second row.

    It is entered before the class is closed (R4), by somebody with that duty (A14).
    Raises CannotMarkOwnWork, SubmissionNotOpen, DutiesMustDiffer.
    """
    now = now or timezone.now()
    training_class = TrainingClass.objects.select_for_update(no_key=True).get(pk=enrolment.training_class_id)
    if training_class.state != TrainingClass.State.OPEN or not training_class.is_taught:
        raise SubmissionNotOpen
    if is_same_person(person_of(marker), enrolment.person):
        raise CannotMarkOwnWork
    newest = enrolment.practical_marks.first()
    if newest and (newest.mark, newest.has_red_line) == (mark, has_red_line):
        return newest
    take_duty(training_class=training_class, duty=ClassDuty.Duty.ENTER, by=marker, now=now)
    return PracticalMark.objects.create(
        enrolment=enrolment, mark=mark, has_red_line=has_red_line, marked_by=marker, marked_at=now
    )
