"""Taking a place, and one's own courses."""

import pytest
from django.urls import reverse

from courses.models import Enrolment
from courses.services import assess, open_lesson
from registry.services import set_phone
from tests.courses.test_learning import pass_quiz
from tests.factories.courses import (
    make_course,
    make_course_page,
    make_instructor,
    make_lesson,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


def test_my_learning_shows_courses_and_marks(signed_in, enrolment, lessons, submission):
    pass_quiz(enrolment, lessons[0])
    assess(submission=submission, marker=make_instructor(), levels={"care": 4, "label": 3}, comment="装得实")

    page = text_of(signed_in.get("/learn/"))

    assert "课程T" in page
    assert "1 / 2" in page
    assert "90" in page
    assert "装得实" in page


def test_my_learning_leads_to_everything_of_hers(signed_in, enrolment):
    page = text_of(signed_in.get("/learn/")).split('<ul class="mine-links">')[1].split("</ul>")[0]

    for name in ("certificates:mine", "livestream:rehearsals", "courses:my_shop", "registry:privacy"):
        assert f'href="{reverse(name)}"' in page


def test_quiz_says_before_its_questions_that_a_place_is_needed(signed_in, lessons):
    page = text_of(signed_in.get("/learn/box/one/")).split('id="quiz"')[1]

    assert page.index("/learn/box/enrol/") < page.index("<input")


def test_my_learning_asks_a_fixed_number_of_queries(signed_in, trainee, django_assert_num_queries):
    from courses.services import enrol_person

    counts = []
    for number in range(3):
        page = make_course_page(make_course(f"C{number}"), slug=f"c{number}")
        lesson = make_lesson(page)
        enrolment = enrol_person(person=trainee.person, course=page.course)
        open_lesson(enrolment=enrolment, lesson=lesson)
        with django_assert_num_queries(9, exact=False) as queries:
            signed_in.get("/learn/")
        counts.append(len(queries))

    assert counts[0] == counts[2]


def test_my_learning_empty_and_anonymous(client, course_page):
    assert reverse("account_login") in client.get("/learn/").url
    client.force_login(make_user())
    assert "empty" in text_of(client.get("/learn/"))


def test_enrol_with_a_person_is_one_press(signed_in, course_page):
    assert "form" in text_of(signed_in.get("/learn/box/enrol/"))

    response = signed_in.post("/learn/box/enrol/")
    signed_in.post("/learn/box/enrol/")

    assert response.url == "/learn/box/"
    assert Enrolment.objects.count() == 1


def test_enrol_without_a_person_says_who_she_is_first(client, course_page):
    client.force_login(make_user())

    response = client.post("/learn/box/enrol/")

    assert response.url == "/people/register/?next=%2Flearn%2Fbox%2Fenrol%2F"
    assert not Enrolment.objects.exists()


def test_enrol_with_a_phone_on_the_roster_is_led_to_the_list(client, course_page, county):
    user, listed = make_user(), make_person()
    set_phone(user=user, phone="+8619900001234", is_verified=True)
    listed.id_number, listed.phone = "990000199001010017", "+8619900001234"
    listed.save()
    client.force_login(user)

    assert client.get("/learn/box/enrol/").url.startswith("/people/link/?next=")


def test_enrol_anonymous_signs_in_first(client, course_page):
    assert client.get("/learn/box/enrol/").status_code == 302
