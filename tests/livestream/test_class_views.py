"""Pages of live classes: who gets in, what works with and without a script, how many queries."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from courses.models import Attendance, TrainingClass
from livestream.events.publishing import newest_event
from livestream.events.tickets import read_ticket
from livestream.models import (
    ChatMessage,
    LiveClass,
    ModerationAction,
    QuickCheck,
    RaisedHand,
    ViewerPerson,
    ViewerSession,
)
from livestream.services.chat import say
from livestream.services.live_class import write_attendance
from livestream.services.taking_part import ask_check, close_check, raise_hand
from livestream.services.viewers import note_here
from registry.models import Appointment
from registry.services.stations import register_device
from registry.stations import COOKIE, remember_device
from tests.factories import courses as make
from tests.factories.live_class import STARTS, begun, ended, enrol, fresh, make_class, make_live_class

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def evening():
    with time_machine.travel(STARTS + timedelta(minutes=1), tick=False):
        yield


@pytest.fixture
def teacher(db):
    return make.make_instructor()


@pytest.fixture
def training_class(db):
    return make_class()


@pytest.fixture
def live_class(training_class, teacher):
    return begun(make_live_class(training_class, teacher), STARTS)


@pytest.fixture
def trainee(training_class):
    return enrol(training_class)


@pytest.fixture
def as_trainee(client, trainee):
    client.force_login(trainee.user)
    return client


@pytest.fixture
def as_teacher(client, teacher):
    client.force_login(teacher)
    return client


def address(name, live_class):
    return reverse(f"livestream:{name}", args=[live_class.uid])


def post(client, name, live_class, follow=False, **fields):
    return client.post(address(name, live_class), fields, follow=follow, **JSON)


def said(trainee, live_class, text="老师好"):
    return say(
        live_class=live_class,
        author=trainee.user,
        person=trainee,
        text=text,
        is_question=False,
        client_token=uuid.uuid4(),
    )


# The page of the class


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


# Writing


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


# What a script asks when the stream does not come


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


# The list, planning


def test_list_shows_what_concerns_her(as_trainee, live_class, teacher):
    county = make.make_county()
    foreign = TrainingClass.objects.create(
        course=make.make_course("U"),
        county=county.region,
        county_code="431129",
        year=2026,
        number=99,
        kind="taught",
        state="planned",
        starts_on=STARTS.date(),
        ends_on=STARTS.date(),
    )
    make_live_class(foreign, teacher)

    answer = as_trainee.get("/rehearse/classes/")

    assert list(answer.context["upcoming"]) == [live_class]
    assert answer.context["can_teach"] is False


def test_list_costs_the_same_with_more_classes(
    as_teacher, live_class, teacher, training_class, django_assert_max_num_queries
):
    def count():
        with django_assert_max_num_queries(40) as queries:
            as_teacher.get("/rehearse/classes/")
        return len(queries)

    count()
    one = count()
    for _ in range(2):
        make_live_class(training_class, teacher)

    assert count() == one


def plan(of, **fields):
    return {
        "training_class": of.pk,
        "title": "在线答疑",
        "day": "2026-03-08",
        "time": "19:30",
        "planned_minutes": "45",
        "client_token": str(uuid.uuid4()),
        **fields,
    }


def test_teacher_schedules_once(as_teacher, training_class):
    sent = plan(training_class)

    answers = [as_teacher.post("/rehearse/classes/new/", sent) for _ in "ab"]

    made = LiveClass.objects.get()
    assert answers[0].url == answers[1].url == address("class_desk", made)
    assert made.session.place.code == "431125"


@pytest.mark.parametrize(
    "wrong", [{"day": "2026-03-01"}, {"planned_minutes": "500"}, {"training_class": "0"}, {"title": ""}]
)
def test_wrong_plan_is_refused(as_teacher, training_class, wrong):
    answer = as_teacher.post("/rehearse/classes/new/", plan(training_class, **wrong))

    assert (answer.status_code, LiveClass.objects.count()) == (200, 0)


def test_trainee_schedules_nothing(as_trainee):
    assert as_trainee.get("/rehearse/classes/new/").status_code == 404


def test_class_is_moved_and_called_off(as_teacher, training_class, teacher):
    live_class = make_live_class(training_class, teacher, STARTS + timedelta(days=2))
    sent = plan(training_class, title="改期", time="20:00")

    as_teacher.post(address("class_change", live_class), sent)
    moved = fresh(live_class)
    as_teacher.post(address("class_change", live_class), {"step": "cancel"})

    assert (moved.title, moved.starts_at) == ("改期", make.at("2026-03-08", "20:00"))
    assert fresh(live_class).is_cancelled


def test_class_that_has_begun_is_not_moved(as_teacher, live_class, training_class):
    answer = as_teacher.post(address("class_change", live_class), plan(training_class))
    as_teacher.post(address("class_change", live_class), {"step": "cancel"})

    assert "已经开始" in answer.content.decode()
    assert not fresh(live_class).is_cancelled


# The desk


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


# Attendance, station, lesson


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


def test_teacher_who_writes_at_her_desk_stays_there(as_teacher, live_class):
    fields = {"text": "看大屏", "client_token": str(uuid.uuid4()), "back": "desk"}

    answer = as_teacher.post(address("class_say", live_class), fields)

    assert answer.url == address("class_desk", live_class)
    assert ChatMessage.objects.get().is_staff
