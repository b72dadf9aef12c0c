"""The flags of the audit desk (domain.md 4, A1-A14), each by its number, through the query of the page."""

import hashlib
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import translation

from certificates.errors import CertificateError
from certificates.services import issue_certificate
from county.errors import FlagNotThere, OwnEntries
from county.flags import FLAGS
from county.models import FlagSettlement
from county.queries.flags import SQL, Looked, flag_counts, flag_rows
from county.services.flags import reopen_flag, settle_flag
from courses.errors import DutiesMustDiffer
from courses.models import Enrolment, Evidence, SittingPhoto, TrainingClass
from courses.services import Proof, approve_class, check_class, sign_in, submit_class
from registry.models import AuditAction, AuditEntry, RosterImport
from registry.queries.places import version_by_code
from tests.factories.certificates import CourseFactory
from tests.factories.classes import accounts, attend, confirm_all, make_open, make_planned, seat
from tests.factories.courses import at, make_person, make_user, make_village
from tests.factories.registry import HouseholdFactory, MembershipFactory, StatusPeriodFactory

pytestmark = pytest.mark.django_db
MORNING = (("morning", "09:00"),)
HERE = Looked(["431125"], date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture
def by():
    return accounts()


def one_morning(by, day="2026-03-02", **plan):
    """An open class of one half-day."""
    return make_open(by, days=(day,), half_days=MORNING, planned_hours=4, **plan)


def told(code, looked=HERE):
    """What the rows of a flag say, in English."""
    with translation.override("en"):
        return [row.text for row in flag_rows(looked, code)]


def keep(place, **proof):
    """A sign-in of somebody with her own phone."""
    evidence = proof.pop("evidence", Evidence.QR)
    return sign_in(
        enrolment=place,
        sitting=place.training_class.sittings.first(),
        proof=Proof(evidence, client_token=uuid4(), **proof),
        now=at("2026-03-02", "12:50"),
    )


def household_with(person, number, **fields):
    home = HouseholdFactory(county=make_village(), number=number, village=make_village())
    MembershipFactory(person=person, household=home, **fields)
    return home


def test_every_flag_of_the_domain_has_a_query():
    assert [flag.code for flag in FLAGS] == [f"A{number}" for number in range(1, 16)] == list(SQL)


def test_nothing_is_flagged_where_nothing_is_odd(by):
    training_class = one_morning(by)
    attend(seat(training_class), training_class.sittings.get(), by["body"])

    assert [(each.flag.code, each.open) for each in flag_counts(HERE) if each.open] == []


def test_a1_two_sittings_at_the_same_time_are_flagged_once(by):
    """E5: the second place's minutes are taken off, and the flag stands all the same."""
    first, second = one_morning(by), one_morning(accounts(), venue="另一处")
    person = make_person(village=make_village())
    for training_class in (first, second):
        attend(
            seat(training_class, person=person),
            training_class.sittings.get(),
            training_class.planned_by,
        )
    assert len(flag_rows(HERE, "A1")) == 1

    confirm_all(first, by["body"])
    confirm_all(second, second.planned_by)

    (row,) = flag_rows(HERE, "A1")
    assert row.masked_name == "学**"
    assert {row.training_class, first} == {second, first}


def test_a2_status_the_register_no_longer_confirms_and_one_that_began_later(by):
    training_class = one_morning(by)
    poor, later, fine = (make_person(name, village=make_village()) for name in ("甲", "乙", "丙"))
    StatusPeriodFactory(household=household_with(later, "2"), valid=DateRange(date(2026, 6, 1), None))
    StatusPeriodFactory(household=household_with(fine, "3"), valid=DateRange(date(2014, 1, 1), None))
    for person in (poor, later, fine):
        attend(seat(training_class, person=person), training_class.sittings.get(), by["body"])
    Enrolment.objects.update(was_registered=True)

    assert sorted(told("A2")) == [
        "Counted under a status on 2026-02-25 that began on 2026-06-01 only.",
        "Counted under a status on 2026-02-25 that the register no longer confirms.",
    ]


def test_a2_attended_after_her_last_household_let_her_go(by):
    training_class = one_morning(by)
    gone, stays = (make_person(name, village=make_village()) for name in ("甲", "乙"))
    household_with(gone, "1", valid=DateRange(date(2014, 1, 1), date(2026, 3, 1)))
    household_with(stays, "2")
    for person in (gone, stays):
        attend(seat(training_class, person=person), training_class.sittings.get(), by["body"])

    assert told("A2") == ["Attended on 2026-03-02, but belongs to no household since 2026-03-01."]


def test_a3_more_than_ten_sign_ins_a_minute_from_one_device(by):
    training_class = one_morning(by)
    places = [seat(training_class, f"学员{n}") for n in range(11)]
    for number, place in enumerate(places):
        moment = at("2026-03-02", "09:00") + timedelta(seconds=5 * number)
        for device, is_station in (("phone", False), ("station", True)):
            keep(place, signed_at=moment, device=device, is_station=is_station)
        if number == 9:
            assert told("A3") == []

    assert told("A3") == ["11 sign-ins within a minute from one device that is no station."]


def test_a4_outside_the_window_or_with_a_wrong_clock(by):
    training_class = one_morning(by)
    early, late, off, fine, paper = (seat(training_class, name) for name in "甲乙丙丁戊")
    keep(early, signed_at=at("2026-03-02", "08:29"))
    keep(late, signed_at=at("2026-03-02", "12:31"))
    keep(off, signed_at=at("2026-03-02", "09:00"), clock_offset=-601)
    keep(fine, signed_at=at("2026-03-02", "12:30"), clock_offset=600)
    keep(paper, evidence=Evidence.PEN)  # keyed in from the sheet afterwards

    assert sorted(told("A4")) == [
        "Signed in at 2026-03-02 08:29, outside 30 minutes before and after the sitting.",
        "Signed in at 2026-03-02 12:31, outside 30 minutes before and after the sitting.",
        "The device's clock was 10 minutes off.",
    ]


def test_a5_more_heads_than_seats(by):
    training_class = one_morning(by, room_capacity=2)
    for name in "甲乙":
        attend(seat(training_class, name), training_class.sittings.get(), by["body"])
    assert told("A5") == []

    attend(seat(training_class, "丙"), training_class.sittings.get(), by["body"])

    assert told("A5") == ["3 people in a room with 2 seats (示例镇文化站)."]


def test_a5_one_teacher_in_two_places(by):
    one_morning(by, lead_teacher="示例师傅")
    one_morning(accounts(), lead_teacher="示例师傅", venue="另一处")
    one_morning(accounts(), lead_teacher="示例师傅", venue="第三处", day="2026-03-03")

    (row,) = flag_rows(HERE, "A5")
    with translation.override("en"):
        assert flag_rows(HERE, "A5")[0].text.startswith("示例师傅 teaches at 2026-")
    assert row.sitting is not None


@pytest.mark.slow
def test_a6_class_of_thirty_without_an_absence_in_three_days(by):
    days = ("2026-03-02", "2026-03-03", "2026-03-04")
    training_class = make_open(by, days=days, half_days=MORNING, planned_hours=12)
    places = [seat(training_class, f"学员{n}") for n in range(30)]
    *others, last = [(place, sitting) for sitting in training_class.sittings.all() for place in places]
    for place, sitting in others:
        attend(place, sitting, by["body"])
    assert told("A6") == []

    attend(*last, by["body"])

    assert told("A6") == ["All 30 people attended all 3 sittings on 3 days."]


def test_a7_photo_of_another_class_or_day(by):
    first, second = one_morning(by), one_morning(accounts(), venue="另一处")
    digest = hashlib.sha256(b"photo").hexdigest()
    for training_class, taken in ((first, "2026-03-02"), (second, "2026-03-01")):
        SittingPhoto.objects.create(
            sitting=training_class.sittings.get(),
            view="front",
            sha256=digest,
            taken_at=at(taken),
            added_by=by["body"],
            added_at=at("2026-03-02"),
        )

    assert sorted(told("A7")) == [
        "Taken on 2026-03-01, the sitting was on 2026-03-02.",
        f"The same photo was handed in for class {first.label}.",
        f"The same photo was handed in for class {second.label}.",
    ]


def test_a8_e20_one_phone_in_two_households_and_not_in_one(by):
    training_class = one_morning(by)
    wife, husband, other = (make_person(name, village=make_village()) for name in ("甲", "乙", "丙"))
    for person in (wife, husband, other):
        person.phone = "+8619900000042"
        person.save()
    home = household_with(wife, "1")
    MembershipFactory(person=husband, household=home)
    seat(training_class, person=wife)
    seat(training_class, person=husband)
    assert told("A8") == []

    household_with(other, "2")

    assert told("A8") == ["Her phone belongs to people of 1 other households too."] * 2


def test_a9_roster_with_more_than_two_per_cent_wrong_numbers():
    make_village()
    county = Looked(["431125"], date(2020, 1, 1), date(2100, 1, 1))
    wrong = [{"row": n, "column": "证件号码", "code": "id_bad_check", "values": {}} for n in (5, 5, 6)]
    fields = {"as_of": date(2026, 1, 1), "file_name": "名册.xlsx", "sha256": "0" * 64, "problems": wrong}
    for rows in (100, 99):
        RosterImport.objects.create(county=version_by_code("431125").region, rows_total=rows, **fields)

    assert told("A9", county) == ["2 of 99 rows of “名册.xlsx” have a wrong ID number."]


def test_a10_roster_changed_after_closing(by):
    training_class = one_morning(by)
    _before, came, left = (seat(training_class, name) for name in "甲乙丙")
    closed = {"state": "closed", "closed_at": at("2026-03-10")}
    TrainingClass.objects.filter(pk=training_class.pk).update(**closed)
    Enrolment.objects.filter(pk=came.pk).update(enrolled_at=at("2026-03-11"))
    Enrolment.objects.filter(pk=left.pk).update(withdrawn_at=at("2026-03-12"))

    assert sorted(told("A10")) == [
        "Put on the roster on 2026-03-11, the class was closed on 2026-03-10.",
        "Taken off the roster on 2026-03-12, the class was closed on 2026-03-10.",
    ]


def test_a11_younger_than_sixteen_or_older_than_seventy_five(by):
    training_class = one_morning(by)
    for born in (1950, 1951, 2010, 2011):
        person = make_person(village=make_village())
        person.birth_year = born
        person.save()
        seat(training_class, person=person)

    assert sorted(told("A11")) == [f"{age} years old in the year of the class." for age in (15, 76)]


def test_a12_same_course_within_twelve_months(county, village, make_class, make_trained):
    course = CourseFactory()
    first = make_class(course=course, starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 31))
    again = make_class(course=course)
    person = make_trained(first).person
    make_trained(again, person=person)

    (row,) = flag_rows(HERE, "A12")
    assert row.training_class == again


def test_a13_certificate_without_completion_is_refused(county, make_class, make_trained):
    with pytest.raises(CertificateError):
        issue_certificate(enrolment=make_trained(make_class()))

    assert told("A13") == []


def test_a14_one_account_for_two_steps_is_refused(by):
    training_class = make_planned(by)
    submit_class(training_class=training_class, by=by["body"])
    with pytest.raises(DutiesMustDiffer):
        check_class(training_class=training_class, by=by["body"])
    check_class(training_class=training_class, by=by["town"])
    with pytest.raises(DutiesMustDiffer):
        approve_class(training_class=training_class, approval_number="1", by=by["town"])

    assert told("A14") == []


def flagged(by):
    """A class with one flag, A11, and its row."""
    training_class = one_morning(by)
    person = make_person(village=make_village())
    person.birth_year = 1940
    person.save()
    seat(training_class, person=person)
    return flag_rows(HERE, "A11")[0]


def test_settled_row_stands_apart_with_its_reason(by):
    row, auditor = flagged(by), make_user("审计员")
    settle_flag(looked=HERE, flag="A11", key=row.key, reason="身份证已核", by=auditor, now=at("2026-04-01"))

    assert flag_rows(HERE, "A11") == []
    (settled,) = flag_rows(HERE, "A11", settled=True)
    assert (settled.settlement.reason, settled.settlement.by) == ("身份证已核", auditor)
    assert [(each.open, each.settled) for each in flag_counts(HERE) if each.flag.code == "A11"] == [(0, 1)]
    entry = AuditEntry.objects.get(action=AuditAction.FLAG_SETTLED)
    assert (entry.region_code, entry.detail["reason"]) == ("431125", "身份证已核")


def test_settled_row_is_not_settled_again_nor_one_of_another_county(by):
    row, auditor = flagged(by), make_user()
    elsewhere = Looked(["431129"], HERE.since, HERE.until)
    with pytest.raises(FlagNotThere):
        settle_flag(looked=elsewhere, flag="A11", key=row.key, reason="核对", by=auditor)
    settle_flag(looked=HERE, flag="A11", key=row.key, reason="身份证已核", by=auditor)

    with pytest.raises(FlagNotThere):
        settle_flag(looked=HERE, flag="A11", key=row.key, reason="再核", by=auditor)


def test_who_entered_the_class_does_not_settle_its_flags(by):
    row = flagged(by)
    with pytest.raises(OwnEntries):
        settle_flag(looked=HERE, flag="A11", key=row.key, reason="身份证已核", by=by["body"])


def test_settlement_is_taken_back_and_never_changed(by):
    row, auditor = flagged(by), make_user()
    made = settle_flag(looked=HERE, flag="A11", key=row.key, reason="身份证已核", by=auditor)
    with pytest.raises(IntegrityError), transaction.atomic():
        FlagSettlement.objects.update(reason="别的")
    with pytest.raises(IntegrityError), transaction.atomic():
        FlagSettlement.objects.all().delete()

    reopen_flag(settlement=made, by=auditor)

    assert [row.key for row in flag_rows(HERE, "A11")] == [row.key]
    with pytest.raises(FlagNotThere):
        reopen_flag(settlement=made, by=auditor)
    settle_flag(looked=HERE, flag="A11", key=row.key, reason="派出所证明", by=auditor)
    assert FlagSettlement.objects.count() == 2
