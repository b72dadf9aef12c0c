import pytest
from django.core.cache import cache
from wagtail.models import PageViewRestriction

from courses.models import LessonPage
from courses.services import confirm_read
from tests.courses.test_learning import pass_quiz
from tests.factories.courses import make_lesson, text_block

pytestmark = pytest.mark.django_db
LESSON = "/learn/box/one/"


@pytest.fixture
def seen(client, lessons):
    """The first lesson, which somebody has already read: it is kept."""
    assert client.get(LESSON).status_code == 200
    return lessons[0]


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """A block at whose end the changes in it are committed."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_lesson_kept_asks_the_database_nothing(client, seen, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert "先挑后垫" in client.get(LESSON).content.decode()


def test_lesson_published_again_shows_the_new_text(client, seen, committed):
    seen.title = "新题目"
    with committed():
        seen.save_revision().publish()

    assert "新题目" in client.get(LESSON).content.decode()


def test_lesson_draft_is_not_shown(client, seen, committed):
    seen.title = "新题目"
    with committed():
        seen.save_revision()

    assert "新题目" not in client.get(LESSON).content.decode()


def test_lesson_unpublished_is_gone(client, seen, committed):
    with committed():
        seen.unpublish()

    assert client.get(LESSON).status_code == 404


def test_lesson_deleted_is_gone(client, seen, committed):
    with committed():
        seen.delete()

    assert client.get(LESSON).status_code == 404


def test_lesson_of_an_unpublished_course_is_gone(client, seen, course_page, committed):
    with committed():
        course_page.unpublish()

    assert client.get(LESSON).status_code == 404


def test_lesson_of_a_deleted_course_is_gone(client, seen, course_page, committed):
    with committed():
        course_page.delete()

    assert client.get(LESSON).status_code == 404


def test_lesson_restricted_is_gone_until_it_is_free_again(client, seen, course_page, committed):
    with committed():
        restriction = PageViewRestriction.objects.create(page=course_page, restriction_type="login")
    assert client.get(LESSON).status_code == 404

    with committed():
        restriction.delete()
    assert client.get(LESSON).status_code == 200


def test_lesson_moved_knows_its_new_place(client, seen, lessons, committed):
    with committed():
        seen.move(lessons[1], pos="right")

    page = client.get(LESSON).context["page"]

    assert (page.number, page.previous.slug, page.next) == (2, "two", None)


def test_lesson_with_a_new_neighbour_leads_there(client, seen, course_page, committed):
    with committed():
        make_lesson(course_page, text_block(), slug="three").save_revision().publish()

    assert client.get("/learn/box/two/").context["page"].next.slug == "three"
    assert client.get(LESSON).context["page"].lesson_count == 3


def test_lesson_with_a_new_course_title_shows_it(client, seen, course_page, committed):
    course_page.title = "新课程"
    with committed():
        course_page.save_revision().publish()

    assert "新课程" in client.get(LESSON).content.decode()


def test_lesson_read_before_a_change_is_not_kept_for_later(client, seen, committed, monkeypatch):
    """A reader who began before a commit keeps the old text under the old version."""
    cache.clear()
    read = LessonPage.quiz.fget

    def changed_meanwhile(page):
        monkeypatch.undo()
        seen.title = "新题目"
        with committed():
            seen.save_revision().publish()
        return read(page)

    monkeypatch.setattr(LessonPage, "quiz", property(changed_meanwhile))
    client.get(LESSON)

    assert "新题目" in client.get(LESSON).content.decode()


def test_lesson_kept_for_somebody_holds_nothing_of_hers(client, trainee, enrolment, lessons):
    client.force_login(trainee)
    pass_quiz(enrolment, lessons[0])
    assert client.get(LESSON).context["state"].is_done
    client.logout()

    page = client.get(LESSON).content.decode()

    assert "client_token" not in page
    assert "csrfmiddlewaretoken" not in page
    assert "state" not in client.get(LESSON).context


def test_progress_on_a_kept_lesson_is_fresh(client, trainee, enrolment, course_page):
    lesson = make_lesson(course_page, text_block(), slug="text")
    client.force_login(trainee)
    assert not client.get("/learn/box/text/").context["state"].is_done

    confirm_read(enrolment=enrolment, lesson=lesson)

    assert client.get("/learn/box/text/").context["state"].is_done
