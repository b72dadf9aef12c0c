"""Handed-in files in the ranges that players ask for."""

import uuid

import pytest
from django.test import Client

from courses.services import hand_in
from tests.factories.courses import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(trainee):
    client = Client()
    client.force_login(trainee)
    return client


@pytest.fixture
def work(enrolment, lessons):
    """One photo that was handed in: its address and its bytes."""
    submission = hand_in(
        enrolment=enrolment, lesson=lessons[1], task_key="final", files=[photo()], client_token=uuid.uuid4()
    )
    file = submission.files.get()
    with file.file.open("rb") as content:
        return f"/learn/work/{submission.uid}/{file.pk}/", content.read()


def etag_of(browser, path) -> str:
    """The name of the content."""
    response = browser.get(path)
    body(response)
    return response["ETag"]


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_whole_file_says_that_ranges_are_served(browser, work):
    path, content = work

    response = browser.get(path)

    assert (response.status_code, response["Accept-Ranges"], body(response)) == (200, "bytes", content)
    assert response["Content-Length"] == str(len(content))


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=5-5", 5, 5),
        ("bytes=10-", 10, -1),
        ("bytes=-7", -7, -1),
        ("bytes=3-999999", 3, -1),
    ],
)
def test_range_is_answered_with_its_bytes(browser, work, asked, first, last):
    path, content = work
    size = len(content)
    first, last = first % size, last % size

    response = browser.get(path, headers={"Range": asked})

    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{size}"
    assert body(response) == content[first : last + 1]
    assert response["Content-Length"] == str(last - first + 1)
    assert response["Content-Type"] == "image/jpeg"


def test_range_is_not_compressed_on_the_way(browser, work):
    path, content = work

    response = browser.get(path, headers={"Range": "bytes=0-", "Accept-Encoding": "gzip"})

    assert (response.status_code, body(response)) == (206, content)
    assert response["ETag"].startswith('"')  # a weak one would forbid the next range


def test_range_beyond_the_end_is_refused(browser, work):
    path, content = work

    response = browser.get(path, headers={"Range": f"bytes={len(content)}-"})

    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(content)}")


@pytest.mark.parametrize("asked", ["bytes=nonsense", "lines=1-2", "bytes=0-1,4-5", "bytes=9-3", ""])
def test_range_that_cannot_be_served_gets_the_whole_file(browser, work, asked):
    path, content = work

    response = browser.get(path, headers={"Range": asked})

    assert (response.status_code, body(response)) == (200, content)


def test_if_range_gets_the_rest_of_the_same_file_and_the_whole_of_another(browser, work):
    path, content = work
    etag = etag_of(browser, path)

    same = browser.get(path, headers={"Range": "bytes=5-", "If-Range": etag})
    other = browser.get(path, headers={"Range": "bytes=5-", "If-Range": '"something else"'})

    assert (same.status_code, body(same)) == (206, content[5:])
    assert (other.status_code, body(other)) == (200, content)


def test_file_the_browser_has_is_not_sent_again(browser, work):
    path, _content = work
    etag = etag_of(browser, path)

    assert browser.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_range_of_somebody_elses_file_is_not_there(work, django_user_model):
    path, _content = work
    stranger = Client()
    stranger.force_login(django_user_model.objects.create(username="stranger"))

    assert stranger.get(path, headers={"Range": "bytes=0-1"}).status_code == 404
    assert Client().get(path, headers={"Range": "bytes=0-1"}).status_code == 302
