"""Scheduling, beginning, ending, and the minutes a live class leaves in the ledger."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from courses.models import Attendance, Enrolment
from courses.services.live import record_live_minutes
from livestream.class_demo import load_live_class
from livestream.errors import (
    ClassHasBegun,
    ClassNotOpen,
    NotAtStation,
    NotInTheClass,
    NotSeatedByHerself,
)
from livestream.models import LiveClass, LiveSession, ModerationAction, ViewerSession
from livestream.queries.viewers import attended, present_now
from livestream.services.live_class import (
    Plan,
    begin_class,
    cancel_class,
    change_class,
    end_class,
    keep_class_on,
    schedule_class,
    sweep_attendance,
    write_attendance,
)
from livestream.services.sessions import reconcile_sessions
from livestream.services.viewers import leave_station, note_gone, note_here, seat_at_station
from registry.models import AuditAction, AuditEntry
from registry.services.merging import merge_people
from registry.services.stations import register_device
from tests.factories import courses as make
from tests.factories.live_class import STARTS, begun, ended, enrol, fresh, make_class, make_live_class

pytestmark = pytest.mark.django_db


def after(minutes):
    return STARTS + timedelta(minutes=minutes)


@pytest.fixture
def teacher(db):
    return make.make_instructor()


@pytest.fixture
def training_class(db):
    return make_class()


@pytest.fixture
def live_class(training_class, teacher):
    return make_live_class(training_class, teacher)


@pytest.fixture
def trainee(training_class):
    return enrol(training_class)


def follow(live_class, person, first, last, tab=None, device=None, step=0.5):
    """Send a sign of life every half minute, as the page does."""
    tab = tab or uuid.uuid4()
    moments = int((last - first) / step)
    for number in range(moments + 1):
        now = after(first + number * step)
        note_here(live_class=live_class, user=person.user, person=person, tab=tab, device=device, now=now)
    return tab


# Scheduling


def test_same_plan_sent_twice_makes_one(training_class, teacher):
    token = uuid.uuid4()
    plan = Plan("在线答疑", STARTS, 45)

    both = [
        schedule_class(training_class=training_class, plan=plan, by=teacher, client_token=token) for _ in "ab"
    ]

    assert both[0] == both[1]
    assert LiveSession.objects.get().state == "scheduled"
    assert AuditEntry.objects.filter(action=AuditAction.LIVE_CLASS_SCHEDULED).count() == 1


def test_room_opens_half_an_hour_before(live_class):
    assert not live_class.is_open(after(-31))
    assert live_class.is_open(after(-30))
    with pytest.raises(ClassNotOpen):
        begin_class(live_class=live_class, now=after(-31))


def test_class_moves_until_it_has_begun(live_class, teacher):
    later = Plan("改期", after(60), 60)

    change_class(live_class=live_class, plan=later, by=teacher)

    assert (fresh(live_class).starts_at, fresh(live_class).title) == (after(60), "改期")
    begun(fresh(live_class))
    with pytest.raises(ClassHasBegun):
        change_class(live_class=live_class, plan=later, by=teacher)
    with pytest.raises(ClassHasBegun):
        cancel_class(live_class=fresh(live_class), by=teacher)


def test_cancelled_class_is_closed_for_good(live_class, teacher):
    cancel_class(live_class=live_class, by=teacher)
    cancel_class(live_class=fresh(live_class), by=teacher)

    assert fresh(live_class).is_cancelled
    with pytest.raises(ClassNotOpen):
        begin_class(live_class=fresh(live_class), now=STARTS)
    assert AuditEntry.objects.filter(action=AuditAction.LIVE_CLASS_CANCELLED).count() == 1


def test_class_without_a_picture_goes_on_while_its_teacher_is_there(live_class):
    live_class = begun(live_class)
    reconcile_sessions(now=after(1))
    for minute in range(2, 40, 2):
        keep_class_on(live_class=live_class, now=after(minute))
        reconcile_sessions(now=after(minute))

    assert fresh(live_class).session.is_on_air
    reconcile_sessions(now=after(60))
    assert fresh(live_class).session.end_reason == "grace"


# Minutes


def test_minutes_are_those_of_the_class_only(live_class, trainee):
    live_class = begun(live_class)
    tab = follow(live_class, trainee, -10, 30)
    note_gone(live_class=live_class, user=trainee.user, tab=tab, now=after(31))

    [one] = attended(ended(live_class), after(60))

    assert (one.person, one.minutes, one.first_at, one.last_at) == (trainee, 31, STARTS, after(31))


def test_two_tabs_at_once_count_once_e4(live_class, trainee):
    live_class = begun(live_class)
    follow(live_class, trainee, 0, 30)
    follow(live_class, trainee, 10, 40)

    [one] = attended(ended(live_class), after(60))

    assert one.minutes == 40


def test_silence_is_absence_and_coming_back_counts_again(live_class, trainee):
    live_class = begun(live_class)
    tab = follow(live_class, trainee, 0, 10)
    follow(live_class, trainee, 30, 45, tab=tab)

    [one] = attended(ended(live_class), after(60))

    assert one.minutes == 25
    assert ViewerSession.objects.count() == 2


def test_goodbye_after_a_long_silence_does_not_fill_it(live_class, trainee):
    live_class = begun(live_class)
    tab = follow(live_class, trainee, 0, 5)
    note_gone(live_class=live_class, user=trainee.user, tab=tab, now=after(40))

    assert attended(ended(live_class), after(60))[0].minutes == 5


def test_nothing_counts_after_the_end(live_class, trainee):
    live_class = ended(begun(live_class), timedelta(minutes=20))

    note_here(live_class=live_class, user=trainee.user, person=trainee, tab=uuid.uuid4(), now=after(30))

    assert attended(live_class, after(60)) == []


def test_presence_counts_each_person_once(live_class, trainee, training_class):
    other = enrol(training_class, "乙某")
    for person in (trainee, trainee, other):
        note_here(live_class=live_class, user=person.user, person=person, tab=uuid.uuid4(), now=after(-5))

    assert present_now(live_class, after(-4)) == 2
    assert present_now(live_class, after(0)) == 0


# People before a station's screen


@pytest.fixture
def keeper(db):
    return make.make_user("站长甲")


@pytest.fixture
def device(keeper):
    return register_device(name="村站平板", region=make.make_village(), by=keeper)[0]


def test_several_at_one_station_each_get_their_own_minutes(live_class, training_class, keeper, device):
    first, second = enrol(training_class, "甲某"), enrol(training_class, "乙某")
    live_class = begun(live_class)
    for minute in range(46):
        note_here(
            live_class=live_class, user=keeper, person=None, tab=device.uid, device=device, now=after(minute)
        )
    seat_at_station(live_class=live_class, device=device, person=first, by=keeper, now=after(0))
    seat_at_station(live_class=live_class, device=device, person=second, by=keeper, now=after(15))
    leave_station(live_class=live_class, device=device, person=second, now=after(35))

    found = {each.person: each.minutes for each in attended(ended(live_class), after(60))}

    assert found == {first: 45, second: 20}


def test_phone_and_station_at_once_count_once_e4(live_class, trainee, keeper, device):
    live_class = begun(live_class)
    for minute in range(31):
        note_here(
            live_class=live_class, user=keeper, person=None, tab=device.uid, device=device, now=after(minute)
        )
    seat_at_station(live_class=live_class, device=device, person=trainee, by=keeper, now=after(0))
    follow(live_class, trainee, 20, 45)

    [one] = attended(ended(live_class), after(60))

    assert (one.minutes, one.was_at_station) == (45, True)


def test_station_without_the_class_on_its_screen_earns_nothing(live_class, trainee, keeper, device):
    live_class = begun(live_class)
    seat_at_station(live_class=live_class, device=device, person=trainee, by=keeper, now=after(0))

    assert attended(ended(live_class), after(60)) == []


def test_station_refuses_what_nobody_may_confirm(live_class, trainee, keeper, device):
    stranger = make.make_person("外人")

    with pytest.raises(NotAtStation):
        seat_at_station(live_class=live_class, device=None, person=trainee, by=keeper, now=STARTS)
    with pytest.raises(NotInTheClass):
        seat_at_station(live_class=live_class, device=device, person=stranger, by=keeper, now=STARTS)
    with pytest.raises(NotSeatedByHerself):
        seat_at_station(live_class=live_class, device=device, person=trainee, by=trainee.user, now=STARTS)
    with pytest.raises(ClassNotOpen):
        seat_at_station(live_class=live_class, device=device, person=trainee, by=keeper, now=after(-60))


def test_seated_twice_is_seated_once(live_class, trainee, keeper, device):
    for minute in (0, 5):
        seat_at_station(live_class=live_class, device=device, person=trainee, by=keeper, now=after(minute))

    assert trainee.station_viewings.get().since == STARTS
    assert AuditEntry.objects.filter(action=AuditAction.SEATED_AT_STATION).count() == 1


# The ledger


def test_ending_writes_each_persons_minutes_once(
    live_class, trainee, teacher, django_capture_on_commit_callbacks
):
    live_class = begun(live_class)
    follow(live_class, trainee, 0, 40)
    end_class(live_class=live_class, by=teacher, now=after(45))
    end_class(live_class=fresh(live_class), by=teacher, now=after(46))

    booked = [write_attendance(live_class=live_class, now=after(46)) for _ in "ab"]

    line = Attendance.objects.get()
    assert booked == [1, 0]
    assert (line.minutes, line.evidence, line.lesson_key) == (40, "live", live_class.uid)
    assert line.on_date == STARTS.date()
    assert AuditEntry.objects.filter(action=AuditAction.LIVE_CLASS_ENDED).count() == 1


def test_brother_without_a_place_earns_nothing_e21(live_class):
    brother = make.make_person("兄弟", user=make.make_user("兄弟"))
    live_class = begun(live_class)
    follow(live_class, brother, 0, 40)

    assert write_attendance(live_class=ended(live_class), now=after(60)) == 0
    assert not Attendance.objects.exists()


def test_two_records_of_one_person_are_one_line(live_class, trainee, training_class, teacher):
    other = enrol(training_class, "何某花")
    live_class = begun(live_class)
    follow(live_class, trainee, 0, 20)
    follow(live_class, other, 10, 40)
    merge_people(kept=trainee, absorbed=other, by=teacher, reason="同一人")

    write_attendance(live_class=ended(live_class), now=after(60))

    line = Attendance.objects.get()
    assert (line.enrolment.person, line.minutes) == (trainee, 40)


def test_day_is_full_after_eight_hours_e22(trainee, training_class):
    place = Enrolment.objects.get(person=trainee)

    earned = [
        record_live_minutes(
            enrolment=place, live_key=uuid.uuid4(), on_date=STARTS.date(), minutes=200, now=after(0)
        )
        for _ in range(3)
    ]

    assert earned == [200, 160, 0]


def test_class_ended_by_its_grace_is_written_by_the_sweep(live_class, trainee):
    live_class = begun(live_class)
    follow(live_class, trainee, 0, 10)
    reconcile_sessions(now=after(1))
    reconcile_sessions(now=after(30))

    sweep_attendance(now=after(31))

    assert fresh(live_class).attendance_written_at == after(31)
    assert fresh(live_class).session.ended_at == STARTS  # nothing was heard after it began
    assert sweep_attendance(now=after(32)) == 0


# What the database keeps


def test_lines_of_moderation_are_never_changed(live_class, teacher):
    line = ModerationAction.objects.create(
        live_class=live_class, kind="lock", by=teacher, value="1", at=STARTS
    )
    for sql in ("UPDATE {} SET value = '0'", "DELETE FROM {}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(ModerationAction._meta.db_table))
    line.refresh_from_db()
    assert line.value == "1"


@pytest.mark.parametrize("minutes", [4, 241])
def test_plan_has_sensible_minutes(live_class, minutes):
    with pytest.raises(IntegrityError), transaction.atomic():
        LiveClass.objects.update(planned_minutes=minutes)


# The demo


def test_demo_has_one_live_class_to_come_however_often_it_is_loaded(training_class):
    teacher = make.make_user("示例老师")
    teacher.username = "teacher"
    teacher.is_superuser = True
    teacher.save()

    loaded = [load_live_class() for _ in "ab"]

    assert loaded[0] == loaded[1] == LiveClass.objects.get()
    assert loaded[0].training_class == training_class
