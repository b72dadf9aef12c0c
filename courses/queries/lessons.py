"""Finding course and lesson pages."""

import uuid
from collections.abc import Iterable

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from django.utils.translation import get_language
from wagtail.models import PageViewRestriction

from courses.lesson_parts import Task
from courses.models import Course, CoursePage, LessonPage


def _is_restricted() -> Exists:
    """Say of a page whether it, or a page above it, is not for everybody."""
    above = PageViewRestriction.objects.annotate(
        seen=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    )
    return Exists(above.filter(seen__startswith=F("page__path")))


def course_page_by_slug(slug: str, language: str | None = None) -> CoursePage | None:
    """Return the published, unrestricted page of a course in `language` (the one in use)."""
    return (
        CoursePage.objects.live()
        .filter(~_is_restricted(), slug=slug, locale__language_code=language or get_language())
        .select_related("course", "cover", "locale")
        .first()
    )


def live_course_page(course: Course, language: str | None = None) -> CoursePage | None:
    """Return a published, unrestricted page of a course, in `language` (the one in use) if there is one."""
    pages = CoursePage.objects.live().filter(~_is_restricted(), course=course).select_related("locale")
    rows = list(pages.order_by("locale__language_code"))
    wanted = language or get_language()
    return next((row for row in rows if row.locale.language_code == wanted), next(iter(rows), None))


def lesson_by_slugs(course_slug: str, slug: str, language: str | None = None) -> LessonPage | None:
    """Return the published, unrestricted lesson; None when the course or lesson is neither."""
    return (
        LessonPage.objects.live()
        .filter(
            ~_is_restricted(),
            slug=slug,
            url_path__endswith=f"/{course_slug}/{slug}/",
            locale__language_code=language or get_language(),
        )
        .first()
    )


def lessons_of(course_page: CoursePage) -> QuerySet[LessonPage]:
    """Return the published lessons of a course page in their order, without their content."""
    return (
        LessonPage.objects.child_of(course_page).live().defer("body", "search_description").order_by("path")
    )


def course_page_of(lesson: LessonPage) -> CoursePage:
    """Return the course page above a lesson."""
    above = lesson.path[: -LessonPage.steplen]
    page: CoursePage = CoursePage.objects.select_related("course", "locale").get(path=above)
    return page


def lesson_with_key(course: Course, lesson_key: uuid.UUID, language: str | None = None) -> LessonPage | None:
    """Return a published page of the lesson `lesson_key` of `course`, in `language` if there is one."""
    pages = CoursePage.objects.filter(course=course).live().order_by("locale__language_code")
    lessons = [
        lesson
        for page in pages
        for lesson in LessonPage.objects.child_of(page)
        .live()
        .filter(translation_key=lesson_key)
        .select_related("locale")
    ]
    wanted = language or get_language()
    return next((each for each in lessons if each.locale.language_code == wanted), None) or next(
        iter(lessons), None
    )


def graded_tasks_of(course: Course) -> list[tuple[uuid.UUID, Task]]:
    """Return lesson key and task of every final practical of a course, whatever the language."""
    found: dict[tuple[uuid.UUID, str], Task] = {}
    for page in CoursePage.objects.filter(course=course).live():
        for lesson in LessonPage.objects.child_of(page).live():
            for task in lesson.tasks:
                if task.is_graded:
                    found.setdefault((lesson.translation_key, task.key), task)
    return [(lesson_key, task) for (lesson_key, _task_key), task in found.items()]


def lesson_titles(lesson_keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the titles of lessons by key, in the language in use where there is one."""
    rows = LessonPage.objects.filter(translation_key__in=set(lesson_keys)).values_list(
        "translation_key", "title", "locale__language_code"
    )
    in_use = get_language()
    return {key: title for key, title, language in sorted(rows, key=lambda row: row[2] == in_use)}
