"""A published lesson as everybody sees it, without anything personal."""

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language

from courses import lesson_cache
from courses.lesson_html import Part, parts_of
from courses.lesson_parts import Quiz, Task
from courses.models import LessonPage
from courses.queries.lessons import course_page_by_slug, lesson_by_slugs, lessons_of


@dataclass(frozen=True)
class Neighbour:
    """The lesson before or after."""

    slug: str
    title: str


@dataclass(frozen=True)
class ShownLesson:
    """A lesson page, its place in the course and its finished HTML; kept in the cache, see `lesson_cache`."""

    translation_key: uuid.UUID
    slug: str
    title: str
    summary: str
    hours: Decimal
    course_id: int
    course_slug: str
    course_title: str
    number: int
    lesson_count: int
    previous: Neighbour | None
    next: Neighbour | None
    parts: list[Part]
    quiz: Quiz | None
    tasks: list[Task]


def shown_lesson(course_slug: str, slug: str) -> ShownLesson | None:
    """Return the published, unrestricted lesson in the language in use; None where there is none."""
    return lesson_cache.kept(f"{get_language()}:{course_slug}/{slug}", lambda: _read(course_slug, slug))


def _read(course_slug: str, slug: str) -> ShownLesson | None:
    page, course_page = lesson_by_slugs(course_slug, slug), course_page_by_slug(course_slug)
    if page is None or course_page is None:
        return None
    lessons = list(lessons_of(course_page))
    place = next(i for i, each in enumerate(lessons) if each.pk == page.pk)
    return ShownLesson(
        translation_key=page.translation_key,
        slug=page.slug,
        title=page.title,
        summary=page.summary,
        hours=page.hours,
        course_id=course_page.course_id,
        course_slug=course_page.slug,
        course_title=course_page.title,
        number=place + 1,
        lesson_count=len(lessons),
        previous=_neighbour(lessons[place - 1]) if place else None,
        next=_neighbour(lessons[place + 1]) if place + 1 < len(lessons) else None,
        parts=parts_of(page.body),
        quiz=page.quiz,
        tasks=page.tasks,
    )


def _neighbour(lesson: LessonPage) -> Neighbour:
    return Neighbour(lesson.slug, lesson.title)
