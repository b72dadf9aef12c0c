"""Marking practical work, and the files that were handed in."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.byte_ranges import file_response
from courses.errors import CourseError
from courses.forms import MarkingForm
from courses.models import Submission, SubmissionFile
from courses.permissions import can_mark, can_see_file, marking_reach
from courses.queries import lesson_titles, lesson_with_key, submissions_to_mark
from courses.services import assess, return_for_redo
from courses.services.marking import task_of
from courses.uploads import thumbnail

PAGE_SIZE = 30
THUMBNAIL_SIDE = 480
# A kept file never changes: its name is its content.
KEEP = {"Cache-Control": "private, max-age=31536000, immutable"}


def _work(request: HttpRequest) -> QuerySet[Submission]:
    """Return the work the visitor may mark or read, or answer 404."""
    reach = marking_reach(request.user)
    if not reach or (request.method == "POST" and not can_mark(request.user)):
        raise Http404
    return submissions_to_mark(reach.codes, reach.training_bodies)


@require_GET
@login_required
def marking(request: HttpRequest) -> HttpResponse:
    """List the work of the marker's region: what waits, oldest first, or what was decided."""
    work = _work(request)
    shows_decided = request.GET.get("show") == "decided"
    waiting = work.filter(state=Submission.State.HANDED_IN)
    if shows_decided:
        work = work.exclude(state=Submission.State.HANDED_IN).order_by("-handed_in_at", "-pk")
    pages = Paginator(work.prefetch_related("assessments") if shows_decided else waiting, PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    titles = lesson_titles([submission.lesson_key for submission in page])
    context = {
        "page_obj": page,
        "rows": [(submission, titles.get(submission.lesson_key, "")) for submission in page],
        "shows_decided": shows_decided,
        "waiting_count": waiting.count() if shows_decided else pages.count,
    }
    return render(request, "courses/marking_list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def mark(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one piece of work with its rubric; take in the marks, or return it for another try."""
    submission = get_object_or_404(_work(request), uid=uid)
    try:
        task = task_of(submission)
    except CourseError as error:
        messages.error(request, str(error))
        return redirect("courses:marking")
    form = MarkingForm(request.POST or None, task=task, initial=_last_comment(submission))
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, submission, form)
        except CourseError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Saved. The trainee can see it now."))
            return redirect("courses:marking")
    context = {"submission": submission, "task": task, "form": form, "may_mark": can_mark(request.user)}
    context |= _surroundings(submission, form)
    return render(request, "courses/marking_detail.html", context)


def _decide(request: HttpRequest, submission: Submission, form: MarkingForm) -> None:
    comment = form.cleaned_data["comment"]
    if form.cleaned_data["decision"] == MarkingForm.RETURN:
        return_for_redo(submission=submission, marker=request.user, comment=comment)  # type: ignore[arg-type]
        return
    assess(
        submission=submission,
        marker=request.user,  # type: ignore[arg-type]
        levels=form.levels,
        red_lines=form.red_lines,
        comment=comment,
    )


def _last_comment(submission: Submission) -> dict[str, str]:
    last = submission.assessments.first()
    return {"comment": last.comment} if last else {}


def _surroundings(submission: Submission, form: MarkingForm) -> dict[str, Any]:
    """The lesson, earlier attempts, and the rubric with what is chosen on each line."""
    last = submission.assessments.first()
    levels = last.levels if last else {}
    earlier = Submission.objects.filter(
        enrolment=submission.enrolment,
        lesson_key=submission.lesson_key,
        task_key=submission.task_key,
        attempt__lt=submission.attempt,
    ).prefetch_related("files", "assessments")
    return {
        "lesson": lesson_with_key(submission.enrolment.training_class.course, submission.lesson_key),
        "earlier": earlier,
        "last": last,
        "rubric": [
            {
                "row": row,
                "level": form.data.get(f"level-{row.key}", str(levels.get(row.key, ""))),
                "is_crossed": bool(form.data.get(f"red-{row.key}", False)),
            }
            for row in form.task.rubric
        ],
    }


@require_GET
@login_required
def work_file(request: HttpRequest, uid: UUID, pk: int) -> HttpResponseBase:
    """Send one handed-in file to her who sent it and to markers of her region; `?small` sends a thumbnail.

    Markers get a video once a worker has taken place and device out of it.
    """
    file = get_object_or_404(
        SubmissionFile.objects.select_related(
            "submission__enrolment__person",
            "submission__enrolment__training_class",
            "submission__enrolment__village_version",
        ),
        pk=pk,
        submission__uid=uid,
    )
    if not can_see_file(request.user, file):
        raise Http404
    is_photo = file.kind == SubmissionFile.Kind.PHOTO
    content_type = "image/jpeg" if is_photo else f"video/{file.suffix.removeprefix('.')}"
    if is_photo and "small" in request.GET:
        with file.file.open("rb") as content:
            small = thumbnail(content, THUMBNAIL_SIDE)
        return HttpResponse(small, content_type, headers=KEEP)
    name = Path(file.file.name or "").name
    headers = KEEP if file.is_ready else {"Cache-Control": "private, no-store"}
    return file_response(request, file.file, content_type=content_type, etag=name, headers=headers)
