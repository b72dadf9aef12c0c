"""What three colleagues of an office do with a month's return."""

from datetime import date, timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from registry.models import Appointment, Region, User
from registry.services import appoint
from tests.factories.registry import UserFactory
from tests.journeys.steps import follow
from tests.journeys.words import chinese


def month_before(months: int) -> date:
    """Return the first day of a month before this one; both are over."""
    day = timezone.localdate().replace(day=1)
    for _number in range(months):
        day = (day - timedelta(days=1)).replace(day=1)
    return day


def officers(region: Region) -> list[User]:
    """Make three accounts of a county's office."""
    made = [UserFactory(username=f"officer-{n}", display_name=f"经办{n}") for n in range(3)]
    for user in made:
        appoint(user=user, role=Appointment.Role.OFFICE, region=region, since=date(2020, 1, 1))
    return made


def sign_month(page: Page, sign_in, users: list[User], month: date, assert_accessible) -> None:
    """Fill in, check and sign a month as three people, each on the page of the one before."""
    sign_in(page.context, users[0])
    page.goto(f"/county/returns/?month={month:%Y-%m}")
    assert_accessible(page)
    follow(page.get_by_role("button", name=chinese("Fill in from the counts")))
    for user, step in ((users[1], "I have checked it"), (users[2], "Sign as the one responsible")):
        assert_accessible(page)
        expect(page.get_by_role("button", name=chinese(step))).to_have_count(0)  # not by the one before
        sign_in(page.context, user)
        page.reload()
        follow(page.get_by_role("button", name=chinese(step)))
    expect(page.locator(".badge--ok")).to_be_visible()
    assert_accessible(page)


def stated(page: Page) -> dict[str, str]:
    """Return what a return's page states: figures and fingerprint."""
    return {
        "figures": page.locator(".desk-table").inner_text(),
        "fingerprint": page.locator(".return-hash").inner_text(),
    }
