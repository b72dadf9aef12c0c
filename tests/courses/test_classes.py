"""The steps of a taught class and its places."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from courses.errors import (
    CapacityTooSmall,
    ClassNotHeld,
    ClassNotJoinable,
    DutiesMustDiffer,
    HasAttended,
    ReasonMissing,
    SittingsNotConfirmed,
    TeacherUnknown,
    TimetableTooShort,
    WrongStep,
)
from courses.models import (
    ClassDuty,
    Enrolment,
    TrainingClass,
    WaitingPlace,
)
from courses.services import (
    approve_class,
    cancel_class,
    cancel_sitting,
    change_capacity,
    check_class,
    close_class,
    fill_places,
    give_up_place,
    name_teacher,
    send_back_class,
    stop_waiting,
    submit_class,
    take_place,
)
from registry.models import AuditEntry
from registry.services import appoint
from tests.courses.test_races import at_once
from tests.factories import courses as make
from tests.factories.classes import (
    ONE_DAY,
    attend,
    make_open,
    make_planned,
    seat,
)
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db


def person(name="学员乙"):
    return make.make_person(name, village=make.make_village())


# The steps


def test_class_goes_through_its_steps_with_three_accounts(by):
    training_class = make_open(by, **ONE_DAY)

    assert training_class.state == "open"
    assert (training_class.number, training_class.year, training_class.place_code) == (
        1,
        2026,
        "431125100200",
    )
    duties = dict(ClassDuty.objects.values_list("user", "duty"))
    assert duties == {by["body"].pk: "enter", by["town"].pk: "check", by["office"].pk: "approve"}
    actions = list(AuditEntry.objects.order_by("seq").values_list("action", flat=True))
    assert actions == ["class_planned", "class_submitted", "class_checked", "class_approved"]


def test_a14_nobody_takes_two_steps(by):
    training_class = make_planned(by, **ONE_DAY)
    submit_class(training_class=training_class, by=by["body"])
    with pytest.raises(DutiesMustDiffer):
        check_class(training_class=training_class, by=by["body"])
    check_class(training_class=training_class, by=by["town"])

    with pytest.raises(DutiesMustDiffer):
        approve_class(training_class=training_class, approval_number="1", by=by["town"])


def test_a14_the_database_refuses_two_steps_of_one_account(by):
    training_class = make_planned(by, **ONE_DAY)

    with pytest.raises(IntegrityError, match="another duty"), transaction.atomic():
        TrainingClass.objects.filter(pk=training_class.pk).update(checked_by=by["body"])


def test_database_refuses_a_taught_class_without_approval(by):
    training_class = make_planned(by, **ONE_DAY)

    with pytest.raises(IntegrityError, match="taught_class_was_approved"), transaction.atomic():
        TrainingClass.objects.filter(pk=training_class.pk).update(state="open")


def test_steps_come_in_their_order(by):
    training_class = make_planned(by, **ONE_DAY)

    for step in (check_class, lambda **given: approve_class(approval_number="", **given)):
        with pytest.raises(WrongStep):
            step(training_class=training_class, by=by["office"])
    with pytest.raises(WrongStep):
        close_class(training_class=training_class, by=by["office"])


def test_submitting_needs_sittings_of_the_planned_hours(by):
    training_class = make_planned(by, days=("2026-03-02",), planned_hours=9)

    with pytest.raises(TimetableTooShort):
        submit_class(training_class=training_class, by=by["body"])


def test_sending_back_needs_a_reason_and_opens_the_plan_again(by):
    training_class = make_planned(by, **ONE_DAY)
    submit_class(training_class=training_class, by=by["body"])
    with pytest.raises(ReasonMissing):
        send_back_class(training_class=training_class, reason=" ", by=by["town"])

    send_back_class(training_class=training_class, reason="名单不全", by=by["town"])

    training_class.refresh_from_db()
    assert training_class.state == "planned"
    assert submit_class(training_class=training_class, by=by["body"]).state == "submitted"


def test_class_is_closed_when_each_sitting_is_confirmed(by, open_class):
    moment = make.at("2026-03-02", "20:00")
    with pytest.raises(SittingsNotConfirmed):
        close_class(training_class=open_class, by=by["office"], now=moment)
    for each in open_class.sittings.all():
        cancel_sitting(sitting=each, reason="停电", by=by["body"])

    with pytest.raises(ClassNotHeld):
        close_class(training_class=open_class, by=by["office"], now=moment)


def test_cancelling_needs_a_reason_and_is_final(by, open_class):
    with pytest.raises(ReasonMissing):
        cancel_class(training_class=open_class, reason="", by=by["office"])
    cancel_class(training_class=open_class, reason="人数不足", by=by["office"])

    with pytest.raises(WrongStep):
        cancel_class(training_class=open_class, reason="人数不足", by=by["office"])
    with pytest.raises(ClassNotJoinable):
        take_place(training_class=open_class, person=person(), by=by["town"])


# Places


def test_herself_only_after_the_approval(by):
    training_class = make_planned(by, **ONE_DAY)
    with pytest.raises(ClassNotJoinable):
        take_place(training_class=training_class, person=person())

    taken = take_place(training_class=training_class, person=person("学员丙"), by=by["town"])

    assert (taken.seat, taken.enrolled_by) == (1, by["town"])


def test_full_class_has_a_waiting_list_that_moves_up(by):
    training_class = make_open(by, capacity=1, **ONE_DAY)
    first = seat(training_class)
    waiting = [take_place(training_class=training_class, person=person(name)) for name in ("乙", "丙")]
    assert all(isinstance(each, WaitingPlace) for each in waiting)
    assert take_place(training_class=training_class, person=waiting[0].person) == waiting[0]

    give_up_place(enrolment=first, reason="外出务工", by=by["town"])
    give_up_place(enrolment=first, reason="外出务工", by=by["town"])

    places = training_class.enrolments.filter(withdrawn_at=None)
    assert [place.person for place in places] == [waiting[0].person]
    assert places.get().seat == 2
    assert fill_places(training_class=training_class) == []


def test_who_stops_waiting_is_passed_over(by):
    training_class = make_open(by, capacity=1, **ONE_DAY)
    first = seat(training_class)
    gone, next_one = [take_place(training_class=training_class, person=person(name)) for name in ("乙", "丙")]
    stop_waiting(waiting=gone)

    give_up_place(enrolment=first, reason="外出务工")

    assert training_class.enrolments.get(withdrawn_at=None).person == next_one.person


def test_more_places_let_in_who_waits_and_fewer_are_refused(by):
    training_class = make_open(by, capacity=1, **ONE_DAY)
    seat(training_class)
    take_place(training_class=training_class, person=person())
    change_capacity(training_class=training_class, capacity=2, reason="教室换大", by=by["office"])

    assert training_class.enrolments.count() == 2
    with pytest.raises(CapacityTooSmall):
        change_capacity(training_class=training_class, capacity=1, reason="教室换小", by=by["office"])


def test_who_attended_keeps_her_place(by, open_class, sitting):
    enrolment = seat(open_class)
    attend(enrolment, sitting, by["body"])

    with pytest.raises(HasAttended):
        give_up_place(enrolment=enrolment, reason="记错了")


def test_place_given_up_may_be_taken_again(open_class):
    enrolment = seat(open_class)
    give_up_place(enrolment=enrolment, reason="外出务工")

    again = take_place(training_class=open_class, person=enrolment.person)

    assert again != enrolment
    assert again.seat == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_for_the_last_place(by):
    training_class = make_open(by, capacity=1, **ONE_DAY)
    people = [person(f"学员{number}") for number in range(4)]

    outcomes = at_once(
        *[lambda each=each: take_place(training_class=training_class, person=each) for each in people]
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["Enrolment"] + ["WaitingPlace"] * 3
    assert Enrolment.objects.count() == 1


# While the class goes on


def test_capacity_is_changed_for_a_reason_and_the_log_keeps_what_it_was(by):
    training_class = make_open(by, capacity=1, **ONE_DAY)
    for name in ("学员甲", "学员乙", "学员丙"):
        take_place(training_class=training_class, person=person(name), by=by["town"])
    with pytest.raises(ReasonMissing):
        change_capacity(training_class=training_class, capacity=2, reason=" ", by=by["office"])

    change_capacity(training_class=training_class, capacity=2, reason="教室换大", by=by["office"])

    entry = AuditEntry.objects.get(action="class_capacity_changed")
    assert entry.detail == {
        "class": training_class.label,
        "from": 1,
        "to": 2,
        "moved_up": 1,
        "reason": "教室换大",
    }


def test_login_of_the_teacher_is_one_that_teaches_there(by):
    training_class = make_open(by, **ONE_DAY)
    teacher, stranger = UserFactory(), UserFactory()
    for user, code in ((teacher, "431125"), (stranger, "431129")):
        region = make.make_region(code, "某县", 3).region if code != "431125" else training_class.county
        appoint(user=user, role="instructor", region=region, since=date(2020, 1, 1))

    with pytest.raises(TeacherUnknown):
        name_teacher(training_class=training_class, account=stranger, by=by["body"])
    name_teacher(training_class=training_class, account=teacher, by=by["body"])

    training_class.refresh_from_db()
    assert training_class.lead_account == teacher
    assert AuditEntry.objects.get(action="class_teacher_named").detail["login"] == teacher.pk


def test_naming_the_teacher_enters_data(by):
    training_class = make_open(by, **ONE_DAY)

    with pytest.raises(DutiesMustDiffer):
        name_teacher(training_class=training_class, account=None, by=by["office"])
