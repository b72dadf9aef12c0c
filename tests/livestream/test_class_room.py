"""The page of a live class: who gets in, what works with and without a script, how many queries."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from courses.models import Attendance
from livestream.events.publishing import newest_event
from livestream.events.tickets import read_ticket
from livestream.models import (
    ChatMessage,
    LiveClass,
    ModerationAction,
    RaisedHand,
    ViewerSession,
)
from livestream.services.live_class import write_attendance
from livestream.services.taking_part import ask_check, close_check
from livestream.services.viewers import note_here
from tests.factories import courses as make
from tests.factories.live_class import STARTS, begun, ended, enrol, make_live_class
from tests.livestream.class_pages import address, post, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evening")]


def test_page_gives_a_ticket_and_is_a_sign_of_life(as_trainee, live_class, trainee):
    answer = as_trainee.get(address("class_room", live_class))

    stream = answer.context["stream"]
    ticket = read_ticket(stream["ticket"])
    assert (ticket.room, ticket.viewer) == (str(live_class.uid), f"p{trainee.pk}")
    assert stream["events"] == "/events/"
    assert stream["cursor"] == newest_event(str(live_class.uid))
    assert ViewerSession.objects.get().person == trainee
    assert "no-store" in answer["Cache-Control"]


def test_page_allows_its_script_to_ask_the_event_server(as_trainee, live_class, settings):
    settings.EVENTS_PORT = 8001

    answer = as_trainee.get(address("class_room", live_class), HTTP_HOST="127.0.0.1:8000")

    assert answer.context["stream"]["events"] == "http://127.0.0.1:8001/events/"
    assert "connect-src 'self' http://127.0.0.1:8001" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(-300, "半小时"), (-10, "等候室"), (1, "此刻没有画面"), (70, "已结束")],
)
def test_page_says_where_the_class_stands(client, training_class, teacher, trainee, minutes, words):
    live_class = make_live_class(training_class, teacher)
    if minutes > 0:
        live_class = begun(live_class, STARTS)
    if minutes > 60:
        ended(live_class)
    client.force_login(trainee.user)

    with time_machine.travel(STARTS + timedelta(minutes=minutes), tick=False):
        page = client.get(address("class_room", live_class)).content.decode()

    assert words in page


def test_who_was_not_there_is_not_thanked_and_finds_a_way_on(client, training_class, teacher, trainee):
    live_class = ended(begun(make_live_class(training_class, teacher), STARTS))
    client.force_login(trainee.user)

    page = client.get(address("class_room", live_class)).content.decode()

    assert "谢谢" not in page
    assert f'button--wide" href="{reverse("livestream:live_classes")}"' in page


def test_cancelled_class_says_so(as_trainee, live_class):
    LiveClass.objects.update(cancelled_at=STARTS)

    assert "已取消" in as_trainee.get(address("class_room", live_class)).content.decode()


@pytest.mark.parametrize("name", ["class_room", "class_updates", "class_link"])
def test_foreign_class_and_no_class_look_the_same(client, live_class, name):
    stranger = make.make_user("外人")
    make.make_person("外人", user=stranger)
    client.force_login(stranger)

    there = client.get(address(name, live_class))
    nowhere = client.get(reverse(f"livestream:{name}", args=[uuid.uuid4()]))

    assert there.status_code == nowhere.status_code == 404


def test_after_the_end_she_sees_her_minutes(as_trainee, live_class, trainee):
    for minute in range(31):
        note_here(
            live_class=live_class,
            user=trainee.user,
            person=trainee,
            tab=uuid.uuid4(),
            now=STARTS + timedelta(minutes=minute),
        )
    tab = uuid.uuid4()
    for minute in range(31):
        note_here(
            live_class=live_class,
            user=trainee.user,
            person=trainee,
            tab=tab,
            now=STARTS + timedelta(minutes=minute),
        )
    live_class = ended(live_class)
    write_attendance(live_class=live_class)

    with time_machine.travel(STARTS + timedelta(minutes=50), tick=False):
        page = as_trainee.get(address("class_room", live_class))

    assert page.context["page"].own.minutes == 30
    assert Attendance.objects.get().minutes == 30
    assert "<strong>30</strong>" in page.content.decode()


def test_page_costs_the_same_with_more_messages(
    as_trainee, live_class, trainee, django_assert_max_num_queries
):
    def count():
        with django_assert_max_num_queries(60) as queries:
            as_trainee.get(address("class_room", live_class))
        return len(queries)

    said(trainee, live_class)
    count()
    one = count()
    for number in range(3):
        said(enrol(live_class.training_class, f"学员{number}"), live_class)

    assert count() == one


def test_message_without_a_script_leads_back(as_trainee, live_class):
    fields = {"text": "老师好", "client_token": str(uuid.uuid4())}

    for _ in "ab":
        answer = as_trainee.post(address("class_say", live_class), fields, follow=True)

    assert "老师好" in answer.content.decode()
    assert ChatMessage.objects.count() == 1


def test_refused_message_says_why_to_script_and_page(as_trainee, live_class):
    LiveClass.objects.update(is_locked=True)
    fields = {"text": "老师好", "client_token": str(uuid.uuid4())}

    with_script = post(as_trainee, "class_say", live_class, **fields)
    without = as_trainee.post(address("class_say", live_class), fields, follow=True)

    assert (with_script.status_code, with_script.json()["reason"]) == (422, "locked")
    assert with_script.json()["error"] in without.content.decode()


def test_held_message_says_that_it_waits(as_trainee, live_class):
    answer = post(as_trainee, "class_say", live_class, text="加我微信", client_token=str(uuid.uuid4()))

    assert "等" in answer.json()["note"]


def test_nonsense_gets_an_answer(as_trainee, live_class):
    assert post(as_trainee, "class_say", live_class, text="a", client_token="x").status_code == 422
    assert post(as_trainee, "class_report", live_class, message="²").status_code == 404
    assert post(as_trainee, "class_answer", live_class, check="1", choice="a").status_code == 404


def test_report_tells_the_teacher(as_trainee, live_class):
    message = said(enrol(live_class.training_class, "乙某"), live_class)

    post(as_trainee, "class_report", live_class, message=message.pk)

    assert ModerationAction.objects.get(kind="report").message == message


def test_message_of_another_class_is_not_there(as_trainee, live_class, teacher, training_class):
    other = begun(make_live_class(training_class, teacher), STARTS)
    message = said(enrol(training_class, "乙某"), other)

    assert post(as_trainee, "class_report", live_class, message=message.pk).status_code == 404


def test_hand_goes_up_and_down(as_trainee, live_class):
    post(as_trainee, "class_hand", live_class, up="1")
    assert 'aria-pressed="true"' in as_trainee.get(address("class_room", live_class)).content.decode()

    post(as_trainee, "class_hand", live_class, up="0")

    assert RaisedHand.objects.get().lowered_at is not None


def test_answer_counts_once_and_the_result_is_shown(as_trainee, live_class, teacher, trainee):
    check = ask_check(
        live_class=live_class,
        by=teacher,
        question="坏果怎么赔?",
        options=["不赔", "按个赔"],
        right_option=1,
        client_token=uuid.uuid4(),
    )
    notes = [
        post(as_trainee, "class_answer", live_class, check=check.pk, choice=choice).json()["note"]
        for choice in (1, 0)
    ]
    close_check(check=check)

    page = as_trainee.get(address("class_room", live_class)).content.decode()
    assert notes[0] != notes[1]
    assert "坏果怎么赔?" in page
    assert "我的答案" in page


def test_sign_of_life_and_goodbye(as_trainee, live_class):
    tab = str(uuid.uuid4())

    assert post(as_trainee, "class_here", live_class, tab=tab).status_code == 204
    assert post(as_trainee, "class_here", live_class, tab=tab, gone="1").status_code == 204
    assert post(as_trainee, "class_here", live_class, tab="x").status_code == 404
    assert ViewerSession.objects.get().left_at is not None


def test_updates_tell_what_came_since_or_everything(
    as_trainee, live_class, trainee, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        said(trainee, live_class, "一")
    whole = as_trainee.get(address("class_updates", live_class)).json()
    with django_capture_on_commit_callbacks(execute=True):
        said(trainee, live_class, "二")
    since = as_trainee.get(address("class_updates", live_class), {"after": whole["cursor"]}).json()
    too_late = as_trainee.get(address("class_updates", live_class), {"after": "5-0"}).json()

    assert [each["text"] for each in whole["snapshot"]["messages"]] == ["一"]
    assert [each["text"] for each in since["events"]] == ["二"]
    assert since["cursor"] == newest_event(str(live_class.uid))
    assert [each["text"] for each in too_late["snapshot"]["messages"]] == ["一", "二"]
    assert read_ticket(since["ticket"]).room == str(live_class.uid)


def test_player_gets_a_fresh_address_while_the_class_is_on(as_trainee, live_class):
    on = as_trainee.get(address("class_link", live_class)).json()
    ended(live_class)
    over = as_trainee.get(address("class_link", live_class)).json()

    assert on["base"].endswith(f"/{live_class.uid}/")
    assert (over["base"], over["is_live"]) == ("", False)
