"""A live class held in a live hour of a taught class: its minutes are evidence for that sitting."""

from datetime import timedelta

import pytest

from courses.hours import hours_of_minutes
from courses.models import Attendance, SignIn, Sitting
from livestream.models import ViewerSession
from livestream.queries.viewers import attendance_rows
from livestream.services.live_class import write_attendance
from tests.factories import courses as make
from tests.factories.classes import accounts, attend, confirm_all, make_open, seat
from tests.factories.live_class import begun, ended, fresh, make_live_class

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"
BEGINS = make.at(DAY, "14:00")


@pytest.fixture
def by(db):
    return accounts()


@pytest.fixture
def training_class(by):
    """A class of one live hour: 180 minutes, heard in the room and online at the same time."""
    return make_open(by, days=(DAY,), half_days=(("live", "14:00"),), planned_hours="4")


@pytest.fixture
def place(training_class):
    person = make.make_person("学员甲", user=make.make_user("学员甲"), village=make.make_village())
    return seat(training_class, person=person)


@pytest.fixture
def live_class(training_class):
    return begun(make_live_class(training_class, make.make_instructor(), BEGINS), BEGINS)


def follow(live_class, place, minutes):
    ViewerSession.objects.create(
        live_class=live_class,
        user=place.person.user,
        person=place.person,
        tab=live_class.uid,
        joined_at=BEGINS,
        last_seen_at=BEGINS + timedelta(minutes=minutes),
    )


def write(live_class, minutes=180):
    over = ended(live_class, timedelta(minutes=minutes))
    return write_attendance(live_class=over, now=over.session.ended_at)


def ledger():
    return list(Attendance.objects.order_by("pk").values_list("minutes", "evidence"))


def test_180_minutes_on_site_and_30_online_are_four_hours_e4(live_class, place, by):
    sitting = Sitting.objects.get()
    attend(place, sitting, by["body"])
    follow(live_class, place, 30)

    assert write(live_class) == 0

    assert ledger() == [(180, "pen")]
    assert hours_of_minutes(sum(minutes for minutes, _evidence in ledger())) == 4
    assert set(SignIn.objects.values_list("evidence", "minutes")) == {("pen", 180), ("live", 30)}


def test_30_minutes_online_first_and_180_on_site_are_four_hours_e4(live_class, place, by):
    follow(live_class, place, 30)
    assert write(live_class) == 1

    attend(place, Sitting.objects.get(), by["body"])

    assert ledger() == [(30, "live"), (150, "pen")]


def test_minutes_online_alone_count_for_the_sitting_and_stand_on_the_list(live_class, place):
    follow(live_class, place, 30)

    assert write(live_class) == 1
    assert write(live_class) == 0

    line = Attendance.objects.get()
    assert (line.sitting, line.site, line.lesson_key, line.minutes) == (Sitting.objects.get(), None, None, 30)
    assert [row.booked for row in attendance_rows(fresh(live_class), BEGINS, with_names=True)] == [30]


def test_nothing_is_added_to_a_confirmed_sitting(live_class, place, training_class):
    confirm_all(training_class, make.make_user("confirming"))
    follow(live_class, place, 30)

    assert write(live_class) == 0
    assert not Attendance.objects.exists()


def test_live_class_beside_the_timetable_is_a_line_of_its_own(training_class, place):
    evening = make.at(DAY, "19:30")
    live_class = begun(make_live_class(training_class, make.make_instructor(), evening), evening)
    ViewerSession.objects.create(
        live_class=live_class,
        user=place.person.user,
        person=place.person,
        tab=live_class.uid,
        joined_at=evening,
        last_seen_at=evening + timedelta(minutes=20),
    )

    assert write(live_class, 45) == 1

    line = Attendance.objects.get()
    assert (line.sitting, line.lesson_key, line.minutes) == (None, live_class.uid, 20)
