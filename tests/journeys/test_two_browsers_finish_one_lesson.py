"""Phone and computer open on the same lesson, both sent at the same moment: it is finished once."""

import uuid

import pytest
from playwright.sync_api import expect

from certificates.models import Certificate
from courses.models import Attendance, Enrolment, LessonProgress, QuizAttempt
from courses.services import assess, enrol_person, hand_in, send_quiz
from tests.chromium import DESK
from tests.factories import courses as make
from tests.journeys.steps import choose_answers, reload_until_visible
from tests.journeys.words import chinese

pytestmark = [pytest.mark.browser, pytest.mark.worker]

# Returns before the form is sent, so that the second browser need not wait for the first.
SEND_SOON = "() => setTimeout(() => document.querySelector('#quiz form').requestSubmit(), 50)"


@pytest.fixture
def enrolment(box_course, instructor_user) -> Enrolment:
    """A place in the course with everything done but the first lesson."""
    person = make.make_person(user=make.make_user(), village=make.make_village())
    enrolment = enrol_person(person=person, course=box_course.course)
    lesson = box_course.get_children().specific().last()
    send_quiz(enrolment=enrolment, lesson=lesson, answers=make.RIGHT_ANSWERS, client_token=uuid.uuid4())
    work = hand_in(
        enrolment=enrolment,
        lesson=lesson,
        task_key="final",
        files=[make.photo()],
        client_token=uuid.uuid4(),
    )
    assess(submission=work, marker=instructor_user, levels={"care": 4, "label": 4})
    return enrolment


def test_last_lesson_sent_from_two_browsers_completes_once_and_makes_one_certificate(
    new_context, sign_in, celery_worker_process, enrolment, assert_accessible
):
    pages = [new_context().new_page(), new_context(viewport=DESK).new_page()]
    for page in pages:
        sign_in(page.context, enrolment.person.user)
        page.goto("/learn/box/one/")
        choose_answers(page, make.RIGHT_ANSWERS)

    for page in pages:
        page.evaluate(SEND_SOON)

    for page in pages:
        expect(page.get_by_text(chinese("Passed. This lesson is done."))).to_be_visible()
        assert_accessible(page)
    assert QuizAttempt.objects.count() == 3  # the first lesson's two, and the second lesson's
    assert LessonProgress.objects.filter(completed_at__isnull=False).count() == 2
    assert sorted(row.minutes for row in Attendance.objects.all()) == [90, 90]
    enrolment.refresh_from_db()
    assert enrolment.completed_at is not None
    pages[0].goto("/verify/mine/")
    reload_until_visible(pages[0], pages[0].get_by_role("link", name=chinese("Download (PDF)")))
    assert Certificate.objects.count() == 1
