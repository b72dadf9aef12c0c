"""A live class as a lesson: the recording, and what was said and not hidden. A draft, approved by another."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import override

from courses.hours import MINUTES_OF_AN_HOUR
from courses.models import CoursePage, LessonPage, LessonVideo
from courses.services import request_renditions
from livestream import raw
from livestream.errors import NoCoursePage, RecordingNotReady
from livestream.models import LiveClass, Rendition
from livestream.queries.live_class import shown_messages
from registry.models import User

LANGUAGE = "zh-hans"
_QUARTER = Decimal("0.25")


@transaction.atomic
def make_lesson(*, live_class: LiveClass, by: User) -> LessonPage:
    """Draft a lesson below the course's page and hand it to the approval; one that was made stays.

    Raises RecordingNotReady, NoCoursePage.
    """
    locked = LiveClass.objects.select_for_update(of=("self",)).select_related("session").get(pk=live_class.pk)
    if locked.lesson_id:
        return LessonPage.objects.get(pk=locked.lesson_id)
    session = locked.session
    file = session.renditions.filter(kind=Rendition.Kind.FILE).first() if session.is_watchable else None
    if file is None:
        raise RecordingNotReady
    course = locked.training_class.course
    above = CoursePage.objects.filter(course=course, locale__language_code=LANGUAGE).order_by("pk").first()
    if above is None:
        raise NoCoursePage
    video = _video(locked, raw.session_folder(session.uid) / file.path)
    with override(LANGUAGE):
        lesson = _page(locked, video, file.seconds)
    lesson.locale = above.locale
    above.add_child(instance=lesson)
    lesson.save_revision(user=by)
    if workflow := lesson.get_workflow():
        workflow.start(lesson, by)
    LiveClass.objects.filter(pk=locked.pk).update(lesson=lesson)
    return lesson


def _video(live_class: LiveClass, path: Path) -> LessonVideo:
    video = LessonVideo(title=live_class.title)
    with path.open("rb") as content:
        video.original.save(path.name, File(content), save=False)
    request_renditions(video=video)
    return video


def _page(live_class: LiveClass, video: LessonVideo, seconds: float) -> LessonPage:
    hours = Decimal(str(seconds)) / 60 / MINUTES_OF_AN_HOUR
    quarters = (hours / _QUARTER).quantize(Decimal(1), ROUND_HALF_UP) * _QUARTER
    body: list[tuple[str, Any]] = [
        ("video", {"title": live_class.title, "video": video, "captions": None, "transcript": None})
    ]
    if said := _said(live_class):
        body.append(("text", said))
    return LessonPage(
        title=live_class.title,
        slug=f"live-{str(live_class.uid)[:8]}",
        summary=_("Recording of the live class of %(day)s.")
        % {"day": timezone.localdate(live_class.starts_at).isoformat()},
        hours=max(quarters, _QUARTER),
        live=False,
        body=body,
    )


def _said(live_class: LiveClass) -> str:
    """Return the chat as a lesson holds it: names cut short, nothing that was hidden."""
    lines = format_html_join(
        "",
        "<li><b>{}</b> {}</li>",
        ((message.name, message.text) for message in shown_messages(live_class, None)),
    )
    return format_html("<h2>{}</h2><ul>{}</ul>", _("What the class talked about"), lines) if lines else ""
