import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import PageViewRestriction

from courses.models import Enrolment, LessonPage
from courses.services import assess, open_lesson, return_for_redo
from tests.courses.test_learning import pass_quiz
from tests.factories.courses import (
    make_course,
    make_course_page,
    make_instructor,
    make_lesson,
    make_user,
    text_block,
)

pytestmark = pytest.mark.django_db


LESSON = "/learn/box/one/"


def text_of(response):
    return response.content.decode()


def test_catalog_lists_published_courses_in_its_language(client, course_page):
    draft = make_course_page(make_course("D"), slug="draft", title="草稿课")
    draft.unpublish()

    page = text_of(client.get("/courses/"))

    assert "课程T" in page
    assert "草稿课" not in page
    assert "/learn/box/" in page


def test_slugs_made_from_chinese_titles_lead_to_course_and_lesson(client, course_page):
    course = make_course_page(make_course("Z"), slug="贴标签")
    lesson = make_lesson(course, slug="第三课-贴标签")

    assert client.get(course.get_url()).status_code == 200
    assert client.get(lesson.get_url()).status_code == 200
    assert client.get("/learn/%00/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_catalog_asks_a_fixed_number_of_queries(client, count, django_assert_max_num_queries):
    for number in range(count):
        make_lesson(make_course_page(make_course(f"C{number}"), slug=f"c{number}"))

    client.get("/courses/")
    with django_assert_max_num_queries(12):
        client.get("/courses/")


def test_course_page_anonymous_offers_a_place(client, course_page):
    page = text_of(client.get("/learn/box/"))

    assert "/learn/box/enrol/" in page
    assert page.index("第one课") < page.index("第two课")


def test_course_page_goes_on_where_she_stopped(signed_in, enrolment, lessons):
    pass_quiz(enrolment, lessons[0])
    open_lesson(enrolment=enrolment, lesson=lessons[1])

    response = signed_in.get("/learn/box/")

    assert response.context["go_on"] == lessons[1]
    assert response.context["done_count"] == 1


def test_course_page_after_the_last_lesson_has_nowhere_to_go(signed_in, enrolment, lessons):
    for lesson in lessons:
        pass_quiz(enrolment, lesson)

    assert signed_in.get("/learn/box/").context["go_on"] is None


@pytest.mark.parametrize("path", ["/learn/none/", "/learn/box/none/", "/learn/none/one/", "/en/learn/box/"])
def test_pages_that_are_not_there(client, lessons, path):
    assert client.get(path).status_code == 404


def test_wagtail_own_address_leads_to_the_lesson(client, lessons):
    assert lessons[0].url == LESSON
    assert client.get("/courses/box/one/").url == LESSON
    assert client.get("/courses/box/").url == "/learn/box/"


def test_lesson_in_english_has_the_same_address_below_en(client, course_page, lessons):
    english = make_course_page(course_page.course, language="en", title="First box")
    lesson = make_lesson(english, text_block("<p>Pack it.</p>"), slug="one", title="Choose a box")

    assert lesson.url == "/en/learn/box/one/"
    assert "Pack it." in text_of(client.get("/en/learn/box/one/"))
    assert 'href="/en/learn/box/one/"' in text_of(client.get(LESSON))


def test_lesson_anonymous_can_be_read_and_nothing_sent(client, lessons):
    page = text_of(client.get(LESSON))

    assert "先挑后垫" in page
    assert "client_token" not in page
    assert reverse("account_login") in page
    assert not Enrolment.objects.exists()


def test_lesson_unpublished_or_restricted(client, lessons):
    lessons[0].unpublish()
    PageViewRestriction.objects.create(page=lessons[1], restriction_type="login")

    assert client.get(LESSON).status_code == 404
    assert client.get("/learn/box/two/").status_code == 404


def test_lesson_below_a_restricted_course(client, lessons, course_page):
    PageViewRestriction.objects.create(page=course_page, restriction_type="login")

    assert client.get(LESSON).status_code == 404


def test_lesson_notes_where_she_is(signed_in, enrolment, lessons):
    signed_in.get("/learn/box/two/")

    enrolment.refresh_from_db()
    assert enrolment.last_lesson_key == lessons[1].translation_key


def test_lesson_first_visit_is_lean(signed_in, enrolment, lessons, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = signed_in.get("/learn/box/two/").content

    assert len(page) < 30_000


def test_lesson_with_marked_work_is_lean(
    signed_in, enrolment, lessons, submission, django_assert_max_num_queries
):
    pass_quiz(enrolment, lessons[1])
    assess(submission=submission, marker=make_instructor(), levels={"care": 4, "label": 3}, comment="装得实")

    with django_assert_max_num_queries(12):
        page = text_of(signed_in.get("/learn/box/two/"))

    assert "装得实" in page
    assert "90" in page


def test_lesson_returned_work_can_be_sent_again(signed_in, enrolment, submission):
    return_for_redo(submission=submission, marker=make_instructor(), comment="请拍清楚")

    page = text_of(signed_in.get("/learn/box/two/"))

    assert "请拍清楚" in page
    assert "data-upload" in page


def test_lesson_handed_in_work_waits(signed_in, enrolment, submission):
    assert 'name="files"' not in text_of(signed_in.get("/learn/box/two/"))


def test_preview_shows_a_draft_without_a_place(client, lessons):
    writer = make_user()
    writer.groups.add(Group.objects.get(name="Moderators"))
    lesson = LessonPage.objects.get(pk=lessons[0].pk)
    lesson.title = "新标题"
    with override("zh-hans"):
        response = lesson.make_preview_request()

    page = text_of(response)
    assert response.status_code == 200
    assert "新标题" in page
    assert "client_token" not in page
    assert Permission.objects.exists()
