"""How far a person has come: lessons done, minutes earned, hours shown."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum, Window
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from courses.hours import hours_of_minutes, minutes_of, shown_hours
from courses.models import Attendance, Course, CoursePage, Enrolment, LessonPage
from courses.models.pages import lessons_below
from registry.models import Person, User
from registry.queries.people import records_of, records_of_user

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Counts(TypedDict):
        lessons_done: int
        minutes_earned: int

    CountedEnrolment = WithAnnotations[Enrolment, _Counts]


@dataclass(frozen=True)
class LessonState:
    """One lesson of one enrolment: opened, done, minutes earned."""

    is_opened: bool = False
    is_done: bool = False
    minutes: int = 0

    def owed(self, hours: Decimal) -> int:
        """Return the minutes the cap of the day kept back, once the lesson is done."""
        return max(0, minutes_of(hours) - self.minutes) if self.is_done else 0


@dataclass(frozen=True)
class Visit:
    """Somebody who takes a course in one of its lessons: whether she sent its quiz or practical work."""

    enrolment: Enrolment
    state: LessonState
    has_answers: bool
    has_work: bool


@dataclass(frozen=True)
class Progress:
    """The lessons of an enrolment by key, and the hours they add up to."""

    plan_hours: Decimal
    minutes: int
    lessons: dict[uuid.UUID, LessonState] = field(default_factory=dict)

    def state_of(self, lesson_key: uuid.UUID) -> LessonState:
        """Return the state of one lesson; an untouched one has not been opened."""
        return self.lessons.get(lesson_key, LessonState())

    @property
    def done_keys(self) -> set[uuid.UUID]:
        """The lessons that are done, each once whatever its language."""
        return {key for key, state in self.lessons.items() if state.is_done}

    @property
    def hours(self) -> Decimal:
        """Class hours earned, two decimals (R1)."""
        return hours_of_minutes(self.minutes)

    @property
    def hours_shown(self) -> Decimal:
        """Class hours as people see them, floored to a half (R1)."""
        return shown_hours(self.hours)


def progress_of(enrolment: Enrolment) -> Progress:
    """Return how far an enrolment has come, in one query; the class and course must be at hand.

    Its minutes are those that completion counts: sittings and live classes too, which are no lesson.
    """
    of_lesson = Attendance.objects.filter(
        enrolment=OuterRef("pk"), lesson_key=OuterRef("lesson_progress__lesson_key"), minutes__gt=0
    )
    rows = Enrolment.objects.filter(pk=enrolment.pk).values_list(
        "lesson_progress__lesson_key",
        "lesson_progress__completed_at",
        _sum_of_minutes(of_lesson, by="lesson_key"),
        _minutes_earned(),
    )
    found = list(rows)
    lessons = {key: LessonState(True, bool(done), minutes) for key, done, minutes, _ in found if key}
    total = found[0][-1] if found else 0
    return Progress(enrolment.training_class.course.hours, total, lessons)


def hours_of(enrolment: Enrolment) -> Decimal:
    """Return the class hours of an enrolment with two decimals (R1)."""
    total = Attendance.objects.filter(enrolment=enrolment).aggregate(total=Sum("minutes"))["total"]
    return hours_of_minutes(total or 0)


def minutes_of_day(person: Person, on: date) -> int:
    """Return what `person` earned on a day over all classes; corrections do not free the day again (E22)."""
    rows = Attendance.objects.filter(enrolment__person__in=records_of(person), on_date=on, minutes__gt=0)
    return rows.aggregate(total=Sum("minutes"))["total"] or 0


def enrolments_of(person: Person) -> "QuerySet[CountedEnrolment]":
    """Return a person's enrolments, the newest first, with `lessons_done` and `minutes_earned` counted.

    Somebody with several records may have two of one class; `learning_rows` shows the one with more minutes.
    """
    return (
        Enrolment.objects.filter(person__in=records_of(person), withdrawn_at__isnull=True)
        .select_related("training_class__course")
        .annotate(
            lessons_done=Count("lesson_progress", filter=Q(lesson_progress__completed_at__isnull=False)),
            minutes_earned=_minutes_earned(),
        )
        .order_by("-enrolled_at", "-pk")
    )


def enrolment_of_user(user: User | AnonymousUser, course: Course) -> Enrolment | None:
    """Return the newest enrolment in `course` of the person who signs in as `user`."""
    if not user.is_authenticated:
        return None
    return _newest(Enrolment.objects.filter(person__in=records_of_user(user)), course)


# Written out: putting this together from Python takes several times longer than running it, and it runs for
# the page a village opens most.
_VISIT = """
    WITH me AS (SELECT coalesce(kept_as_id, id) AS id FROM registry_person WHERE user_id = %(user)s)
    SELECT enrolment.id, enrolment.person_id, enrolment.training_class_id, enrolment.last_lesson_key,
        here.id IS NOT NULL AS is_opened,
        here.completed_at IS NOT NULL AS is_done,
        (SELECT coalesce(sum(minutes), 0) FROM courses_attendance
            WHERE enrolment_id = enrolment.id AND lesson_key = %(lesson)s AND minutes > 0) AS minutes,
        EXISTS (SELECT FROM courses_quizattempt
            WHERE enrolment_id = enrolment.id AND lesson_key = %(lesson)s) AS has_answers,
        EXISTS (SELECT FROM courses_submission
            WHERE enrolment_id = enrolment.id AND lesson_key = %(lesson)s) AS has_work
    FROM courses_enrolment enrolment
    JOIN courses_trainingclass class ON class.id = enrolment.training_class_id
    LEFT JOIN courses_lessonprogress here
        ON here.enrolment_id = enrolment.id AND here.lesson_key = %(lesson)s
    WHERE class.course_id = %(course)s AND enrolment.withdrawn_at IS NULL
        AND enrolment.person_id IN (SELECT id FROM me UNION ALL
            SELECT record.id FROM registry_person record JOIN me ON record.kept_as_id = me.id)
    ORDER BY max(enrolment.enrolled_at) OVER (PARTITION BY enrolment.training_class_id) DESC,
        (SELECT coalesce(sum(minutes), 0) FROM courses_attendance WHERE enrolment_id = enrolment.id) DESC,
        enrolment.enrolled_at DESC, enrolment.id DESC
    LIMIT 1
"""


def visit_of_user(user: User | AnonymousUser, course_id: int, lesson_key: uuid.UUID) -> Visit | None:
    """Return the newest enrolment of `user` in a course with the state of one of its lessons, in one query.

    Further columns of the enrolment are fetched where somebody asks for them.
    """
    if not user.is_authenticated:
        return None
    asked = {"user": user.pk, "course": course_id, "lesson": lesson_key}
    row: Any = next(iter(Enrolment.objects.raw(_VISIT, asked)), None)
    if row is None:
        return None
    return Visit(row, LessonState(row.is_opened, row.is_done, row.minutes), row.has_answers, row.has_work)


def enrolment_of_person(person: Person, course: Course) -> Enrolment | None:
    """Return the newest enrolment of `person` in `course`."""
    return _newest(Enrolment.objects.filter(person__in=records_of(person)), course)


def _newest(enrolments: QuerySet[Enrolment], course: Course) -> Enrolment | None:
    """Where two records of one person have a place in the newest class, the one with more minutes counts."""
    return (
        enrolments.filter(training_class__course=course, withdrawn_at__isnull=True)
        .select_related("training_class__course", "person")
        .annotate(minutes_earned=_minutes_earned())
        .order_by(
            Window(Max("enrolled_at"), partition_by="training_class").desc(),
            "-minutes_earned",
            "-enrolled_at",
            "-pk",
        )
        .first()
    )


def _minutes_earned() -> Coalesce:
    return _sum_of_minutes(Attendance.objects.filter(enrolment=OuterRef("pk")), by="enrolment")


def _sum_of_minutes(lines: QuerySet[Attendance], *, by: str) -> Coalesce:
    total = lines.order_by().values(by).annotate(total=Sum("minutes")).values("total")
    return Coalesce(Subquery(total), 0)


@dataclass(frozen=True)
class LearningRow:
    """One course of a person: her place, its page in the language in use, and where she stopped."""

    enrolment: Enrolment
    page: CoursePage | None
    last_lesson: LessonPage | None
    lessons_done: int
    hours_shown: Decimal


def learning_rows(person: Person) -> list[LearningRow]:
    """Return what "my learning" shows, in three queries however many courses there are."""
    enrolments = _one_a_class(enrolments_of(person))
    language = get_language()
    pages = {
        page.course_id: page
        for page in CoursePage.objects.live()
        .filter(
            course__in=[each.training_class.course_id for each in enrolments],
            locale__language_code=language,
        )
        .select_related("cover")
        .annotate(lesson_count=lessons_below())
    }
    keys = {each.last_lesson_key for each in enrolments if each.last_lesson_key}
    lessons = {
        lesson.translation_key: lesson
        for lesson in LessonPage.objects.live()
        .filter(translation_key__in=keys, locale__language_code=language)
        .defer("body")
    }
    return [
        LearningRow(
            enrolment=each,
            page=pages.get(each.training_class.course_id),
            last_lesson=lessons.get(each.last_lesson_key) if each.last_lesson_key else None,
            lessons_done=each.lessons_done,
            hours_shown=shown_hours(hours_of_minutes(each.minutes_earned)),
        )
        for each in enrolments
    ]


def _one_a_class(enrolments: "Iterable[CountedEnrolment]") -> "list[CountedEnrolment]":
    """Keep of two places in a class the one with more minutes: hours are the longest, not the sum (E4)."""
    most: dict[int, CountedEnrolment] = {}
    for each in enrolments:
        known = most.get(each.training_class_id)
        if known is None or each.minutes_earned > known.minutes_earned:
            most[each.training_class_id] = each
    return list(most.values())
