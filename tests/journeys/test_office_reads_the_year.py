"""The office looks for a village with nobody trained, and for what proves one number, without a mouse."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from registry.queries.places import children_of
from tests.chromium import DESK
from tests.factories.certificates import EnrolmentFactory, PersonFactory, TrainingClassFactory, attend, issued
from tests.journeys.steps import follow
from tests.journeys.words import chinese

pytestmark = pytest.mark.browser
PERIOD = "since=2026-01&until=2026-12"


@pytest.fixture
def trained(county):
    """Somebody of the first village who completed a class and has her certificate."""
    training_class = TrainingClassFactory(county=county, closed=True, ends_on=date(2026, 3, 31))
    enrolment = EnrolmentFactory(
        training_class=training_class,
        person=PersonFactory(name="学员甲"),
        village_version=children_of("431125100").first(),
        completed=True,
    )
    attend(enrolment, 90)
    return issued(enrolment)


def test_office_goes_from_the_year_to_what_proves_it(
    page: Page, sign_in, office_user, trained, assert_accessible
):
    page.set_viewport_size(DESK)
    sign_in(page.context, office_user)

    page.goto("/county/?month=2026-12")
    assert_accessible(page)
    page.goto(f"/county/tiles/?region=431125&{PERIOD}")
    assert_accessible(page)
    tile = page.locator(".tile:not(.tile--0)")
    expect(tile).to_have_count(1)
    tile.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert_accessible(page)
    follow(page.locator("tbody th a"))
    assert_accessible(page)
    follow(page.locator("tbody th a"))
    expect(page.get_by_text(trained.number)).to_be_visible()
    expect(page.get_by_text("学员甲")).to_have_count(0)
    assert_accessible(page)


def test_office_keeps_a_comparison_and_opens_it_again(
    page: Page, sign_in, office_user, trained, assert_accessible
):
    page.set_viewport_size(DESK)
    sign_in(page.context, office_user)
    page.goto(f"/county/compare/?region=431125&{PERIOD}&other_since=2025-01&other_until=2025-12")
    expect(page.locator(".chart canvas, .chart svg").first).to_be_visible()
    assert_accessible(page)

    page.get_by_text(chinese("Keep this view")).click()
    page.get_by_label(chinese("Name"), exact=True).fill("今年对去年")
    follow(page.get_by_role("button", name=chinese("Save"), exact=True))
    assert_accessible(page)
    follow(page.get_by_role("link", name="今年对去年"))

    assert "other_since=2025-01" in page.url
    expect(page.locator("tbody tr").first).to_be_visible()


def test_office_sets_a_target_and_sees_it(page: Page, sign_in, office_user, trained, assert_accessible):
    page.set_viewport_size(DESK)
    sign_in(page.context, office_user)
    page.goto("/county/plan/?region=431125&year=2026")
    assert_accessible(page)

    page.get_by_label(chinese("Target"), exact=True).fill("4")
    follow(page.get_by_role("button", name=chinese("Set the target")))

    expect(page.get_by_text("25.0 %")).to_be_visible()
    assert_accessible(page)
