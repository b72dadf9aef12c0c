"""A villager on her phone and the teacher at her desk in one live class, over the real event server."""

import uuid

import pytest
from django.utils import timezone

from livestream.services.live_class import Plan, begin_class, schedule_class
from tests.chromium import DESK, PHONE
from tests.factories import courses as make
from tests.factories.live_class import enrol, fresh, make_class

pytestmark = [pytest.mark.browser, pytest.mark.servers]


@pytest.fixture
def live_class(live_site, event_server):
    live_class = schedule_class(
        training_class=make_class(),
        plan=Plan("在线答疑", timezone.now(), 45),
        by=make.make_instructor(),
        client_token=uuid.uuid4(),
    )
    begin_class(live_class=live_class)
    return fresh(live_class)


@pytest.fixture
def opened(new_context, sign_in):
    """Return a function that opens a path as somebody who is signed in."""

    def open_as(user, path, viewport, *, blocked=""):
        context = new_context(viewport=viewport)
        sign_in(context, user)
        page = context.new_page()
        if blocked:
            page.route(blocked, lambda route: route.abort())
        page.goto(path)
        return page

    return open_as


def test_villager_and_teacher_talk_ask_and_answer(live_class, opened, assert_accessible):
    trainee = enrol(live_class.training_class)
    room = f"/rehearse/classes/{live_class.uid}/"
    phone = opened(trainee.user, room, PHONE)
    desk = opened(live_class.teacher, f"{room}desk/", DESK)

    desk.fill("[data-say] textarea", "大家好")
    desk.click("[data-say] button")
    phone.wait_for_selector("[data-chat] >> text=大家好")
    phone.fill("[data-say] textarea", "坏果怎么赔")
    phone.check("[name=is_question]")
    phone.click("[data-say] button")
    desk.wait_for_selector("[data-chat] >> text=坏果怎么赔")
    phone.click("[data-hand] button")
    desk.wait_for_selector("[data-panel] >> text=何某花")

    assert_accessible(desk)
    desk.fill("#id_question", "坏果怎么赔?")
    desk.fill("#id_options", "不赔\n* 按个赔")
    desk.click("button[value=ask]")
    phone.click("[data-lines] button >> nth=1")
    phone.wait_for_selector("[data-lines] button[aria-pressed=true]")
    assert_accessible(phone)
    desk.click("[data-panel] button[value=close]")
    phone.wait_for_selector("[data-lines] progress")
    desk.locator("[data-chat] [data-message]", has_text="坏果怎么赔").locator("[value=hide]").click()
    phone.wait_for_selector("text=这条发言已被老师隐藏")

    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert phone.locator("[data-lines] [data-count]").all_inner_texts() == ["0", "1"]


def test_phone_without_the_stream_asks_every_ten_seconds(live_class, opened):
    trainee = enrol(live_class.training_class)
    room = f"/rehearse/classes/{live_class.uid}/"
    phone = opened(trainee.user, room, PHONE, blocked="**/events/**")
    desk = opened(live_class.teacher, f"{room}desk/", DESK)

    phone.wait_for_selector("[data-line-text=asking]:not([hidden])", timeout=60_000)
    desk.fill("[data-say] textarea", "用问的也收得到")
    desk.click("[data-say] button")

    phone.wait_for_selector("text=用问的也收得到")
