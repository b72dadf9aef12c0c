"""Opening lessons, sending quizzes, earning minutes."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from courses.errors import LessonHasNoQuiz, LessonHasQuiz, LessonNotInCourse
from courses.hours import minutes_of, minutes_to_earn
from courses.models import Attendance, Enrolment, LessonPage, LessonProgress, QuizAttempt
from courses.queries import ShownLesson, course_page_of, minutes_of_day
from courses.services.completion import complete_if_due
from registry.queries.people import records_of


def lock_person(enrolment: Enrolment) -> None:
    """Take the lock under which everything about one person's learning is decided, on all her records."""
    list(records_of(enrolment.person).order_by("pk").select_for_update(no_key=True))


# One statement and no transaction around it, on the most visited page.
_OPEN = """
    WITH opened AS (
        INSERT INTO courses_lessonprogress (enrolment_id, lesson_key, opened_at)
        VALUES (%(enrolment)s, %(lesson)s, %(now)s)
        ON CONFLICT (enrolment_id, lesson_key) DO NOTHING
    )
    UPDATE courses_enrolment SET last_lesson_key = %(lesson)s, last_opened_at = %(now)s
    WHERE id = %(enrolment)s
"""


def open_lesson(
    *, enrolment: Enrolment, lesson: LessonPage | ShownLesson, now: datetime | None = None
) -> None:
    """Note that the lesson was opened, so that she can go on from there; any number of times."""
    visit = {"enrolment": enrolment.pk, "lesson": lesson.translation_key, "now": now or timezone.now()}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, visit)


def note_opened(enrolment: Enrolment, lesson: LessonPage | ShownLesson, now: datetime) -> None:
    """Make the lesson's row of progress unless it is there."""
    LessonProgress.objects.bulk_create(
        [LessonProgress(enrolment=enrolment, lesson_key=lesson.translation_key, opened_at=now)],
        ignore_conflicts=True,
    )


@transaction.atomic
def send_quiz(
    *,
    enrolment: Enrolment,
    lesson: LessonPage,
    answers: Mapping[str, Sequence[str]],
    client_token: uuid.UUID,
    now: datetime | None = None,
) -> QuizAttempt:
    """Score and keep one attempt at a lesson's quiz; passing it completes the lesson and earns its hours.

    `answers` holds option keys by question key. The same `client_token` again returns the same attempt.
    Raises LessonHasNoQuiz, LessonNotInCourse.
    """
    now = now or timezone.now()
    lock_person(enrolment)
    sent = QuizAttempt.objects.filter(enrolment=enrolment, client_token=client_token).first()
    if sent:
        return sent
    refuse_foreign_lesson(enrolment, lesson)
    quiz = lesson.quiz
    if quiz is None:
        raise LessonHasNoQuiz
    kept = {question.key: list(answers.get(question.key, [])) for question in quiz.questions}
    score = quiz.score(kept)
    attempt = QuizAttempt.objects.create(
        enrolment=enrolment,
        lesson_key=lesson.translation_key,
        quiz_key=quiz.key,
        client_token=client_token,
        answers=kept,
        score=score.percent,
        is_passed=score.is_passed,
        sent_at=now,
    )
    note_opened(enrolment, lesson, now)
    if score.is_passed:
        _complete_lesson(enrolment, lesson, now)
    return attempt


@transaction.atomic
def confirm_read(*, enrolment: Enrolment, lesson: LessonPage, now: datetime | None = None) -> None:
    """Complete a lesson that has no quiz because its reader says she has read it.

    Raises LessonHasQuiz, LessonNotInCourse.
    """
    now = now or timezone.now()
    lock_person(enrolment)
    refuse_foreign_lesson(enrolment, lesson)
    if lesson.quiz is not None:
        raise LessonHasQuiz
    note_opened(enrolment, lesson, now)
    _complete_lesson(enrolment, lesson, now)


@transaction.atomic
def earn_minutes(
    *, enrolment: Enrolment, lesson: LessonPage | ShownLesson, now: datetime | None = None
) -> int:
    """Book what a finished lesson still owes, as far as the day allows (E22); return the minutes booked.

    What the cap of one day kept back is earned when the lesson is opened again on a later day.
    """
    now = now or timezone.now()
    lock_person(enrolment)
    is_done = LessonProgress.objects.filter(
        enrolment=enrolment, lesson_key=lesson.translation_key, completed_at__isnull=False
    ).exists()
    return _earn(enrolment, lesson, now) if is_done else 0


def refuse_foreign_lesson(enrolment: Enrolment, lesson: LessonPage) -> None:
    """Raise LessonNotInCourse unless the lesson is published and below a page of the enrolment's course."""
    if not lesson.live or course_page_of(lesson).course_id != enrolment.training_class.course_id:
        raise LessonNotInCourse


def _complete_lesson(enrolment: Enrolment, lesson: LessonPage, now: datetime) -> None:
    LessonProgress.objects.filter(
        enrolment=enrolment, lesson_key=lesson.translation_key, completed_at__isnull=True
    ).update(completed_at=now)
    _earn(enrolment, lesson, now)


def _earn(enrolment: Enrolment, lesson: LessonPage | ShownLesson, now: datetime) -> int:
    """Add one row to the ledger for what may be earned today; a lesson earns at most once a day.

    In a taught class only its sittings earn hours (R1); lessons are there to read up in.
    """
    if enrolment.training_class.is_taught:
        return 0
    today = timezone.localdate(now)
    rows = Attendance.objects.filter(enrolment=enrolment, lesson_key=lesson.translation_key, minutes__gt=0)
    minutes = minutes_to_earn(
        lesson=minutes_of(lesson.hours),
        earned=rows.aggregate(total=Sum("minutes"))["total"] or 0,
        today=minutes_of_day(enrolment.person, today),
    )
    if minutes == 0 or rows.filter(on_date=today).exists():
        return 0
    Attendance.objects.create(
        enrolment=enrolment,
        lesson_key=lesson.translation_key,
        on_date=today,
        minutes=minutes,
        evidence=Attendance.Evidence.QUIZ,
        recorded_at=now,
    )
    complete_if_due(enrolment=enrolment, now=now)
    return minutes
