"""A real browser on the real site, for whole paths. The servers are fixtures of tests/servers.py."""

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def browser(django_db_setup) -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    # Playwright's loop would make Django refuse the ORM in the same thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(browser, live_site) -> Iterator:
    """A function that opens a fresh visitor: `new_context(viewport=DESK, java_script_enabled=False, …)`."""
    opened: list[BrowserContext] = []

    def open_context(**options) -> BrowserContext:
        options = {"viewport": PHONE, "locale": "zh-CN", "base_url": live_site.url, **options}
        opened.append(browser.new_context(**options))
        opened[-1].set_default_timeout(15_000)
        return opened[-1]

    yield open_context
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context) -> Page:
    """A page of a visitor with a 360 px phone who reads Chinese."""
    return new_context().new_page()


@pytest.fixture
def sign_in(live_site):
    """A function that gives a browser context the session of a user: `sign_in(page.context, user)`.

    For journeys whose subject is not signing in.
    """
    from django.test import Client

    def give_session(context: BrowserContext, user) -> None:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_site.url}])

    return give_session


@pytest.fixture
def assert_accessible():
    """A function that fails with axe-core's findings when the page has any violation."""
    axe = Axe()

    def check(page: Page) -> None:
        results = axe.run(page)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check
