"""A real browser on the real site, for whole paths. The servers are fixtures of tests/servers.py."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from certificates.signing import sign_pdf
from cms.demo import load_site
from courses.models import CoursePage
from registry.demo_roster import write_demo_roster
from registry.services import apply_file
from tests import chromium
from tests.chromium import PHONE
from tests.factories import courses as make
from tests.personal import personal_in, personal_texts

HTML = "text/html; charset=utf-8"
PATIENCE = 15_000  # milliseconds; a condition that holds is waited for no longer
# Transitions only: a badge in Wagtail's menu blinks for 25 s.
ANIMATIONS_OVER = """() => Promise.all(
    document.getAnimations()
        .filter((each) => each.effect.getComputedTiming().endTime < 2000)
        .map((each) => each.finished.catch(() => {}))
)"""


@pytest.fixture(scope="session")
def browser(django_db_setup, playwright) -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    expect.set_options(timeout=PATIENCE)
    browser = chromium.launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(autouse=True)
def signing_beside_the_browser(monkeypatch) -> None:
    """Let journeys print certificates: signing runs a loop of its own, the browser's is in this thread."""

    def sign(pdf: bytes) -> bytes:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(sign_pdf, pdf).result()

    monkeypatch.setattr("certificates.services.printing.sign_pdf", sign)


@pytest.fixture
def scriptless_contexts() -> list[BrowserContext]:
    """The visitors of this test who have JavaScript off."""
    return []


# Tells the console what the content security policy stopped. Draftail's own placeholder is known:
# cms/static/cms/css/admin.css replaces it.
TELL_WHAT_THE_POLICY_STOPPED = """
document.addEventListener("securitypolicyviolation", (event) => {
    const text = event.target.textContent || "";
    if (/^\\s*\\.(Draftail-block|public-DraftStyleDefault)/.test(text)) return;
    console.error("POLICY", location.href, event.effectiveDirective, event.blockedURI, text.slice(0, 80));
});
"""


@pytest.fixture
def seen_addresses(live_site) -> Iterator[set[str]]:
    """Every address that was asked for or stood in a link; none may hold anything personal."""
    seen: set[str] = set()
    yield seen
    assert personal_in(sorted(seen), personal_texts()) == []


@pytest.fixture
def new_context(browser, live_site, scriptless_contexts, seen_addresses) -> Iterator:
    """A function that opens a fresh visitor: `new_context(viewport=DESK, java_script_enabled=False, …)`.

    Whatever the content security policy stops on the way fails the test.
    """
    opened: list[BrowserContext] = []
    stopped: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.text.startswith("POLICY"):
            stopped.append(message.text)

    def open_context(**options) -> BrowserContext:
        options = {"viewport": PHONE, "locale": "zh-CN", "base_url": live_site.url, **options}
        opened.append(browser.new_context(**options))
        if not options.get("java_script_enabled", True):
            scriptless_contexts.append(opened[-1])
        opened[-1].set_default_timeout(PATIENCE)
        opened[-1].on("request", lambda request: seen_addresses.add(request.url))
        if not options.get("bypass_csp"):
            opened[-1].add_init_script(TELL_WHAT_THE_POLICY_STOPPED)
            opened[-1].on("console", note)
        return opened[-1]

    yield open_context
    for context in opened:
        context.close()
    assert stopped == []


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
def box_course(county) -> CoursePage:
    """The published page of a course of four hours: two lessons, the second with the final practical."""
    load_site()
    page = make.make_course_page(make.make_course())
    make.make_lesson(page, make.text_block(), make.quiz_block(), slug="one")
    make.make_lesson(page, make.quiz_block(), make.task_block("final", is_graded=True), slug="two")
    return page


@pytest.fixture
def roster(county, tmp_path) -> None:
    """The county's list is loaded; DEMO_PERSON stands on it."""
    path = tmp_path / "roster.xlsx"
    write_demo_roster(path, people=20, households=8)
    apply_file(path=path, county=county, as_of=date(2025, 12, 31))


@pytest.fixture
def assert_accessible(browser, scriptless_contexts, seen_addresses):
    """A function that fails with axe-core's findings when the page has any violation.

    What lies `beside` (selectors) is not ours to mend. The page's links join `seen_addresses`.
    """
    axe = Axe()

    def check(page: Page, beside: tuple[str, ...] = ()) -> None:
        page.evaluate(ANIMATIONS_OVER)  # half faded in, a text lacks contrast
        seen_addresses.update(page.evaluate("Array.from(document.links, (link) => link.href)"))
        results = axe.run(page, context={"exclude": [[selector] for selector in beside]} if beside else None)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    def check_without_scripts(page: Page, beside: tuple[str, ...] = ()) -> None:
        """Show what she sees to a browser that can run axe-core, without our own modules."""
        shown = page.content().replace('<script type="module"', '<script type="text/plain"')
        with browser.new_context(viewport=page.viewport_size) as context:
            copy = context.new_page()
            copy.route(page.url.split("#")[0], lambda route: route.fulfill(body=shown, content_type=HTML))
            copy.goto(page.url)
            check(copy, beside)

    def check_as_she_is(page: Page, beside: tuple[str, ...] = ()) -> None:
        (check_without_scripts if page.context in scriptless_contexts else check)(page, beside)

    return check_as_she_is
