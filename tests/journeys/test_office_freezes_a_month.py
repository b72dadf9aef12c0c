"""The office closes a class and three people sign its month; what is found out later never moves it (E12)."""

import json
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import transaction
from playwright.sync_api import expect
from pypdf import PdfReader

from courses.models import Enrolment
from registry.services import end_status
from tests.chromium import DESK
from tests.factories import courses as make
from tests.factories.classes import accounts, attend, confirm_all, make_open, seat
from tests.factories.registry import MembershipFactory, StatusPeriodFactory
from tests.journeys.returns_steps import month_before, officers, sign_month, stated
from tests.journeys.steps import follow
from tests.journeys.words import chinese

pytestmark = pytest.mark.browser
MONTH, NEXT = month_before(2), month_before(1)


@pytest.fixture
def poor(county) -> Enrolment:
    """A poor villager and another attended a half-day of a class that waits to be closed."""
    by = accounts()
    taught = make_open(
        by,
        days=(f"{MONTH:%Y-%m}-10",),
        half_days=(("morning", "09:00"),),
        planned_hours=4,
        place=county,
    )
    person = make.make_person("示例·甲", village=make.make_village())
    StatusPeriodFactory(household=MembershipFactory(person=person).household)
    places = [seat(taught, person=person), seat(taught, "示例·乙")]
    for place in places:
        attend(place, taught.sittings.get(), by["body"])
    confirm_all(taught, by["body"])
    return places[0]


def test_frozen_month_stays_and_the_next_states_what_was_found_out(
    new_context, sign_in, county, poor, assert_accessible
):
    users = officers(county)
    page = new_context(viewport=DESK).new_page()
    sign_in(page.context, users[0])

    _close_class(page, assert_accessible)
    sign_month(page, sign_in, users, MONTH, assert_accessible)
    frozen = stated(page)
    assert chinese("Nothing.") in page.locator("main").inner_text()
    [paper] = PdfReader(BytesIO(_file(page, MONTH, "pdf"))).pages
    assert "示例" not in paper.extract_text()

    _take_status_back(poor, users[0])
    sign_month(page, sign_in, users, NEXT, assert_accessible)

    line = page.get_by_role("region", name=chinese("Lines about earlier months")).locator("tbody tr")
    expect(line).to_have_count(1)
    expect(line).to_contain_text(f"{MONTH:%Y-%m}")
    expect(line).to_contain_text(f"{chinese('poor at enrolment')} −1")
    page.goto(f"/county/returns/431125/{MONTH:%Y-%m}/")
    assert stated(page) == frozen
    figures = json.loads(_file(page, MONTH, "json"))["figures"]
    assert figures["total"]["poor_heads"] == 1


def _close_class(page, assert_accessible) -> None:
    page.goto("/county/classes/")
    assert_accessible(page)
    follow(page.get_by_role("link", name=chinese("Close this class")))
    assert_accessible(page)
    page.get_by_label(chinese("I have understood this and want to close the class.")).check()
    follow(page.get_by_role("button", name=chinese("Close this class")))
    expect(page.get_by_text(chinese("The class is closed; its person-times count now."))).to_be_visible()


def _take_status_back(poor: Enrolment, by) -> None:
    """The household was found not to be poor, back to the month before the class (清退)."""
    [period] = poor.person.memberships.get().household.status_periods.all()
    day: date = MONTH - timedelta(days=20)
    with transaction.atomic():
        end_status(period=period, on=day, reason="识别不准清退", by=by)


def _file(page, month: date, kind: str) -> bytes:
    answer = page.request.get(f"/county/returns/431125/{month:%Y-%m}/return.{kind}")
    assert answer.ok
    return answer.body()
