"""The frame, the patterns, the public and the error pages in a real Chromium, asked by axe-core.

The pages are rendered first and handed to the browser from memory: no server, no committed row.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client, RequestFactory
from django.utils.translation import override
from playwright.sync_api import Browser, Page, Route

from cms import views
from tests import chromium
from tests.chromium import PHONE

pytestmark = pytest.mark.browser

HOST = "http://testserver"
ADDRESSES = ["/", "/patterns/?errors=1", "/privacy/", "/offline/", "/nope/"]
NARROWEST = 180  # 360 px at 200 % zoom


@pytest.fixture
def pages(site, add_course_page) -> dict[str, bytes]:
    """Every page of the frame, rendered in both languages and both sizes of text."""
    add_course_page("A1")
    add_course_page("A1", language="en")
    rendered = {}
    for size in ("normal", "large"):
        client = Client()
        client.cookies["text_size"] = size
        for prefix in ("", "/en"):
            for address in ADDRESSES:
                rendered[f"/{size}{prefix}{address}"] = client.get(prefix + address).content
    request = RequestFactory().get("/")
    for language in ("zh-hans", "en"):
        with override(language):
            rendered[f"/broken/{language}/"] = views.server_error(request).content
    return rendered


@pytest.fixture
def browser(pages, playwright) -> Iterator[Browser]:
    """A Chromium started after the database was asked for everything."""
    browser = chromium.launch(playwright)
    yield browser
    browser.close()


def open_page(browser: Browser, pages: dict[str, bytes], **options) -> Page:
    page = browser.new_page(**options)

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

    page.route("**/*", answer)
    return page


def test_axe_finds_no_violation_on_a_phone(browser, pages):
    page = open_page(browser, pages, viewport=PHONE)
    found = {}
    for address in pages:
        page.goto(HOST + address)
        results = Axe().run(page)
        if results.violations_count:
            found[address] = results.generate_report()

    assert found == {}


def test_no_page_scrolls_sideways_at_200_percent_zoom(browser, pages):
    page = open_page(browser, pages, viewport={"width": NARROWEST, "height": 370})
    too_wide = {}
    for address in pages:
        page.goto(HOST + address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROWEST:
            too_wide[address] = width

    assert too_wide == {}


def test_large_text_is_at_least_18_px_with_targets_of_60_px(browser, pages):
    page = open_page(browser, pages, viewport=PHONE)
    page.goto(f"{HOST}/large/patterns/?errors=1")

    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll("body *")]
            .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
            .map((e) => parseFloat(getComputedStyle(e).fontSize)))"""
    )
    targets = page.evaluate(
        """() => [...document.querySelectorAll(".button, .tool, .nav a, .footer a, .choice, .brand")]
            .map((e) => e.getBoundingClientRect().height)"""
    )

    assert smallest >= 18
    assert min(targets) >= 60


def test_pages_work_without_javascript(browser, pages):
    page = open_page(browser, pages, java_script_enabled=False, viewport=PHONE)
    page.goto(f"{HOST}/normal/patterns/?errors=1")

    assert page.get_by_role("navigation", name="主导航").get_by_role("link", name="课程").is_visible()
    assert page.get_by_role("button", name="大字").is_visible()
