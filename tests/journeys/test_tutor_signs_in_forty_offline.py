"""A tutor's phone without a network: forty people, one tap each, sent when the network is back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cms.demo import load_site
from courses.models import Attendance, SignIn
from courses.services import SittingPlan, add_sitting, approve_class, check_class, submit_class, take_place
from registry.services import appoint
from tests.factories import courses as make
from tests.factories.classes import accounts, make_planned
from tests.journeys.words import chinese

pytestmark = pytest.mark.browser
PEOPLE = 40
IS_KEPT = """async (path) => {
    await navigator.serviceWorker.ready;
    const cache = await caches.open("cunbo-lists");
    return Boolean(navigator.serviceWorker.controller && (await cache.match(path))
        && (await cache.keys()).some((each) => each.url.includes("tap-list")));
}"""
COUNT_TAPS = "addEventListener('click', () => { window.taps = (window.taps ?? 0) + 1; }, true)"


@pytest.fixture
def tutor(county):
    load_site()
    user = make.make_user("辅导员")
    appoint(user=user, role="coach", region=county, since=date(2020, 1, 1))
    return user


@pytest.fixture
def sitting(tutor):
    """A sitting that is on now, with forty people on the roster."""
    by = accounts() | {"body": tutor}
    today = timezone.localdate()
    made = make_planned(by, days=(today.isoformat(),), half_days=(), planned_hours=1, venue="示例村活动室")
    now = timezone.now()
    plan = SittingPlan("morning", now - timedelta(minutes=5), now + timedelta(hours=3), 180, "选品")
    sitting = add_sitting(training_class=made, plan=plan, by=tutor)
    submit_class(training_class=made, by=tutor)
    check_class(training_class=made, by=by["town"])
    approve_class(training_class=made, approval_number="1", by=by["office"])
    village = make.make_village()
    for number in range(PEOPLE):
        somebody = make.make_person(f"学员{number:02d}", village=village)
        take_place(training_class=made, person=somebody, by=by["town"])
    return sitting


def test_tutor_signs_in_forty_people_offline(page, sign_in, tutor, sitting, assert_accessible):
    site = sitting.sites.get()
    path = f"/learn/classes/sites/{site.uid}/list/"
    sign_in(page.context, tutor)
    page.goto(path)
    assert_accessible(page)
    page.wait_for_function(IS_KEPT, arg=path)

    page.context.set_offline(True)
    page.reload()
    page.evaluate(COUNT_TAPS)
    for button in page.locator(".tap").all():
        button.click()

    expect(page.locator("[data-present]")).to_have_text(str(PEOPLE))
    expect(page.locator("[data-status]")).to_contain_text(str(PEOPLE))
    assert page.evaluate("window.taps") == PEOPLE
    assert not SignIn.objects.exists()

    page.get_by_role("button", name=chinese("Send now")).click()
    expect(page.locator("[data-status]")).to_contain_text(str(PEOPLE))

    page.context.set_offline(False)  # and the phone sends by itself
    expect(page.locator("[data-status]")).to_have_text(chinese("All is kept."))
    assert SignIn.objects.filter(recorded_by=tutor, evidence="tutor").count() == PEOPLE
    assert Attendance.objects.filter(sitting=sitting, minutes=180).count() == PEOPLE
    page.reload()
    expect(page.locator("[data-state=kept]")).to_have_count(PEOPLE)


def test_tap_on_this_phone_is_taken_back_by_tapping_again(page, sign_in, tutor, sitting):
    sign_in(page.context, tutor)
    page.goto(f"/learn/classes/sites/{sitting.sites.get().uid}/list/")
    page.context.set_offline(True)
    first = page.locator(".tap").first

    first.click()
    expect(first).to_have_attribute("data-state", "waiting")
    first.click()

    expect(first).to_have_attribute("data-state", "")
    expect(page.locator("[data-present]")).to_have_text("0")
