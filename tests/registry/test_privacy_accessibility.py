"""Her privacy pages in a real Chromium, asked by axe-core; rendered first and handed over from memory."""

import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
    user_id_to_str,
)
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Route

from registry.queries.consent import current_consent_text
from registry.queries.places import version_by_code
from registry.services import give_consent, make_request
from tests import chromium
from tests.chromium import PHONE
from tests.factories.registry import PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

HOST = "http://testserver"
MINE = "/people/privacy/"
ADDRESSES = [
    MINE,
    f"{MINE}?next=/learn/",
    *(f"{MINE}requests/?kind={kind}" for kind in ("copy", "correction", "deletion")),
    f"{MINE}prove/",
]


@pytest.fixture
def pages(client, county) -> dict[str, bytes]:
    """Her pages in both languages, with something agreed to and something asked."""
    person = PersonFactory(learner=True, village=version_by_code("431125103200").region)
    person.user.set_unusable_password()
    person.user.save()
    text = current_consent_text("zh-hans")
    given = {"person": person, "text": text, "channel": "self", "recorded_by": person.user}
    give_consent(items=["phone_follow_up"], **given)
    make_request(person=person, by=person.user, kind="correction", field="name", wish="学员乙")
    client.force_login(person.user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "code", "at": time.time()}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(person.user)
    session.save()
    return {
        f"{prefix}{address}": client.get(prefix + address).content
        for prefix in ("", "/en")
        for address in ADDRESSES
    }


def test_axe_finds_no_violation_and_nothing_scrolls_sideways(pages, playwright):
    def answer(route: Route) -> None:
        url = urlsplit(route.request.url)
        address = url.path + (f"?{url.query}" if url.query else "")
        found = finders.find(url.path.removeprefix("/static/")) if url.path.startswith("/static/") else None
        if address in pages:
            route.fulfill(body=pages[address], content_type="text/html; charset=utf-8")
        elif found:
            route.fulfill(path=Path(found))
        else:
            route.fulfill(status=404)

    found = {}
    browser = chromium.launch(playwright)
    page = browser.new_page(viewport=PHONE)
    page.route("**/*", answer)
    for address in pages:
        page.goto(HOST + address)
        results = Axe().run(page)
        if results.violations_count:
            found[address] = results.generate_report()
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            found[f"{address} width"] = "scrolls sideways"
    browser.close()

    assert found == {}
