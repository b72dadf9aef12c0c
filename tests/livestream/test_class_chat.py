"""Writing, keeping order, hands and quick checks, and what of it everybody hears."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from livestream.errors import ChatRefused, CheckIsOpen, CheckNotOpen, ClassNotOpen
from livestream.events.frames import FIRST
from livestream.events.publishing import events_after
from livestream.models import ChatMessage, ModerationAction, QuickCheck, QuickCheckAnswer, RaisedHand
from livestream.queries.live_class import (
    current_check,
    desk_panel,
    has_raised_hand,
    open_hands,
    result_of,
    shown_messages,
)
from livestream.services.chat import is_muted, report_message, say
from livestream.services.live_class import write_attendance
from livestream.services.moderation import (
    hide_message,
    mute_author,
    restore_message,
    set_mode,
    unmute_author,
)
from livestream.services.taking_part import answer_check, ask_check, close_check, lower_hand, raise_hand
from registry.models import AuditAction, AuditEntry
from registry.services import erase_person
from registry.services.merging import merge_people
from tests.factories import courses as make
from tests.factories.live_class import STARTS, begun, ended, enrol, fresh, make_class, make_live_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(db):
    return make.make_instructor()


@pytest.fixture
def live_class(teacher):
    return begun(make_live_class(make_class(), teacher))


@pytest.fixture
def trainee(live_class):
    return enrol(live_class.training_class)


def write(live_class, person, text="老师好", *, question=False, after=0, token=None, **other):
    return say(
        live_class=live_class,
        author=person.user,
        person=person,
        text=text,
        is_question=question,
        client_token=token or uuid.uuid4(),
        now=STARTS + timedelta(seconds=after),
        **other,
    )


def heard(live_class):
    return [event for _id, event in events_after(str(live_class.uid), FIRST) or []]


# Writing


def test_message_sent_twice_is_written_once_and_heard_once(
    live_class, trainee, django_capture_on_commit_callbacks
):
    token = uuid.uuid4()

    with django_capture_on_commit_callbacks(execute=True):
        both = [write(live_class, trainee, token=token) for _ in "ab"]

    assert both[0] == both[1]
    [event] = heard(live_class)
    assert (event["kind"], event["name"], event["text"]) == ("message", "何**", "老师好")


@pytest.mark.parametrize("text", ["", "  \n ", "长" * 201])
def test_empty_or_too_long_message_is_refused(live_class, trainee, text):
    with pytest.raises(ChatRefused, match="200"):
        write(live_class, trainee, text)


def test_nobody_writes_before_the_room_opens_or_after_the_end(live_class, trainee):
    with pytest.raises(ClassNotOpen):
        write(live_class, trainee, after=-1900)


def test_slow_mode_lets_one_wait_and_not_the_others(live_class, trainee, teacher):
    live_class = set_mode(live_class=live_class, by=teacher, slow_seconds=30)
    other = enrol(live_class.training_class, "乙某")
    write(live_class, trainee)
    write(live_class, other, after=1)

    with pytest.raises(ChatRefused) as refused:
        write(live_class, trainee, after=29)
    write(live_class, trainee, after=31)

    assert refused.value.reason == "slow"


def test_closed_chat_takes_nothing_but_from_the_teachers(live_class, trainee, teacher):
    live_class = set_mode(live_class=live_class, by=teacher, is_locked=True)

    with pytest.raises(ChatRefused) as refused:
        write(live_class, trainee)
    message = say(
        live_class=live_class,
        author=teacher,
        person=None,
        is_staff=True,
        text="先听讲",
        is_question=False,
        client_token=uuid.uuid4(),
        now=STARTS,
    )

    assert refused.value.reason == "locked"
    assert shown_messages(live_class)[0].name == "老师甲"
    assert message.hidden_at is None


def test_questions_only_takes_questions(live_class, trainee, teacher):
    live_class = set_mode(live_class=live_class, by=teacher, is_questions_only=True)

    with pytest.raises(ChatRefused) as refused:
        write(live_class, trainee)
    write(live_class, trainee, "坏果怎么赔", question=True)

    assert refused.value.reason == "questions"
    assert shown_messages(live_class)[0].is_question


def test_muted_person_writes_nothing_until_she_may_again(live_class, trainee, teacher):
    message = write(live_class, trainee)
    mute_author(message=message, by=teacher)

    with pytest.raises(ChatRefused) as refused:
        write(live_class, trainee)
    assert refused.value.reason == "muted"
    assert is_muted(live_class, trainee.user)
    unmute_author(message=message, by=teacher)
    write(live_class, trainee)


def test_teacher_cannot_be_muted(live_class, teacher):
    message = say(
        live_class=live_class,
        author=teacher,
        person=None,
        is_staff=True,
        text="大家好",
        is_question=False,
        client_token=uuid.uuid4(),
        now=STARTS,
    )

    mute_author(message=message, by=teacher)

    assert not is_muted(live_class, teacher)


def test_word_list_holds_a_message_back_until_somebody_looks(
    live_class, trainee, teacher, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        message = write(live_class, trainee, "加我微信")

    assert shown_messages(live_class) == []
    assert [event["kind"] for event in heard(live_class)] == ["desk"]
    assert [(each.text, each.held_for) for each, _why in desk_panel(live_class).held] == [
        ("加我微信", "contact")
    ]
    restore_message(message=message, by=teacher)
    assert [each.text for each in shown_messages(live_class)] == ["加我微信"]
    assert list(ModerationAction.objects.values_list("kind", flat=True)) == ["hit", "restore"]


def test_class_has_words_of_its_own(live_class, trainee, teacher):
    live_class = set_mode(live_class=live_class, by=teacher, own_words="老王\n")

    assert write(live_class, trainee, "隔壁老王").held_for == "own"
    assert ModerationAction.objects.get(kind="words").value == "1"  # how many, not which


# Keeping order


def test_hidden_message_leaves_a_note_and_can_come_back(
    live_class, trainee, teacher, django_capture_on_commit_callbacks
):
    message = write(live_class, trainee)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in "ab":
            hide_message(message=message, by=teacher)
        assert shown_messages(live_class) == []
        restore_message(message=message, by=teacher)

    assert [event["kind"] for event in heard(live_class)] == ["hidden", "message"]
    assert heard(live_class)[0]["id"] == message.pk
    assert [each.pk for each in shown_messages(live_class)] == [message.pk]
    assert AuditEntry.objects.filter(action=AuditAction.CHAT_MODERATED, actor=teacher).count() == 2


def test_reported_message_stays_until_the_teacher_decides(live_class, trainee, teacher):
    message = write(live_class, trainee)
    others = [enrol(live_class.training_class, name) for name in ("乙某", "丙某")]
    for person in (*others, others[0]):
        report_message(message=message, by=person.user)

    panel = desk_panel(live_class)

    assert [(each.pk, each.reports) for each in panel.reported] == [(message.pk, 2)]
    assert panel.to_look_at == 1
    hide_message(message=message, by=teacher)
    assert desk_panel(live_class).to_look_at == 0


def test_mode_that_stays_is_no_line(live_class, teacher):
    for _ in "ab":
        set_mode(live_class=live_class, by=teacher, slow_seconds=10, is_locked=False)

    assert list(ModerationAction.objects.values_list("kind", "value")) == [("slow", "10")]
    assert fresh(live_class).slow_seconds == 10


# Hands


def test_hand_goes_up_once_and_down_by_herself_or_the_teacher(live_class, trainee, teacher):
    for _ in "ab":
        raise_hand(live_class=live_class, person=trainee, now=STARTS)
    assert has_raised_hand(live_class, trainee)
    assert open_hands(live_class).count() == 1

    lower_hand(live_class=live_class, person=trainee, by=teacher)
    lower_hand(live_class=live_class, person=trainee, by=trainee.user)

    assert not has_raised_hand(live_class, trainee)
    assert RaisedHand.objects.get().lowered_by == teacher


def test_hands_stand_in_the_order_they_went_up(live_class, trainee):
    other = enrol(live_class.training_class, "乙某")
    raise_hand(live_class=live_class, person=other, now=STARTS)
    raise_hand(live_class=live_class, person=trainee, now=STARTS + timedelta(seconds=5))

    assert [hand.person for hand in open_hands(live_class)] == [other, trainee]


# Quick checks


def ask(live_class, teacher, right=1, token=None):
    return ask_check(
        live_class=live_class,
        by=teacher,
        question="坏果怎么赔?",
        options=["不赔", "按个赔"],
        right_option=right,
        client_token=token or uuid.uuid4(),
        now=STARTS,
    )


def test_first_answer_of_a_person_counts_once(live_class, trainee, teacher):
    check = ask(live_class, teacher)
    other = enrol(live_class.training_class, "乙某")

    answers = [
        answer_check(check=check, person=person, choice=choice)
        for person, choice in ((trainee, 1), (trainee, 0), (other, 1))
    ]

    assert answers == [True, False, True]
    result = current_check(live_class, trainee)
    assert (result.counts, result.total, result.own_choice) == ([0, 2], 2, 1)


def test_two_records_of_one_person_are_one_answer(live_class, trainee, teacher):
    check = ask(live_class, teacher)
    other = enrol(live_class.training_class, "何某花")
    answer_check(check=check, person=trainee, choice=0)
    answer_check(check=check, person=other, choice=1)
    merge_people(kept=trainee, absorbed=other, by=teacher, reason="同一人")

    assert result_of(check).counts == [1, 0]


def test_closed_check_takes_no_answer_and_shows_its_result(
    live_class, trainee, teacher, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        check = ask(live_class, teacher)
        answer_check(check=check, person=trainee, choice=1)
        for _ in "ab":
            close_check(check=check)

    with pytest.raises(CheckNotOpen):
        answer_check(check=check, person=trainee, choice=0)
    opened, closed = heard(live_class)
    assert (opened["open"], opened["counts"], opened["right"]) == (True, None, None)
    assert (closed["open"], closed["counts"], closed["right"]) == (False, [0, 1], 1)


@pytest.mark.parametrize("choice", [-1, 2])
def test_answer_that_is_not_there_is_refused(live_class, trainee, teacher, choice):
    with pytest.raises(CheckNotOpen):
        answer_check(check=ask(live_class, teacher), person=trainee, choice=choice)
    assert not QuickCheckAnswer.objects.exists()


def test_one_check_at_a_time_and_sent_twice_is_one(live_class, teacher):
    token = uuid.uuid4()

    assert ask(live_class, teacher, token=token) == ask(live_class, teacher, token=token)
    with pytest.raises(CheckIsOpen):
        ask(live_class, teacher)
    close_check(check=QuickCheck.objects.get())
    ask(live_class, teacher)


@pytest.mark.parametrize("options", [["一"], list("一二三四五六七"), []])
def test_check_has_two_to_six_answers(live_class, teacher, options):
    with pytest.raises(IntegrityError), transaction.atomic():
        QuickCheck.objects.create(
            live_class=live_class,
            question="?",
            options=options,
            client_token=uuid.uuid4(),
            opened_at=STARTS,
            opened_by=teacher,
        )


# Deleting


def test_deleted_person_leaves_no_word(live_class, trainee, teacher):
    message = write(live_class, trainee, "我是何某花")
    raise_hand(live_class=live_class, person=trainee, now=STARTS)

    erase_person(person=trainee, by=teacher)

    message.refresh_from_db()
    assert (message.text, message.person) == ("", None)
    assert not RaisedHand.objects.exists()
    assert shown_messages(live_class) == []
    assert ChatMessage.objects.count() == 1


def test_end_of_the_class_closes_what_is_open(live_class, trainee, teacher):
    check = ask(live_class, teacher)
    raise_hand(live_class=live_class, person=trainee, now=STARTS)

    write_attendance(live_class=ended(live_class))

    check.refresh_from_db()
    assert check.closed_at is not None
    assert not open_hands(live_class).exists()
