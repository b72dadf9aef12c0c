"""The numbered cases of domain.md 4 that taught classes and their ledger decide, through the services."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from county.queries import count
from courses.hours import hours_of_minutes
from courses.models import Attendance, Enrolment, Evidence, SignIn
from courses.services import (
    Proof,
    cancel_class,
    close_class,
    confirm_sitting,
    correct_minutes,
    enrol_person,
    sign_in,
    take_down_mark,
    take_place,
)
from registry.queries.people import records_of
from registry.services import merge_people
from tests.factories import courses as make
from tests.factories.classes import (
    attend,
    confirm_all,
    during,
    make_open,
    seat,
    send_sheets,
)

pytestmark = pytest.mark.django_db
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def minutes_of(enrolment):
    return Attendance.objects.filter(enrolment=enrolment).aggregate(sum=Sum("minutes"))["sum"] or 0


def figures(since=MARCH[0], until=MARCH[1]):
    total = count("431125", since, until).total
    return total.person_times, total.heads


def attend_everything(enrolment, by):
    for sitting in enrolment.training_class.sittings.filter(state__in=("planned", "held")):
        attend(enrolment, sitting, by["body"])


def close(training_class, by):
    confirm_all(training_class, by["body"])
    training_class.refresh_from_db()
    return close_class(
        training_class=training_class,
        by=by["office"],
        now=make.at(training_class.ends_on.isoformat(), "20:00"),
    )


def test_e1_six_sittings_of_three_days(by):
    enrolment = seat(make_open(by))
    attend_everything(enrolment, by)

    close(enrolment.training_class, by)

    assert figures() == (1, 1)
    assert hours_of_minutes(minutes_of(enrolment)) == Decimal("24.00")
    assert Attendance.objects.filter(enrolment=enrolment).values("on_date").distinct().count() == 3


def test_e2_on_paper_and_by_herself_is_one_place(by):
    training_class = make_open(by)
    enrolment = seat(training_class)

    again = take_place(training_class=training_class, person=enrolment.person, now=make.at("2026-03-01"))

    assert again == enrolment
    assert Enrolment.objects.count() == 1


def test_e3_two_courses_are_two_person_times_of_one_head(by):
    first = seat(make_open(by))
    second = seat(make_open(by, days=("2026-05-04", "2026-05-05", "2026-05-06")), person=first.person)
    for enrolment in (first, second):
        attend_everything(enrolment, by)
        close(enrolment.training_class, by)

    assert figures() == (1, 1)
    assert figures(date(2026, 5, 1), date(2026, 5, 31)) == (1, 1)
    assert figures(date(2026, 1, 1), date(2026, 12, 31)) == (2, 1)


@pytest.mark.parametrize("first_is_long", [True, False])
def test_e4_longest_counts_not_the_sum(by, first_is_long):
    enrolment = seat(make_open(by))
    sitting = enrolment.training_class.sittings.first()
    ways = [(Evidence.PEN, 180), (Evidence.LIVE, 30)]

    for evidence, minutes in ways if first_is_long else reversed(ways):
        attend(enrolment, sitting, by["body"], minutes, evidence)

    assert hours_of_minutes(minutes_of(enrolment)) == Decimal("4.00")
    assert SignIn.objects.filter(enrolment=enrolment).count() == 2


def test_e5_of_two_overlapping_sittings_the_first_confirmed_counts(by):
    one = seat(make_open(by))
    other = seat(make_open(by, venue="另一个会场"), person=one.person)
    for enrolment in (one, other):
        sitting = enrolment.training_class.sittings.first()
        attend(enrolment, sitting, by["body"])
        send_sheets(sitting, by["body"], 1)

    for enrolment in (other, one):
        sitting = enrolment.training_class.sittings.first()
        confirm_sitting(sitting=sitting, by=by["body"], now=sitting.ends_at)

    assert (minutes_of(other), minutes_of(one)) == (180, 0)
    assert Attendance.objects.get(enrolment=one, minutes__lt=0).reason == "同一时间在 2026-0002 班第 1 次课"


def test_e6_enrolled_and_never_came(by):
    training_class = make_open(by)
    seat(training_class)
    other = seat(training_class, "学员乙")
    attend_everything(other, by)

    close(training_class, by)

    total = count("431125", *MARCH).total
    assert (total.enrolled, total.person_times, total.heads) == (2, 1, 1)


@pytest.mark.parametrize(("minutes", "is_completed"), [(864, True), (863, False)])
def test_e7_exactly_eighty_percent_of_the_plan(by, minutes, is_completed):
    enrolment = seat(make_open(by))
    left = minutes
    for sitting in enrolment.training_class.sittings.all():
        if left > 0:
            attend(enrolment, sitting, by["body"], min(180, left))
        left -= 180
    take_down_mark(enrolment=enrolment, mark=Decimal(60), marker=by["body"])
    enrolment.refresh_from_db()
    assert enrolment.completed_at is None

    close(enrolment.training_class, by)

    enrolment.refresh_from_db()
    assert (enrolment.completed_at is not None) is is_completed


@pytest.mark.parametrize(("mark", "red"), [("59.99", False), ("100", True), (None, False)])
def test_e7_without_the_practical_nothing_is_completed(by, mark, red):
    enrolment = seat(make_open(by))
    attend_everything(enrolment, by)
    if mark:
        take_down_mark(enrolment=enrolment, mark=Decimal(mark), has_red_line=red, marker=by["body"])

    close(enrolment.training_class, by)

    enrolment.refresh_from_db()
    assert enrolment.completed_at is None


def test_e17_class_over_new_year_counts_in_the_year_it_ends(by):
    days = ("2019-12-28", "2019-12-29", "2020-01-04")
    enrolment = seat(make_open(by, days=days))
    attend_everything(enrolment, by)

    close(enrolment.training_class, by)

    assert figures(date(2019, 1, 1), date(2019, 12, 31)) == (0, 0)
    assert figures(date(2020, 1, 1), date(2020, 1, 31)) == (1, 1)


def test_e18_cancelled_after_the_first_of_six(by):
    enrolment = seat(make_open(by))
    attend(enrolment, enrolment.training_class.sittings.first(), by["body"])

    cancel_class(
        training_class=enrolment.training_class,
        reason="大雪封路",
        by=by["office"],
        now=make.at("2026-03-02", "20:00"),
    )

    assert figures() == (0, 0)
    assert minutes_of(enrolment) == 180
    enrolment.training_class.refresh_from_db()
    assert enrolment.training_class.state == "cancelled"
    assert set(enrolment.training_class.sittings.values_list("state", flat=True)) == {"held", "cancelled"}


def test_e19_two_records_on_one_roster_are_one_after_the_merge(by):
    training_class = make_open(by)
    one, other = seat(training_class), seat(training_class, "学员甲二")
    for enrolment in (one, other):
        attend_everything(enrolment, by)
    close(training_class, by)
    assert figures() == (2, 2)

    merge_people(kept=one.person, absorbed=other.person, reason="同一人", by=by["office"])

    assert figures() == (1, 1)
    assert records_of(one.person).count() == 2


def test_e21_brother_sat_in_for_her(by):
    training_class = make_open(by)
    her, brother = seat(training_class), seat(training_class, "学员乙")
    for sitting in training_class.sittings.all():
        attend(her, sitting, by["body"])

    for sitting in training_class.sittings.all():
        correct_minutes(
            enrolment=her, sitting=sitting, minutes=0, reason="由其弟顶替", by=by["body"], now=during(sitting)
        )
        attend(brother, sitting, by["body"])
    close(training_class, by)

    assert figures() == (1, 1)
    assert (minutes_of(her), minutes_of(brother)) == (0, 1080)
    assert Attendance.objects.filter(enrolment=her, minutes=-180, reason="由其弟顶替").count() == 6


def test_e21_later_evidence_does_not_undo_a_correction(by):
    her = seat(make_open(by))
    sitting = her.training_class.sittings.first()
    attend(her, sitting, by["body"])
    correct_minutes(
        enrolment=her, sitting=sitting, minutes=0, reason="由其弟顶替", by=by["body"], now=during(sitting)
    )

    attend(her, sitting, by["body"], evidence=Evidence.TUTOR)

    assert minutes_of(her) == 0


def test_e22_lessons_join_the_online_class_and_not_the_taught_one(by):
    person = make.make_person(village=make.make_village())
    taught = seat(make_open(by), person=person)

    online = enrol_person(person=person, course=taught.training_class.course, now=make.at("2026-03-01"))

    assert online.training_class.kind == "online"
    assert online != taught


def test_a13_class_without_confirmed_hours_completes_nobody(by):
    enrolment = seat(make_open(by))
    take_down_mark(enrolment=enrolment, mark=Decimal(90), marker=by["body"])

    close(enrolment.training_class, by)

    enrolment.refresh_from_db()
    assert enrolment.completed_at is None


def test_sign_in_twice_with_one_token_is_one(by):
    enrolment = seat(make_open(by))
    sitting = enrolment.training_class.sittings.first()
    token = enrolment.uid
    for _again in range(2):
        sign_in(
            enrolment=enrolment,
            sitting=sitting,
            proof=Proof(Evidence.QR, client_token=token),
            now=during(sitting),
        )

    assert SignIn.objects.count() == Attendance.objects.count() == 1
