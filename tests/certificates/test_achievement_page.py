"""The address of an achievement: JSON to verifiers, a page to people."""

import pytest

from tests.factories import courses as make
from tests.factories.certificates import EnrolmentFactory, issued

pytestmark = pytest.mark.django_db
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def course_page():
    make.make_county()
    page = make.make_course_page(make.make_course("PKG"))
    for slug in ("one", "two"):
        make.make_lesson(page, make.text_block(), slug=slug)
    return page


@pytest.fixture
def certificate(course_page):
    return issued(EnrolmentFactory(completed=True, training_class__course=course_page.course))


def opened(client, accept=BROWSER, code="PKG", prefix=""):
    return client.get(f"{prefix}/verify/badges/achievements/{code}/", headers={"accept": accept})


@pytest.mark.parametrize(
    ("accept", "answer"),
    [
        (BROWSER, "text/html"),
        ("*/*", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("application/ld+json, application/json;q=0.9, */*;q=0.1", "application/ld+json"),
        ("image/png", "application/ld+json"),
    ],
)
def test_verifiers_get_json_and_browsers_a_page(client, certificate, accept, answer):
    response = opened(client, accept)

    assert response["Content-Type"].startswith(answer)
    assert "Accept" in response["Vary"].split(", ")


def test_page_says_hours_criteria_and_lessons_and_nobody_s_name(client, certificate, course_page):
    text = opened(client).content.decode()

    for said in (
        certificate.printed["course_name"],
        certificate.printed["body"],
        "24 ",
        "80 %",
        course_page.summary,
        *course_page.get_children().values_list("title", flat=True),
    ):
        assert said in text
    assert certificate.number not in text
    assert certificate.printed["name"] not in text


def test_page_in_english_marks_what_is_chinese(client, certificate):
    text = opened(client, prefix="/en").content.decode()

    assert "class hours of 45 minutes" in text
    assert certificate.printed["course_name_en"] in text
    assert '<section lang="zh-hans">' in text


def test_course_without_a_published_page_still_has_its_criteria(client, certificate, course_page):
    course_page.unpublish()

    text = opened(client).content.decode()

    assert "80 %" in text
    assert course_page.summary not in text


def test_course_that_certified_nobody_has_no_page(client, course_page):
    assert opened(client).status_code == 404


def test_only_the_answer_for_machines_is_kept_by_caches(client, certificate):
    assert "public" in opened(client, "*/*")["Cache-Control"]
    assert "public" not in opened(client).headers.get("Cache-Control", "")


def test_page_costs_the_same_queries_for_two_and_four_lessons(
    client, certificate, course_page, django_assert_num_queries
):
    opened(client)
    with django_assert_num_queries(4):
        opened(client)
    for slug in ("three", "four"):
        make.make_lesson(course_page, make.text_block(), slug=slug)
    with django_assert_num_queries(4):
        opened(client)
