"""A teacher's desk of a live class, and what is left of it: attendance, the station, the lesson."""

import uuid
from datetime import timedelta

import pytest
import time_machine

from livestream.models import (
    ChatMessage,
    LiveSession,
    ModerationAction,
    QuickCheck,
    RaisedHand,
    ViewerPerson,
    ViewerSession,
)
from livestream.services.taking_part import raise_hand
from livestream.services.viewers import note_here
from registry.models import Appointment
from registry.services.stations import register_device
from registry.stations import COOKIE, remember_device
from tests.factories import courses as make
from tests.factories.live_class import STARTS, ended, fresh, make_live_class
from tests.livestream.class_pages import address, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evening")]


def act(client, live_class, step, **fields):
    return client.post(address("class_act", live_class), {"step": step, **fields})


def test_teacher_begins_and_ends(as_teacher, training_class, teacher):
    live_class = make_live_class(training_class, teacher)

    act(as_teacher, live_class, "begin")
    assert fresh(live_class).session.is_on_air
    act(as_teacher, live_class, "end")

    assert fresh(live_class).session.end_reason == "host"


def test_desk_shows_hands_and_what_waits_with_full_names(as_teacher, live_class, trainee):
    raise_hand(live_class=live_class, person=trainee)
    said(trainee, live_class, "加我微信")

    page = as_teacher.get(address("class_desk", live_class)).content.decode()

    assert page.count("何某花") == 2
    assert "加我微信" in page


def test_desk_steps_on_a_message(as_teacher, live_class, trainee):
    message = said(trainee, live_class)
    for step in ("mute", "hide", "restore", "unmute"):
        assert act(as_teacher, live_class, step, message=message.pk).status_code == 302

    kinds = ModerationAction.objects.values_list("kind", flat=True)
    assert list(kinds) == ["mute", "hide", "restore", "unmute"]


def test_panel_offers_to_mute_or_to_let_write_again_and_never_both(as_teacher, live_class, trainee):
    message = said(trainee, live_class, "加我微信")

    def offered():
        page = as_teacher.get(address("class_panel", live_class)).content.decode()
        return [step for step in ("mute", "unmute") if f'value="{step}"' in page]

    assert offered() == ["mute"]
    act(as_teacher, live_class, "mute", message=message.pk)
    assert offered() == ["unmute"]
    act(as_teacher, live_class, "unmute", message=message.pk)
    assert offered() == ["mute"]


def test_script_gets_the_panel_instead_of_a_page(as_teacher, live_class, trainee):
    raise_hand(live_class=live_class, person=trainee)
    sent = {"step": "lower", "hand": RaisedHand.objects.get().pk}

    answer = as_teacher.post(address("class_act", live_class), sent, HTTP_X_DESK="panel")

    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert RaisedHand.objects.get().lowered_at is not None


def test_teacher_asks_and_closes_a_question(as_teacher, live_class):
    act(
        as_teacher,
        live_class,
        "ask",
        question="坏果怎么赔?",
        options="不赔\n* 按个赔\n",
        client_token=str(uuid.uuid4()),
    )
    check = QuickCheck.objects.get()
    act(as_teacher, live_class, "close", check=check.pk)

    check.refresh_from_db()
    assert (check.options, check.right_option) == (["不赔", "按个赔"], 1)
    assert check.closed_at is not None


@pytest.mark.parametrize("options", ["一个", "* 甲\n* 乙", "一\n二\n三\n四\n五\n六\n七"])
def test_question_with_wrong_answers_is_refused(as_teacher, live_class, options):
    answer = act(as_teacher, live_class, "ask", question="?", options=options, client_token=str(uuid.uuid4()))

    assert answer.status_code == 302
    assert not QuickCheck.objects.exists()


def test_rules_of_the_chat_are_saved(as_teacher, live_class):
    act(as_teacher, live_class, "mode", slow_seconds="30", is_questions_only="on", own_words="老王")

    changed = fresh(live_class)
    assert (changed.slow_seconds, changed.is_questions_only, changed.is_locked) == (30, True, False)
    assert changed.words == ["老王"]


def test_unknown_step_changes_nothing(as_teacher, live_class):
    assert act(as_teacher, live_class, "x").status_code == 302
    assert act(as_teacher, live_class, "mode", slow_seconds="7").status_code == 302
    assert fresh(live_class).slow_seconds == 0


def test_attendance_shows_teachers_full_names_and_others_masked(client, live_class, teacher, trainee):
    note_here(live_class=live_class, user=trainee.user, person=trainee, tab=uuid.uuid4())
    office = make.make_user("商务局甲")
    Appointment.objects.create(
        user=office, role="office", region=make.make_county().region, valid=("2020-01-01", None)
    )
    with time_machine.travel(STARTS + timedelta(minutes=3), tick=False):
        note_here(
            live_class=live_class,
            user=trainee.user,
            person=trainee,
            tab=ViewerSession.objects.get().tab,
        )
        pages = []
        for user in (teacher, office):
            client.force_login(user)
            pages.append(client.get(address("class_attendance", live_class)).content.decode())

    assert "何某花" in pages[0]
    assert "何某花" not in pages[1]
    assert "何**" in pages[1]


@pytest.fixture
def keeper(db):
    user = make.make_user("站长甲")
    Appointment.objects.create(
        user=user, role="station_keeper", region=make.make_village(), valid=("2020-01-01", None)
    )
    return user


def test_keeper_seats_people_at_the_registered_device_only(client, keeper, live_class, trainee):
    client.force_login(keeper)
    sent = {"step": "seat", "person": str(trainee.uid)}

    elsewhere = client.post(address("class_station", live_class), sent, follow=True)
    _device, token = register_device(name="村站平板", region=make.make_village(), by=keeper)
    response = elsewhere.__class__()
    remember_device(response, token)
    client.cookies[COOKIE] = response.cookies[COOKIE].value
    client.post(address("class_station", live_class), sent)
    page = client.get(address("class_station", live_class)).content.decode()
    client.post(address("class_station", live_class), {"step": "leave", "person": str(trainee.uid)})

    assert "登记" in elsewhere.content.decode()
    assert "村站平板" in page
    assert ViewerPerson.objects.get().until is not None
    assert ViewerPerson.objects.get().confirmed_by == keeper


def test_keeper_finds_only_people_of_her_place(client, keeper, live_class):
    client.force_login(keeper)
    stranger = make.make_person("外人")

    for person in (str(stranger.uid), "x", ""):
        answer = client.post(address("class_station", live_class), {"person": person})
        assert answer.status_code == 404


def test_lesson_needs_a_recording(as_teacher, live_class):
    answer = as_teacher.post(address("class_lesson", ended(live_class)), follow=True)

    assert "还没有准备好" in answer.content.decode()
    assert fresh(live_class).lesson is None


def test_desk_offers_a_lesson_once_the_recording_can_be_watched(as_teacher, live_class):
    live_class = ended(live_class)
    offers = address("class_lesson", live_class)
    pages = {}
    for state in ("ended", "processing", "published"):
        LiveSession.objects.filter(pk=live_class.session_id).update(state=state)
        pages[state] = as_teacher.get(address("class_desk", live_class)).content.decode()

    assert [state for state, page in pages.items() if offers in page] == ["published"]
    assert "几分钟" in pages["processing"]
    assert "现在没有人举手" not in pages["ended"]


def test_teacher_who_writes_at_her_desk_stays_there(as_teacher, live_class):
    fields = {"text": "看大屏", "client_token": str(uuid.uuid4()), "back": "desk"}

    answer = as_teacher.post(address("class_say", live_class), fields)

    assert answer.url == address("class_desk", live_class)
    assert ChatMessage.objects.get().is_staff
