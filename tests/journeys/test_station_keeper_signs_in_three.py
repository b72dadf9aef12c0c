"""A keeper's tablet: three villagers one after another, each by another way in, none sees another."""

import pytest
from playwright.sync_api import Page, expect

from cms.demo import load_site
from registry.models import AssistedSignIn, AuditEntry, Person
from registry.services import issue_card, set_demo_second_factor
from tests.factories.registry import UserFactory
from tests.factories.sign_in import make_keeper, make_villager
from tests.journeys.steps import follow, sign_in_by_code
from tests.journeys.words import chinese

TABLET = {"width": 800, "height": 1100}
NAMES = {"card": "学员卡卡", "help": "学员帮帮", "code": "学员码码"}
PICTURES = ["hen", "corn", "kettle"]
pytestmark = pytest.mark.browser


@pytest.fixture
def keeper(county):
    load_site()
    user = make_keeper()
    set_demo_second_factor(user=user)
    return user


@pytest.fixture
def villagers(keeper):
    phone = UserFactory(phone="+8619900000077", phone_verified=True)
    return {
        "card": make_villager(name=NAMES["card"]),
        "help": make_villager(name=NAMES["help"]),
        "code": make_villager(name=NAMES["code"], user=phone),
    }


def test_keeper_signs_in_three_villagers_in_a_row(new_context, keeper, villagers, assert_accessible):
    issued = issue_card(person=villagers["card"], by=keeper)
    page = new_context(viewport=TABLET).new_page()
    page.goto("/account/staff/")
    _sign_in_keeper(page, assert_accessible)
    _register_device(page, assert_accessible)

    _sign_in_with_new_card(page, issued.card.number, assert_accessible)
    _sees_only_herself(page, "card", assert_accessible)
    _is_done(page, "card", assert_accessible)

    _sign_in_with_help(page, assert_accessible)
    _sees_only_herself(page, "help", assert_accessible)
    _cannot_reach_the_keeper(page)
    _is_done(page, "help", assert_accessible)

    follow(page.get_by_role("link", name=chinese("With my phone")))
    sign_in_by_code(page, "199 0000 0077", assert_accessible)
    _sees_only_herself(page, "code", assert_accessible)
    _is_done(page, "code", assert_accessible)

    _sign_in_with_known_card(page, issued.card.number)
    _sees_only_herself(page, "card", assert_accessible)
    assert Person.objects.count() == 3
    assert AuditEntry.objects.filter(action="sign_in_assisted").count() == 1
    assert AssistedSignIn.objects.get().person == villagers["help"]


def _sign_in_keeper(page: Page, assert_accessible) -> None:
    """Password, then the code of the demo's app."""
    page.get_by_label(chinese("User name or mobile number")).fill("keeper")
    page.get_by_label("密码").fill("cunbo-test")
    follow(page.get_by_role("button", name=chinese("Sign in"), exact=True))
    assert_accessible(page)
    code = page.locator("[data-demo-code]").inner_text()
    page.get_by_label(chinese("The 6 digits your app shows now")).fill(code)
    follow(page.get_by_role("button", name=chinese("Sign in"), exact=True))


def _register_device(page: Page, assert_accessible) -> None:
    follow(page.get_by_role("link", name=chinese("Help with sign-in")))
    assert_accessible(page)
    follow(page.get_by_role("link", name=chinese("Station devices")))
    assert_accessible(page)
    page.get_by_label(chinese("Name of the device")).fill("门口平板")
    follow(page.get_by_role("button", name=chinese("Register this device")))
    assert_accessible(page)
    follow(page.get_by_role("button", name=chinese("I am done")))
    expect(page.get_by_role("heading", name=chinese("Who comes next?"))).to_be_visible()
    assert_accessible(page)


def _take_card(page: Page, number: str) -> None:
    follow(page.get_by_role("link", name=chinese("With my card")))
    page.get_by_label(chinese("Card number")).fill(number)
    follow(page.get_by_role("button", name=chinese("Go on")))


def _press_pictures(page: Page) -> None:
    for picture in PICTURES:
        follow(page.locator(f'[name="picture"][value="{picture}"]'))


def _sign_in_with_new_card(page: Page, number: str, assert_accessible) -> None:
    _take_card(page, number)
    expect(page.get_by_role("heading", name=chinese("Choose your pictures"))).to_be_visible()
    assert_accessible(page)
    _press_pictures(page)
    expect(page.get_by_role("heading", name=chinese("The same three again"))).to_be_visible()
    _press_pictures(page)


def _sign_in_with_known_card(page: Page, number: str) -> None:
    _take_card(page, number)
    expect(page.get_by_role("heading", name=chinese("Your three pictures"))).to_be_visible()
    _press_pictures(page)


def _sign_in_with_help(page: Page, assert_accessible) -> None:
    follow(page.get_by_role("link", name=chinese("The keeper helps me")))
    assert_accessible(page)
    _sign_in_keeper(page, assert_accessible)
    follow(page.get_by_role("link", name=NAMES["help"]))
    assert_accessible(page)
    page.get_by_label(chinese("has no phone of her own")).check()
    follow(page.get_by_role("button", name=chinese("Sign her in")))
    expect(page.locator(".station-bar")).to_contain_text("示例站长")


def _sees_only_herself(page: Page, way: str, assert_accessible) -> None:
    expect(page.get_by_role("heading", name=chinese("My learning"))).to_be_visible()
    assert_accessible(page)
    page.goto("/people/me/")
    shown = page.locator("body").inner_text()
    assert [name for name in NAMES.values() if name in shown] == [NAMES[way]]


def _cannot_reach_the_keeper(page: Page) -> None:
    for path in ("/people/station/villagers/", "/people/station/devices/", "/county/"):
        answer = page.request.get(path)
        assert answer.status == 404
    assert page.request.get("/people/link/").status == 403


def _is_done(page: Page, way: str, assert_accessible) -> None:
    """Press the button; going back shows the sign-in page, never what was there."""
    page.goto("/people/me/")
    follow(page.get_by_role("button", name=chinese("I am done")))
    expect(page.get_by_role("heading", name=chinese("Who comes next?"))).to_be_visible()
    for _step in range(2):
        page.go_back()
        shown = page.locator("body").inner_text()
        assert NAMES[way] not in shown
        assert chinese("I am done") not in shown
    page.goto("/people/station/")
