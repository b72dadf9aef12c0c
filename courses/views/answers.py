"""Answers shared by the views of this app."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from courses.errors import CourseError
from courses.models import CoursePage, LessonPage
from courses.queries import course_page_by_slug, lesson_by_slugs


def published_course(slug: str) -> CoursePage:
    """Return the course page in the language in use, or answer 404."""
    page = course_page_by_slug(slug)
    if page is None:
        raise Http404
    return page


def published_lesson(course_slug: str, slug: str) -> tuple[CoursePage, LessonPage]:
    """Return a lesson with its course page, or answer 404."""
    lesson = lesson_by_slugs(course_slug, slug)
    if lesson is None:
        raise Http404
    return published_course(course_slug), lesson


def wants_json(request: HttpRequest) -> bool:
    """Tell whether our own upload module asks; a browser's form does not."""
    return request.headers.get("Accept") == "application/json"


def done(request: HttpRequest, url: str, message: str) -> HttpResponse:
    """Say that it worked: a message on the next page, or its address for the upload module."""
    messages.success(request, message)
    return JsonResponse({"url": url}) if wants_json(request) else redirect(url)


def refused(request: HttpRequest, url: str, error: CourseError | None = None) -> HttpResponse:
    """Say why it did not work: a message on the same page, or in words for the upload module."""
    text = str(error) if error else _("Something was missing. Please try again.")
    if wants_json(request):
        return JsonResponse({"error": text}, status=400)
    messages.error(request, text)
    return redirect(url)
