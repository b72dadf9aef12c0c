"""A live class that becomes a lesson: a draft with the recording and what was not hidden."""

import uuid

import pytest
from wagtail.models import Page

from courses.models import CoursePage, LessonVideo
from courses.services import open_catalog
from livestream import raw
from livestream.errors import NoCoursePage, RecordingNotReady
from livestream.models import LiveSession, Rendition
from livestream.services.chat import say
from livestream.services.class_lesson import make_lesson
from livestream.services.moderation import hide_message
from tests.factories import courses as make
from tests.factories.live_class import STARTS, begun, ended, enrol, fresh, make_class, make_live_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(db):
    return make.make_instructor()


@pytest.fixture
def recorded(teacher):
    """A live class that is over, whose recording of 45 minutes is ready, with three messages."""
    live_class = begun(make_live_class(make_class(), teacher))
    trainee = enrol(live_class.training_class)
    for text in ("谢谢老师", "加我微信", "骂人的话"):
        message = say(
            live_class=live_class,
            author=trainee.user,
            person=trainee,
            text=text,
            is_question=False,
            client_token=uuid.uuid4(),
            now=STARTS,
        )
    hide_message(message=message, by=teacher)
    live_class = ended(live_class)
    file = raw.session_folder(live_class.uid) / "vod" / "1" / "film.mp4"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"film")
    Rendition.objects.create(
        session=live_class.session, kind="mp4", path="vod/1/film.mp4", bytes=4, seconds=45 * 60
    )
    LiveSession.objects.filter(pk=live_class.session_id).update(state="published")
    return fresh(live_class)


def test_lesson_is_a_draft_with_the_recording_and_what_was_not_hidden(recorded, teacher):
    lesson = make_lesson(live_class=recorded, by=teacher)

    video, text = lesson.body
    assert (lesson.live, lesson.hours) == (False, 1)
    assert video.value["video"] == LessonVideo.objects.get()
    with LessonVideo.objects.get().original.open() as original:
        assert original.read() == b"film"
    assert "谢谢老师" in str(text.value)
    assert "何**" in str(text.value)
    assert "加我微信" not in str(text.value)
    assert "骂人的话" not in str(text.value)


def test_lesson_is_made_once_and_waits_for_another_to_approve(recorded, teacher):
    page = CoursePage.objects.get()
    open_catalog(Page.objects.get(pk=page.get_parent().pk).specific)

    both = [make_lesson(live_class=recorded, by=teacher) for _ in "ab"]

    assert both[0].pk == both[1].pk
    assert both[1].current_workflow_state is not None
    assert fresh(recorded).lesson_id == both[0].pk


def test_recording_that_is_not_ready_makes_no_lesson(recorded, teacher):
    LiveSession.objects.update(state="processing")

    with pytest.raises(RecordingNotReady):
        make_lesson(live_class=fresh(recorded), by=teacher)


def test_course_without_a_page_gets_no_lesson(recorded, teacher):
    CoursePage.objects.get().delete()

    with pytest.raises(NoCoursePage):
        make_lesson(live_class=recorded, by=teacher)
