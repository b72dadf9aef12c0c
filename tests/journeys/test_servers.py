"""The test bench itself: browser, web server and worker are real and see this test's rows."""

import pytest
from django.core.cache import cache
from wagtail.models import Page as WagtailPage

from config.celery_app import app
from livestream.agent.supervisor import HEARTBEAT
from registry.models import User
from tests.factories.registry import UserFactory


@pytest.mark.browser
@pytest.mark.worker
def test_site_is_ready_with_its_worker(page, celery_worker_process):
    cache.set(HEARTBEAT, {"ladders": 0})  # the media agent has tests of its own

    response = page.goto("/readyz")

    assert response.status == 200
    assert response.json()["parts"] == {"database": "ok", "redis": "ok", "worker": "ok", "media": "ok"}


@pytest.mark.worker
def test_worker_answers_and_belongs_to_this_process(celery_worker_process):
    # A ping is a broadcast: nobody keeps it for a worker that does not listen yet.
    answers = next(filter(None, (app.control.ping(timeout=3) for _ in range(10))))

    assert len(answers) == 1


@pytest.mark.browser
def test_browser_signed_in_by_session_reaches_the_admin(page, sign_in):
    user = UserFactory(is_superuser=True)
    sign_in(page.context, user)

    response = page.goto("/admin/")

    assert response.status == 200
    assert page.locator("body").get_attribute("class")


@pytest.mark.browser
def test_rows_of_the_test_before_are_gone_and_those_of_migrations_are_not(live_site):
    assert User.objects.count() == 0
    assert WagtailPage.objects.filter(depth=1).exists()
