"""The course page and the lesson page with its quiz, practical work and progress.

Plain views instead of Wagtail's page routing: a lesson is the page a village opens most, over the
weakest link, and this costs it a third of the queries.
"""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses import uploads
from courses.errors import CourseError
from courses.forms import HandInForm, QuizForm
from courses.lesson_html import answered
from courses.lesson_parts import Task
from courses.models import CoursePage, Enrolment, LessonPage, Submission
from courses.queries import (
    LessonState,
    Progress,
    ShownLesson,
    Visit,
    enrolment_of_user,
    last_attempt,
    lessons_of,
    progress_of,
    shown_lesson,
    visit_of_user,
    work_of_lesson,
)
from courses.services import confirm_read, earn_minutes, hand_in, open_lesson, send_quiz
from courses.views.answers import done, published_course, published_lesson, refused


@require_GET
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a course: what one learns, its lessons, and how far the visitor has come."""
    page = published_course(slug)
    lessons = list(lessons_of(page))
    enrolment = enrolment_of_user(request.user, page.course)
    progress = progress_of(enrolment) if enrolment else None
    context = {
        "page": page,
        "rows": [(each, progress.state_of(each.translation_key) if progress else None) for each in lessons],
        "enrolment": enrolment,
        "progress": progress,
        "done_count": sum(each.translation_key in progress.done_keys for each in lessons) if progress else 0,
        "go_on": _go_on(lessons, enrolment, progress),
    }
    return render(request, "courses/course_page.html", context)


def _go_on(
    lessons: list[LessonPage], enrolment: Enrolment | None, progress: Progress | None
) -> LessonPage | None:
    """Return where to go on: the lesson last opened unless it is done, else the first that is not done."""
    done_keys = progress.done_keys if progress else set()
    left = [each for each in lessons if each.translation_key not in done_keys]
    last = enrolment.last_lesson_key if enrolment else None
    return next((each for each in left if each.translation_key == last), None) or next(iter(left), None)


@require_GET
def lesson(request: HttpRequest, course_slug: str, slug: str) -> HttpResponse:
    """Show a lesson to anybody; a trainee's visit is noted, and earns what an earlier day's cap kept back."""
    page = shown_lesson(course_slug, slug)
    if page is None:
        raise Http404
    context: dict[str, Any] = {"page": page, "parts": page.parts}
    visit = visit_of_user(request.user, page.course_id, page.translation_key)
    if visit:
        context |= _own_part(visit, page, wants_again="again" in request.GET)
    return render(request, "courses/lesson_page.html", context)


def _own_part(visit: Visit, page: ShownLesson, *, wants_again: bool) -> dict[str, Any]:
    """What only the trainee sees: her state, her last answers, her work. Notes that she was here."""
    enrolment, state = visit.enrolment, visit.state
    if not state.is_opened or enrolment.last_lesson_key != page.translation_key:
        open_lesson(enrolment=enrolment, lesson=page)
    earned = earn_minutes(enrolment=enrolment, lesson=page) if state.owed(page.hours) else 0
    state = LessonState(True, state.is_done, state.minutes + earned)
    return {
        "enrolment": enrolment,
        "state": state,
        "owed_minutes": state.owed(page.hours),
        "client_token": uuid.uuid4(),
        "max_photo_mb": uploads.MAX_PHOTO_BYTES // uploads.MEGABYTE,
        "max_video_mb": uploads.MAX_VIDEO_BYTES // uploads.MEGABYTE,
        **(_answers(enrolment, page, wants_again) if visit.has_answers else {}),
        "work": _work(enrolment, page, has_sent=visit.has_work),
    }


def _answers(enrolment: Enrolment, page: ShownLesson, wants_again: bool) -> dict[str, Any]:
    quiz = page.quiz
    attempt = last_attempt(enrolment, page.translation_key) if quiz else None
    if quiz is None or attempt is None or (wants_again and not attempt.is_passed):
        return {}
    score = quiz.score(attempt.answers)
    return {"attempt": attempt, "answered": answered(quiz, attempt.answers, score.right)}


def _work(enrolment: Enrolment, page: ShownLesson, *, has_sent: bool) -> list[dict[str, Any]]:
    tasks = page.tasks
    sent = work_of_lesson(enrolment, page.translation_key) if tasks and has_sent else {}
    return [_shown_work(task, sent.get(task.key, [])) for task in tasks]


def _shown_work(task: Task, attempts: list[Submission]) -> dict[str, Any]:
    newest = attempts[0] if attempts else None
    return {
        "key": task.key,
        "attempts": attempts,
        "newest": newest,
        "is_open": newest is None or newest.state == Submission.State.RETURNED,
    }


def _own_enrolment(request: HttpRequest, course_page: CoursePage) -> Enrolment:
    """Return the visitor's enrolment, or answer 404: she has no business here."""
    enrolment = enrolment_of_user(request.user, course_page.course)
    if enrolment is None:
        raise Http404
    return enrolment


@require_POST
@login_required
def quiz(request: HttpRequest, course_slug: str, slug: str) -> HttpResponse:
    """Take in the answers to a lesson's quiz."""
    course_page, page = published_lesson(course_slug, slug)
    enrolment = _own_enrolment(request, course_page)
    asked = page.quiz
    if asked is None:
        raise Http404
    form = QuizForm(request.POST, quiz=asked)
    url = reverse("courses:lesson", args=[course_slug, slug])
    if not form.is_valid():
        reason = next(iter(form.non_field_errors()), None)
        return refused(request, f"{url}?again=1#quiz", CourseError(reason) if reason else None)
    try:
        send_quiz(enrolment=enrolment, lesson=page, now=timezone.now(), **form.cleaned_data)
    except CourseError as error:
        return refused(request, url, error)
    return redirect(f"{url}#quiz")


@require_POST
@login_required
def read(request: HttpRequest, course_slug: str, slug: str) -> HttpResponse:
    """Take in that a lesson without a quiz was read."""
    course_page, page = published_lesson(course_slug, slug)
    url = reverse("courses:lesson", args=[course_slug, slug])
    try:
        confirm_read(enrolment=_own_enrolment(request, course_page), lesson=page)
    except CourseError as error:
        return refused(request, url, error)
    return done(request, url, _("This lesson is done."))


@require_POST
@login_required
def work(request: HttpRequest, course_slug: str, slug: str, task_key: str) -> HttpResponse:
    """Take in practical work, from the form or from the upload module."""
    course_page, page = published_lesson(course_slug, slug)
    enrolment = _own_enrolment(request, course_page)
    url = f"{reverse('courses:lesson', args=[course_slug, slug])}#task-{task_key}"
    form = HandInForm(request.POST)
    if not form.is_valid():
        return refused(request, url)
    files = request.FILES.getlist("files")
    try:
        hand_in(enrolment=enrolment, lesson=page, task_key=task_key, files=files, **form.cleaned_data)
    except CourseError as error:
        return refused(request, url, error)
    return done(request, url, _("Handed in. A teacher will look at it; you will see the mark here."))
