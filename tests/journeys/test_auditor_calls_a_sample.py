"""The auditor draws people of a closed class by a seed, calls them one by one, and takes the sheet."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from registry.models import Appointment
from registry.queries.places import children_of
from registry.services import appoint
from tests.factories.certificates import EnrolmentFactory, PersonFactory, TrainingClassFactory
from tests.factories.registry import UserFactory
from tests.journeys.steps import follow
from tests.journeys.words import chinese

pytestmark = pytest.mark.browser
PEOPLE = 5


@pytest.fixture
def auditor(county):
    user = UserFactory(username="auditor", display_name="审计员")
    appoint(user=user, role=Appointment.Role.AUDITOR, region=county, since=date(2020, 1, 1))
    return user


@pytest.fixture
def closed_class(county):
    """A closed class with five people of one village, each with a phone."""
    village = children_of("431125100").first()
    taught = TrainingClassFactory(county=county, closed=True, ends_on=date(2026, 3, 31))
    for number in range(PEOPLE):
        person = PersonFactory(village=village.region, phone=f"+861990000100{number}")
        EnrolmentFactory(training_class=taught, person=person, village_version=village, minutes=45)
    return taught


def test_drawn_people_are_called_with_a_number_shown_for_a_reason(
    page, sign_in, auditor, closed_class, assert_accessible, seen_addresses
):
    sign_in(page.context, auditor)

    _draw(page, closed_class, assert_accessible)
    assert page.locator("tbody tr").count() == 3
    follow(page.get_by_role("link", name=chinese("Call the next person")))
    _call(page, "confirmed", "记得包装课", assert_accessible, reveal=True)
    _call(page, "unreachable", "", assert_accessible)
    _call(page, "denied", "说没去过", assert_accessible)
    _call(page, "confirmed", "第二次接通", assert_accessible)  # who was not reached comes up again

    figures = page.locator(".audit-figures strong").all_text_contents()
    assert figures == ["2", "1", "0"]
    expect(page.get_by_text("20260331")).to_be_visible()
    assert_accessible(page)
    _check_sheet(page)
    # Pressing the number opens the phone's dialler: nothing is asked for at such an address.
    seen_addresses -= {address for address in seen_addresses if address.startswith("tel:")}


def _draw(page: Page, closed_class, assert_accessible) -> None:
    page.goto("/county/audit/samples/")
    assert_accessible(page)
    page.get_by_label(chinese("Class"), exact=False).first.select_option(str(closed_class.uid))
    page.locator("[name=seed]").fill("20260331")
    follow(page.get_by_role("button", name=chinese("Draw"), exact=True))
    assert_accessible(page)


def _call(page: Page, outcome: str, note: str, assert_accessible, *, reveal: bool = False) -> None:
    assert_accessible(page)
    if reveal:
        expect(page.locator("a[href^='tel:']")).to_have_count(0)
        follow(page.locator("form[action$='/number/'] button"))
        expect(page.locator("a[href^='tel:']")).to_be_visible()
        assert_accessible(page)
    page.locator(f"[name=outcome][value={outcome}]").check()
    page.locator("[name=note]").fill(note)
    follow(page.get_by_role("button", name=chinese("Keep and go on")))


def _check_sheet(page: Page) -> None:
    answer = page.request.get(
        page.get_by_role("link", name=chinese("Sheet of results (Excel)")).get_attribute("href") or ""
    )
    rows = list(openpyxl.load_workbook(BytesIO(answer.body())).active.iter_rows(values_only=True))
    outcomes = sorted(row[5] for row in rows[2:])
    assert len(outcomes) == 3
    assert all("*" in row[1] for row in rows[2:])
