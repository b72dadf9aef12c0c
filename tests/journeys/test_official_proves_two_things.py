"""A new official: password, set-up of an app, recovery codes, her computer's key, and in again with it."""

import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page, expect

from cms.demo import load_site
from tests.chromium import DESK
from tests.journeys.steps import follow
from tests.journeys.words import chinese

pytestmark = pytest.mark.browser
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(new_context, live_site) -> Page:
    """A desk whose computer has a lock; keys need a name of a host, not an address."""
    context = new_context(viewport=DESK, base_url=live_site.url.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return page


def test_official_sets_up_app_and_key_and_signs_in_with_either(page, office_user, assert_accessible):
    load_site()
    _give_password(page, assert_accessible)
    expect(page.get_by_role("heading", name=chinese("Second proof"))).to_be_visible()
    assert_accessible(page)

    _set_up_app(page, assert_accessible)
    assert page.url.endswith("/county/")
    _add_key(page, assert_accessible)

    _sign_out(page)
    _give_password(page, assert_accessible)
    assert_accessible(page)
    follow(page.get_by_role("button", name=chinese("Use the lock of this device, or a key")))
    assert page.url.endswith("/county/")
    assert_accessible(page)


def _give_password(page: Page, assert_accessible) -> None:
    page.goto("/county/")
    follow(page.get_by_role("link", name=chinese("Staff sign-in, with a password")))
    assert_accessible(page)
    page.get_by_label(chinese("User name or mobile number")).fill("office")
    page.get_by_label("密码").fill("cunbo-test")
    follow(page.get_by_role("button", name=chinese("Sign in"), exact=True))


def _set_up_app(page: Page, assert_accessible) -> None:
    follow(page.get_by_role("link", name=chinese("Set up the app")))
    assert_accessible(page)
    secret = page.locator(".secret").inner_text()
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    page.get_by_label(chinese("The 6 digits your app shows now")).fill(code)
    follow(page.get_by_role("button", name=chinese("That is it")))
    assert page.locator(".codes li").count() == 10
    assert_accessible(page)
    follow(page.get_by_role("main").get_by_role("link", name=chinese("Go on")))


def _add_key(page: Page, assert_accessible) -> None:
    page.goto("/people/me/")
    assert_accessible(page)
    follow(page.get_by_role("link", name=chinese("App, keys and recovery codes")))
    follow(page.get_by_role("link", name=chinese("Add one")))
    assert_accessible(page)
    follow(page.get_by_role("button", name=chinese("Add it")))
    expect(page.get_by_text(chinese("The key is added."))).to_be_visible()
    assert_accessible(page)


def _sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    follow(page.get_by_role("main").get_by_role("button", name=chinese("Sign out")))
