import pytest
from wagtail.models import Site

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def fresh_site_cache(db):
    Site.clear_site_root_paths_cache()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", "怎么学"),
        ("/en/", "How it works"),
        ("/privacy/", "我们不做人脸识别"),
        ("/en/privacy/", "We use no face recognition"),
        ("/help/", "怎么拿证书"),
        ("/en/about/", "not a state vocational qualification"),
    ],
)
def test_site_page_is_served_in_its_language(client, site, address, words):
    response = client.get(address)

    assert response.status_code == 200
    assert words in response.content.decode()


def test_home_page_shows_live_courses_of_its_language(client, add_course_page):
    add_course_page("A1")
    add_course_page("B1", live=False)
    add_course_page("C1", language="en")

    page = client.get("/").content.decode()

    assert "课程A1" in page
    assert "课程B1" not in page
    assert "课程C1" not in page


def test_home_page_without_courses_says_so(client, site):
    assert "课程正在准备" in client.get("/").content.decode()


def test_home_page_asks_the_same_number_of_queries_with_one_and_three_courses(
    client, add_course_page, django_assert_num_queries
):
    add_course_page("A1")
    client.get("/")  # makes the rendition of the cover
    with django_assert_num_queries(9):
        client.get("/")

    add_course_page("A2")
    add_course_page("A3")
    client.get("/")
    with django_assert_num_queries(9):
        client.get("/")


def test_home_page_has_no_form_with_a_token_so_that_it_can_be_cached(client, site):
    assert "csrfmiddlewaretoken" not in client.get("/").content.decode()


def test_frame_varies_by_cookie_and_shows_large_text(client, site):
    client.cookies["text_size"] = "large"

    response = client.get("/")

    assert "Cookie" in response["Vary"]
    assert 'class="large-text"' in response.content.decode()


def test_frame_costs_a_signed_in_visitor_two_queries(client, signed_in_user, django_assert_num_queries):
    """User and roles (the session comes from the cache); the 404 page asks for nothing else of its own."""
    client.force_login(signed_in_user)
    client.get("/patterns/")

    with django_assert_num_queries(2):
        response = client.get("/patterns/")

    assert "学员甲" in response.content.decode()


def test_frame_offers_the_same_page_in_the_other_language(client, site):
    assert 'href="/en/help/"' in client.get("/help/").content.decode()
    assert 'href="/help/"' in client.get("/en/help/").content.decode()
