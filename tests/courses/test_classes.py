from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from courses.errors import (
    CapacityTooSmall,
    ClassNotHeld,
    ClassNotJoinable,
    DutiesMustDiffer,
    HasAttended,
    HeadsDiffer,
    MinutesOutOfRange,
    NoPlaceInClass,
    PhotoKnown,
    ReasonMissing,
    SheetMissing,
    SittingFixed,
    SittingNotBegun,
    SittingsNotConfirmed,
    TimetableTooShort,
    TutorMissing,
    WrongStep,
)
from courses.models import (
    Attendance,
    ClassDuty,
    Enrolment,
    Evidence,
    SignIn,
    SittingSite,
    TrainingClass,
    WaitingPlace,
)
from courses.services import (
    Proof,
    SitePlan,
    Tap,
    add_photo,
    add_site,
    approve_class,
    cancel_class,
    cancel_sitting,
    change_capacity,
    check_class,
    close_class,
    confirm_sitting,
    correct_minutes,
    fill_places,
    give_up_place,
    key_in_sheet,
    move_sitting,
    play_recording,
    send_back_class,
    sign_in,
    stop_waiting,
    submit_class,
    sync_taps,
    take_place,
)
from registry.models import AuditEntry
from tests.courses.test_races import at_once
from tests.factories import courses as make
from tests.factories.classes import (
    accounts,
    attend,
    during,
    make_open,
    make_planned,
    seat,
    send_sheets,
)

pytestmark = pytest.mark.django_db
ONE_DAY = {"days": ("2026-03-02",), "planned_hours": 8}


@pytest.fixture
def by():
    return accounts()


@pytest.fixture
def open_class(by):
    return make_open(by, **ONE_DAY)


@pytest.fixture
def sitting(open_class):
    return open_class.sittings.first()


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
    change_capacity(training_class=training_class, capacity=2, by=by["office"])

    assert training_class.enrolments.count() == 2
    with pytest.raises(CapacityTooSmall):
        change_capacity(training_class=training_class, capacity=1, by=by["office"])


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


# The timetable


def test_moved_sitting_stays_and_its_successor_bears_its_number(by, open_class):
    last = open_class.sittings.last()
    begins = make.at("2026-03-09", "09:00")

    new = move_sitting(
        sitting=last, starts_at=begins, ends_at=begins + timedelta(hours=3), reason="暴雨", by=by["body"]
    )

    last.refresh_from_db()
    open_class.refresh_from_db()
    assert (last.state, last.moved_to, new.number) == ("moved", new, last.number)
    assert [site.name for site in new.sites.all()] == ["示例镇文化站"]
    assert open_class.ends_on == begins.date()


def test_attended_sitting_is_neither_moved_nor_cancelled(by, open_class, sitting):
    attend(seat(open_class), sitting, by["body"])

    with pytest.raises(SittingFixed):
        cancel_sitting(sitting=sitting, reason="停电", by=by["body"])


def test_recording_counts_only_with_a_tutor(by, open_class, sitting):
    site = add_site(sitting=sitting, site=SitePlan("桃花村听课点"), by=by["body"])
    with pytest.raises(TutorMissing):
        play_recording(site=site, since=during(sitting), by=by["body"])
    site = add_site(
        sitting=sitting, site=SitePlan("桃花村听课点", tutor_name="辅导员甲"), to_all=True, by=by["body"]
    )

    play_recording(site=site, since=during(sitting), by=by["body"])

    site.refresh_from_db()
    assert site.recorded_since == during(sitting)
    assert open_class.sittings.last().sites.count() == 2


# Signing in


def test_nobody_signs_in_before_the_sitting(open_class, sitting):
    early = sitting.starts_at - timedelta(minutes=31)

    with pytest.raises(SittingNotBegun):
        sign_in(enrolment=seat(open_class), sitting=sitting, proof=Proof(Evidence.QR), now=early)


def test_only_who_has_a_place_signs_in(by, open_class, sitting):
    other = seat(make_open(by, **ONE_DAY), "学员丙")

    with pytest.raises(NoPlaceInClass):
        sign_in(enrolment=other, sitting=sitting, proof=Proof(Evidence.QR), now=during(sitting))


def test_a4_clock_of_the_phone_is_taken_off_and_kept(by, open_class, sitting):
    enrolment = seat(open_class)
    now = during(sitting, 60)
    fast = timedelta(minutes=12)
    tapped = sitting.starts_at + timedelta(minutes=3)
    tap = Tap(enrolment.uid, uuid4(), tapped + fast)

    for _again in range(2):
        outcome = sync_taps(
            site=sitting.sites.get(), taps=[tap], device="d1", device_time=now + fast, by=by["body"], now=now
        )

    assert outcome == {tap.client_token: ""}
    kept = SignIn.objects.get()
    assert (kept.signed_at, kept.clock_offset, kept.evidence) == (tapped, 720, "tutor")
    assert Attendance.objects.get().minutes == 180


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_phones_syncing_at_once_lose_and_double_nothing(by):
    training_class = make_open(by, **ONE_DAY)
    places = [seat(training_class, f"学员{number:02d}") for number in range(10)]
    site = training_class.sittings.first().sites.get()
    now = during(site.sitting)
    taps = [Tap(place.uid, uuid4(), now) for place in places]
    phones = [taps, taps, [Tap(place.uid, uuid4(), now) for place in places], taps[5:], taps[:5]]

    outcomes = at_once(
        *[
            lambda sent=sent: sync_taps(
                site=SittingSite.objects.get(pk=site.pk),
                taps=sent,
                device="d",
                device_time=now,
                by=by["body"],
                now=now,
            )
            for sent in phones
        ]
    )

    assert [set(each.values()) for each in outcomes] == [{""}] * len(phones)
    assert SignIn.objects.count() == 20
    assert sorted(Attendance.objects.values_list("minutes", flat=True)) == [180] * 10


def test_a_tap_for_a_stranger_is_refused_in_words_and_the_others_kept(by, open_class, sitting):
    enrolment = seat(open_class)
    now = during(sitting)
    taps = [Tap(uuid4(), uuid4(), now), Tap(enrolment.uid, uuid4(), now)]

    outcome = sync_taps(
        site=sitting.sites.get(), taps=taps, device="d1", device_time=now, by=by["body"], now=now
    )

    assert [bool(outcome[tap.client_token]) for tap in taps] == [True, False]


def test_sitting_stays_open_until_keyed_in_is_what_the_sheet_says(by, open_class, sitting):
    places = [seat(open_class, name) for name in ("甲", "乙")]
    site = sitting.sites.get()
    with pytest.raises(SheetMissing):
        confirm_sitting(sitting=sitting, by=by["body"], now=sitting.ends_at)
    send_sheets(sitting, by["body"], 2)
    key_in_sheet(site=site, signed={places[0]: "pen"}, by=by["body"], now=sitting.ends_at)
    with pytest.raises(HeadsDiffer) as refusal:
        confirm_sitting(sitting=sitting, by=by["body"], now=sitting.ends_at)
    assert (refusal.value.keyed, refusal.value.heads) == (1, 2)

    key_in_sheet(site=site, signed={places[0]: "pen", places[1]: "thumb"}, by=by["body"], now=sitting.ends_at)
    confirmed = confirm_sitting(sitting=sitting, by=by["body"], now=sitting.ends_at)

    assert confirmed.state == "confirmed"
    assert sorted(SignIn.objects.values_list("evidence", flat=True)) == ["pen", "thumb"]
    with pytest.raises(SittingFixed):
        attend(places[0], sitting, by["body"])


def test_corrections_have_a_reason_and_stay_in_range(by, open_class, sitting):
    enrolment = seat(open_class)
    attend(enrolment, sitting, by["body"])
    wrong = [(180, "没变"), (-1, "少了"), (181, "多了")]
    for minutes, reason in wrong:
        with pytest.raises(MinutesOutOfRange):
            correct_minutes(
                enrolment=enrolment, sitting=sitting, minutes=minutes, reason=reason, by=by["body"]
            )
    with pytest.raises(ReasonMissing):
        correct_minutes(enrolment=enrolment, sitting=sitting, minutes=90, reason="", by=by["body"])

    correct_minutes(enrolment=enrolment, sitting=sitting, minutes=90, reason="提前离场", by=by["body"])

    assert [row.minutes for row in Attendance.objects.order_by("pk")] == [180, -90]
    assert AuditEntry.objects.filter(action="attendance_corrected").get().detail["reason"] == "提前离场"


def test_ledger_is_append_only(by, open_class, sitting):
    attend(seat(open_class), sitting, by["body"])

    for broken in (
        lambda: Attendance.objects.update(minutes=90),
        lambda: SignIn.objects.all().delete(),
        lambda: Attendance.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            broken()


def test_photo_keeps_time_and_hash_and_nothing_else(by, sitting):
    exif = make.photo().file
    data = Image.Exif()
    data.get_ifd(0x8769)[0x9003] = "2026:03:02 09:12:00"
    data[0x010F] = "PhoneMaker"
    picture = make.photo(exif=data)

    photo = add_photo(sitting=sitting, file=picture.file, view="front", by=by["body"])

    assert photo.taken_at == make.at("2026-03-02", "09:12")
    assert not photo.is_of_another_day
    with photo.file.open() as kept:
        assert b"PhoneMaker" not in kept.read()
    assert photo.sha256 != add_photo(sitting=sitting, file=exif, view="rear", by=by["body"]).sha256
    with pytest.raises(PhotoKnown):
        add_photo(sitting=sitting, file=picture.file, view="rear", by=by["body"])
