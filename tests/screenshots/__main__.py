"""Walks the demo site as every role and keeps a picture of each page, on the phone and on the desk."""

import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import chromium

SIZES = {"phone": (360, 740), "desk": (1280, 800)}
LANGUAGES = {"zh": "", "en": "/en"}
DEMO_PASSWORD = "cunbo-demo"
DEMO_PHONE = "19900000001"
PAGES = {
    None: {
        "home": "/",
        "catalogue": "/courses/",
        "course": "/courses/first-box/",
        "sign-in": "/account/login/",
        "verify": "/verify/",
        "not-found": "/no-such-page/",
        "outbox": "/people/outbox/",
        "card": "/people/card/",
    },
    "trainee": {
        "my-learning": "/learn/",
        "lesson": "/learn/first-box/carton-and-cushioning/",
        "certificates": "/verify/mine/",
    },
    "keeper": {"helping": "/people/station/villagers/", "devices": "/people/station/devices/"},
    "teacher": {"marking": "/learn/marking/"},
    "office": {"county": "/county/", "classes": "/county/classes/"},
}


def sign_in(page: Page, site: str, role: str) -> None:
    """Sign in as the demo account of `role`: staff by password, the trainee by a code from the outbox."""
    if role == "trainee":
        sign_in_by_code(page, site)
        return
    page.goto(f"{site}/account/staff/")
    page.fill("input[name=login]", role)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()
    page.fill("input[name=code]", page.locator("[data-demo-code]").inner_text())
    page.press("input[name=code]", "Enter")
    page.wait_for_load_state()


def sign_in_by_code(page: Page, site: str) -> None:
    """Sign in with the demo trainee's number and the newest code of the outbox."""
    page.goto(f"{site}/account/login/")
    page.fill("form input[type=tel]", DEMO_PHONE)
    page.press("form input[type=tel]", "Enter")
    page.wait_for_load_state()
    outbox = page.context.new_page()
    outbox.goto(f"{site}/people/outbox/")
    code = outbox.locator(".outbox__code").first.inner_text()
    page.fill("input[name=code]", code)
    page.press("input[name=code]", "Enter")
    page.wait_for_load_state()


def contexts(browser: Browser, site: str, role: str | None) -> Iterator[tuple[str, BrowserContext]]:
    """Yield a signed-in browser context for each size."""
    signed_in = browser.new_context()
    if role:
        sign_in(signed_in.new_page(), site, role)
    state = signed_in.storage_state()
    for name, (width, height) in SIZES.items():
        context = browser.new_context(viewport={"width": width, "height": height}, storage_state=state)
        yield name, context
        context.close()


def take(site: str, folder: Path, only: set[str]) -> None:
    """Save `<page>-<size>-<language>.png` for every page, or for those named in `only`."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for role, addresses in PAGES.items():
            wanted = {name: address for name, address in addresses.items() if not only or name in only}
            if not wanted:
                continue
            for size, context in contexts(browser, site, role):
                for name, address in wanted.items():
                    for language, prefix in LANGUAGES.items():
                        page = context.new_page()
                        page.goto(f"{site}{prefix}{address}", wait_until="networkidle")
                        page.screenshot(
                            path=folder / f"{name}-{size}-{language}.png", full_page=size == "phone"
                        )
                        page.close()
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1].rstrip("/"), Path(sys.argv[2]), set(sys.argv[3:]))
