"""An officer of the province reads what three counties signed, and nothing more."""

from datetime import date

import pytest
from playwright.sync_api import expect

from county.services import check_return, prepare_return, sign_return
from registry.models import Appointment
from registry.queries.places import version_by_code
from registry.services import appoint
from tests.chromium import DESK
from tests.factories import courses as make
from tests.factories.registry import UserFactory
from tests.journeys.returns_steps import month_before
from tests.journeys.words import chinese

pytestmark = pytest.mark.browser
MONTH = month_before(1)
COUNTIES = ("431125", "431129", "431124")
FOREIGN = "610124"


@pytest.fixture
def signed(other_county) -> None:
    """Four counties have signed the month: three of this province, one of another."""
    make.make_region(COUNTIES[2], "道县", 3, version_by_code("4311").region)
    province = make.make_region("61", "外省", 1)
    make.make_region(FOREIGN, "外省县", 3, province.region)
    people = [UserFactory() for _step in range(3)]
    for code in (*COUNTIES, FOREIGN):
        made = prepare_return(county_code=code, month=MONTH, by=people[0])
        check_return(monthly_return=made, by=people[1])
        sign_return(monthly_return=made, by=people[2])


@pytest.fixture
def reader(other_county):
    user = UserFactory(username="province")
    region = version_by_code("43").region
    appoint(user=user, role=Appointment.Role.PROVINCE_READER, region=region, since=date(2020, 1, 1))
    return user


def test_province_reads_its_counties_and_finds_no_other(
    new_context, sign_in, signed, reader, assert_accessible
):
    page = new_context(viewport=DESK).new_page()
    sign_in(page.context, reader)

    page.goto(f"/county/returns/?month={MONTH:%Y-%m}")
    rows = page.locator(".desk-table tbody tr")
    expect(rows.locator(".badge--ok")).to_have_count(3)
    expect(rows).to_have_count(3)
    assert_accessible(page)
    for code in COUNTIES:
        assert page.goto(f"/county/returns/{code}/{MONTH:%Y-%m}/").status == 200
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"{MONTH:%Y-%m}")
        assert_accessible(page)
        expect(page.get_by_role("link", name=chinese("Download as Excel"))).to_have_count(0)

    for path in (
        f"/county/returns/{FOREIGN}/{MONTH:%Y-%m}/",
        f"/county/returns/{FOREIGN}/{MONTH:%Y-%m}/return.pdf",
        f"/county/returns/{COUNTIES[0]}/{MONTH:%Y-%m}/return.pdf",
        f"/county/?region={FOREIGN}",
        "/county/classes/",
        "/county/audit/samples/",
        "/county/returns/mail/",
    ):
        assert page.goto(path).status == 404, path
    assert_accessible(page)
