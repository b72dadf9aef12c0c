"""Two browsers at once, each with its own connection to PostgreSQL."""

import threading
import uuid

import pytest
from django.db import connection

from courses.models import Attendance, Enrolment, LessonProgress, QuizAttempt, Submission, TrainingClass
from courses.services import assess, enrol_person, hand_in, send_quiz
from courses.signals import course_completed
from tests.factories.courses import RIGHT_ANSWERS, at, make_instructor, make_person, photo

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def at_once(*actions):
    """Run every action in a thread of its own, all let go together; return results and errors."""
    gate = threading.Barrier(len(actions))
    outcomes = [None] * len(actions)

    def run(index, action):
        try:
            gate.wait(timeout=10)
            outcomes[index] = action()
        except Exception as error:
            outcomes[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


@pytest.fixture
def completions():
    seen = []
    receiver = lambda sender, enrolment, **_: seen.append(enrolment)  # noqa: E731
    course_completed.connect(receiver)
    yield seen
    course_completed.disconnect(receiver)


def quiz_of(enrolment, lesson, token, day="2026-03-02"):
    return lambda: send_quiz(
        enrolment=Enrolment.objects.select_related("training_class", "person").get(pk=enrolment.pk),
        lesson=lesson,
        answers=RIGHT_ANSWERS,
        client_token=token,
        now=at(day),
    )


def test_two_browsers_completing_the_same_lesson(enrolment, lessons):
    outcomes = at_once(*[quiz_of(enrolment, lessons[0], uuid.uuid4()) for _ in range(4)])

    assert all(isinstance(each, QuizAttempt) for each in outcomes)
    assert LessonProgress.objects.get().completed_at
    assert [row.minutes for row in Attendance.objects.all()] == [90]


def test_the_same_quiz_sent_twice(enrolment, lessons):
    token = uuid.uuid4()

    first, second = at_once(*[quiz_of(enrolment, lessons[0], token)] * 2)

    assert first == second
    assert QuizAttempt.objects.count() == 1


def test_the_same_upload_sent_twice(enrolment, lessons):
    token = uuid.uuid4()
    send = lambda: hand_in(  # noqa: E731
        enrolment=Enrolment.objects.get(pk=enrolment.pk),
        lesson=lessons[1],
        task_key="final",
        files=[photo()],
        client_token=token,
    )

    first, second, third = at_once(send, send, send)

    assert first == second == third
    assert Submission.objects.get().files.count() == 1


def test_two_browsers_finishing_the_course(enrolment, lessons, completions):
    quiz_of(enrolment, lessons[0], uuid.uuid4())()
    work = hand_in(
        enrolment=enrolment,
        lesson=lessons[1],
        task_key="final",
        files=[photo()],
        client_token=uuid.uuid4(),
    )
    marker = make_instructor()
    mark = lambda: assess(  # noqa: E731
        submission=Submission.objects.get(pk=work.pk), marker=marker, levels={"care": 4, "label": 4}
    )
    last = quiz_of(enrolment, lessons[1], uuid.uuid4())

    outcomes = at_once(mark, last, mark, last)

    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert len(completions) == 1


def test_many_people_enrolling_at_once(course_page):
    people = [make_person() for _ in range(5)]
    join = [
        lambda person=person: enrol_person(person=person, course=course_page.course, now=at("2026-03-02"))
        for person in [*people, people[0]]
    ]

    outcomes = at_once(*join)

    assert all(isinstance(each, Enrolment) for each in outcomes)
    assert TrainingClass.objects.get().number == 1
    assert Enrolment.objects.count() == 5
