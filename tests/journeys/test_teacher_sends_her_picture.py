"""A teacher sends the picture of her class from the browser, and a villager sees it move."""

import uuid

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from livestream.agent.worker import SessionWorker
from livestream.models import LiveSession, MediaPart
from livestream.services.live_class import Plan, schedule_class
from tests.chromium import PHONE
from tests.factories import courses as make
from tests.factories.live_class import enrol, make_class
from tests.journeys.conftest import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.servers]
PLAYED = "document.querySelector('video').currentTime"


@pytest.fixture
def live_class(live_site, event_server):
    return schedule_class(
        training_class=make_class(),
        plan=Plan("在线答疑", timezone.now(), 45),
        by=make.make_instructor(),
        client_token=uuid.uuid4(),
    )


def wait_for(page, holds, what: str) -> None:
    for _ in range(2 * PATIENCE // 200):
        if holds():
            return
        page.wait_for_timeout(200)
    raise AssertionError(what)


def test_class_sees_its_teacher_and_nothing_of_the_picture_is_lost(
    new_context, live_class, sign_in, assert_accessible
):
    room = f"/rehearse/classes/{live_class.uid}/"
    trainee = new_context(viewport=PHONE)
    sign_in(trainee, enrol(live_class.training_class).user)
    phone = trainee.new_page()
    phone.goto(room)
    teacher = new_context(viewport=PHONE)
    sign_in(teacher, live_class.teacher)
    camera = teacher.new_page()
    camera.on("dialog", lambda dialog: dialog.accept())
    camera.goto(f"{room}send/")

    camera.locator("[data-open-camera]").click()
    expect(camera.locator("[data-check=camera]")).to_have_attribute("data-grade", "ok")
    assert_accessible(camera)
    camera.locator("[data-go]").click()
    wait_for(camera, MediaPart.objects.exists, "no picture came")
    expect(camera.locator("[data-on-air]")).to_be_visible()
    worker = SessionWorker(LiveSession.objects.get())
    worker.start()
    try:
        phone.locator("[data-player-start]").click()  # the page has turned to the picture by itself
        wait_for(phone, lambda: phone.evaluate(PLAYED) > 1, "nothing plays")
    finally:
        worker.stop()
        worker.join()
    for each in (phone, camera):
        assert each.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    camera.locator("[data-ending] summary").click()
    camera.locator("[data-end]").click()
    expect(camera.locator("[data-all-sent]")).to_be_visible()
    phone.locator("[data-live-class][data-state=over]").wait_for()
    session = LiveSession.objects.get()
    wait_for(camera, lambda: not LiveSession.objects.filter(pk=session.pk, is_declared=False), "not declared")
    part = session.parts.get()
    assert part.chunks.count() == part.chunk_count
