"""A fault of ours shows nobody's name: neither on the page nor in the log, whatever was in hand."""

import io
import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import urls
from config.logs import logging_settings

SECRETS = ["学员甲", "990000199001010017", "19900000001", "482913"]

handler500 = urls.handler500


def fail(request: HttpRequest) -> HttpResponse:
    """Fail with a person's data in local variables and in a number within the message."""
    name, number, phone, code = SECRETS
    person = {"name": name, "number": number, "code": code}
    raise RuntimeError(f"could not send to {phone} ({len(person)} fields)")


urlpatterns = [path("fail/", fail), *urls.urlpatterns]


@pytest.fixture
def log_of():
    """Return a function that starts to write the log as the site does, into what it returns."""
    handlers = []

    def start(*, as_json: bool) -> io.StringIO:
        written = io.StringIO()
        handlers.append(logging.StreamHandler(written))
        lines = logging_settings(as_json=as_json)["formatters"]["lines"].copy()
        handlers[-1].setFormatter(lines.pop("()")(**lines))
        logging.getLogger().addHandler(handlers[-1])
        return written

    yield start
    for handler in handlers:
        logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.parametrize("as_json", [True, False])
def test_fault_shows_and_logs_nothing_personal(client, settings, log_of, as_json):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    written = log_of(as_json=as_json)

    response = client.post("/fail/?name=学员甲", {"name": "学员甲", "id_number": "990000199001010017"})

    log = written.getvalue()
    assert response.status_code == 500
    assert "could not send to (number left out)" in log
    assert "Traceback" in log
    assert [secret for secret in SECRETS if secret in log + response.content.decode()] == []


def test_debug_pages_are_off_where_anybody_can_see_them(settings):
    assert not settings.DEBUG
