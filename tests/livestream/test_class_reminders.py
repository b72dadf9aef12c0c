"""Reminders of live classes: who gets which, when, and never twice."""

from datetime import timedelta

import pytest

from livestream.models import ClassReminder
from livestream.services.class_reminders import ask_reminders, send_reminder, sweep_reminders
from livestream.services.live_class import Plan, cancel_class, change_class
from registry import client
from registry.errors import MessageNotSent
from registry.models import SentMessage
from registry.services.merging import merge_people
from tests.factories import courses as make
from tests.factories.live_class import STARTS, begun, enrol, fresh, make_class, make_live_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(db):
    return make.make_instructor()


@pytest.fixture
def live_class(teacher):
    return make_live_class(make_class(), teacher)


def with_phone(live_class, name="何某花", number="01", *, proven=True):
    user = make.make_user(name, phone=f"+86199000088{number}", phone_verified=proven)
    return enrol(live_class.training_class, name, user=user)


def asked(hours):
    return ask_reminders(now=STARTS - timedelta(hours=hours))


def test_she_is_reminded_the_day_before_and_half_an_hour_before(live_class):
    with_phone(live_class)

    made = [asked(hours) for hours in (72, 25, 24, 1, 0.5, 0.4)]

    assert made == [0, 1, 0, 0, 1, 0]
    assert list(ClassReminder.objects.values_list("occasion", flat=True)) == ["day", "soon"]


def test_nobody_is_woken_at_night(live_class):
    with_phone(live_class)

    assert asked(22) == 0  # half past nine in the evening
    assert asked(14) == 0  # half past five in the morning
    assert asked(11) == 1


def test_only_proven_numbers_are_written_to(live_class):
    with_phone(live_class, proven=False)
    enrol(live_class.training_class, "无号")

    assert asked(25) == 0


def test_two_records_of_one_person_get_one_message(live_class, teacher):
    kept, absorbed = with_phone(live_class), with_phone(live_class, "何某华", "02")
    merge_people(kept=kept, absorbed=absorbed, by=teacher, reason="同一人")

    assert asked(25) == 1


def test_message_names_the_class_and_its_time_once(live_class):
    with_phone(live_class)
    asked(25)
    reminder = ClassReminder.objects.get()

    for _ in "ab":
        send_reminder(reminder=reminder, now=STARTS - timedelta(hours=25))

    text = SentMessage.objects.get().text
    assert "在线答疑" in text
    assert "3月5日 19:30" in text
    reminder.refresh_from_db()
    assert (reminder.state, reminder.sent_at) == ("ready", STARTS - timedelta(hours=25))


def test_moved_class_reminds_anew_and_the_old_message_is_not_sent(live_class, teacher):
    with_phone(live_class)
    asked(25)
    old = ClassReminder.objects.get()
    change_class(live_class=live_class, plan=Plan("在线答疑", STARTS + timedelta(hours=1), 45), by=teacher)
    old.refresh_from_db()
    old.live_class = fresh(live_class)

    send_reminder(reminder=old, now=STARTS - timedelta(hours=24))

    assert not SentMessage.objects.exists()
    assert asked(24) == 1


@pytest.mark.parametrize("what", ["cancelled", "begun", "late"])
def test_nobody_is_reminded_of_what_is_off_or_on(live_class, teacher, what):
    with_phone(live_class)
    asked(0.5)
    reminder = ClassReminder.objects.get()
    now = STARTS - timedelta(minutes=20)
    if what == "cancelled":
        cancel_class(live_class=live_class, by=teacher)
    elif what == "begun":
        begun(live_class, now)
    else:
        now = STARTS + timedelta(minutes=1)
    reminder.live_class = fresh(live_class)

    send_reminder(reminder=reminder, now=now)

    assert not SentMessage.objects.exists()
    assert ClassReminder.objects.get().state == "failed"


def test_message_the_provider_refused_is_tried_again_three_times(live_class, monkeypatch):
    def refuse(phone, message):
        raise MessageNotSent(reason="test")

    monkeypatch.setitem(client.PROVIDERS, "outbox", refuse)
    with_phone(live_class)
    now = STARTS - timedelta(hours=25)
    asked(25)
    for minute in range(0, 60, 10):
        reminder = ClassReminder.objects.get()
        send_reminder(reminder=reminder, now=now + timedelta(minutes=minute))
        sweep_reminders(now=now + timedelta(minutes=minute + 5))

    assert (ClassReminder.objects.get().state, ClassReminder.objects.get().attempts) == ("failed", 3)


def test_without_a_template_of_the_provider_nobody_is_reminded(live_class, settings):
    settings.SMS_PROVIDER, settings.SMS_REMINDER_TEMPLATE = "aliyun", ""
    with_phone(live_class)

    assert asked(25) == 0
