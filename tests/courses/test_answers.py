"""Sending quizzes, readings and work from a lesson's page."""

import uuid

import pytest
from django.urls import reverse

from courses.models import QuizAttempt, Submission
from tests.factories.courses import (
    RIGHT_POST,
    make_lesson,
    make_user,
    photo,
    text_block,
)

pytestmark = pytest.mark.django_db


LESSON = "/learn/box/one/"


def text_of(response):
    return response.content.decode()


def answers(**changes):
    return {"client_token": str(uuid.uuid4()), **RIGHT_POST, **changes}


def test_quiz_right_answers_pass(signed_in, enrolment, lessons):
    response = signed_in.post(f"{LESSON}quiz/", answers(), follow=True)

    attempt = QuizAttempt.objects.get()
    assert attempt.is_passed
    assert attempt.answers["q4"] == ["b", "a"]
    assert "因为如此" in text_of(response)
    assert response.context["state"].is_done


def test_quiz_wrong_answers_can_be_tried_again(signed_in, enrolment, lessons):
    wrong = answers(**{"q1": "a", "q2": "c", "q3": "true"})

    shown = text_of(signed_in.post(f"{LESSON}quiz/", wrong, follow=True))
    again = text_of(signed_in.get(f"{LESSON}?again=1"))

    assert "choice--wrong" in shown
    assert "?again=1" in shown
    assert 'name="q1"' not in shown
    assert 'name="q1"' in again


@pytest.mark.parametrize(
    "broken",
    [
        {"q1": ""},
        {"q2": []},
        {"q4-a": ""},
        {"q4-a": "9"},
        {"q4-b": "x"},
        {"q3": "maybe"},
        {"client_token": "no"},
        {"client_token": ""},
    ],
)
def test_quiz_incomplete_or_bad_answers_are_kindly_refused(signed_in, enrolment, lessons, broken):
    response = signed_in.post(f"{LESSON}quiz/", answers(**broken), follow=True)

    assert response.status_code == 200
    assert "notice--error" in text_of(response)
    assert not QuizAttempt.objects.exists()


def test_quiz_anonymous_signs_in_first(client, lessons):
    response = client.post(f"{LESSON}quiz/", answers())

    assert response.status_code == 302
    assert reverse("account_login") in response.url


def test_quiz_without_a_place(client, lessons):
    client.force_login(make_user())

    assert client.post(f"{LESSON}quiz/", answers()).status_code == 404


def test_quiz_by_get(signed_in, enrolment):
    assert signed_in.get(f"{LESSON}quiz/").status_code == 405


def test_read_confirms_a_lesson_without_quiz(signed_in, enrolment, course_page):
    make_lesson(course_page, text_block(), slug="text")

    assert "/learn/box/text/read/" in text_of(signed_in.get("/learn/box/text/"))
    signed_in.post("/learn/box/text/read/")

    assert signed_in.get("/learn/box/text/").context["state"].is_done
    assert "notice--error" in text_of(signed_in.post(f"{LESSON}read/", follow=True))


def test_work_handed_in_by_the_plain_form(signed_in, enrolment):
    form = {"client_token": str(uuid.uuid4()), "note": "看看", "files": [photo(), photo("red")]}

    response = signed_in.post("/learn/box/two/work/final/", form)

    assert response.url == "/learn/box/two/#task-final"
    assert Submission.objects.get().files.count() == 2


def test_work_handed_in_by_the_module_answers_in_json(signed_in, enrolment):
    form = {"client_token": str(uuid.uuid4()), "files": [photo()]}

    first = signed_in.post("/learn/box/two/work/final/", form, headers={"Accept": "application/json"})
    form["files"] = [photo()]
    again = signed_in.post("/learn/box/two/work/final/", form, headers={"Accept": "application/json"})

    assert first.json() == again.json() == {"url": "/learn/box/two/#task-final"}
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("two/work/final/", {"client_token": "x"}),
        ("two/work/final/", {"client_token": str(uuid.uuid4())}),
        ("two/work/none/", {"client_token": str(uuid.uuid4())}),
    ],
)
def test_work_that_cannot_be_taken_is_kindly_refused(signed_in, enrolment, path, form):
    plain = signed_in.post(f"/learn/box/{path}", form)
    module = signed_in.post(f"/learn/box/{path}", form, headers={"Accept": "application/json"})

    assert plain.status_code == 302
    assert (module.status_code, bool(module.json()["error"])) == (400, True)
