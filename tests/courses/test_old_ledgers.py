"""Old ledgers: what a class run on paper becomes."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from county.queries import count
from courses.models import Attendance, Enrolment, OldCertificate, SignIn, Sitting, TrainingClass
from courses.queries.held import training_of
from courses.services import import_ledger
from registry.models import AuditAction, AuditEntry, Person, RegionVersion
from tests.courses.old_ledger_files import class_row, codes, ledger, with_cell, write_ledger
from tests.factories import courses as make
from tests.factories.registry import (
    HouseholdFactory,
    MembershipFactory,
    PersonFactory,
    StatusPeriodFactory,
    id_number,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ledger_county")]
NOW = make.at("2026-03-02")


def test_class_is_closed_with_its_number_timetable_and_attendance(take):
    outcome = take()

    made = TrainingClass.objects.get()
    assert (made.label, made.kind, made.state, made.imported_at) == ("2019-0012", "taught", "closed", NOW)
    assert (made.ledger_name, made.planned_hours, made.venue) == ("首期电商班", Decimal(8), "示例镇文化站")
    assert (made.place_code, made.is_for_cadres, made.closed_by) == ("431125100200", False, None)
    sittings = Sitting.objects.order_by("number")
    assert [(s.number, s.kind, s.state, s.planned_minutes) for s in sittings] == [
        (1, "morning", "confirmed", 180),
        (2, "afternoon", "confirmed", 180),
    ]
    rows = Attendance.objects.order_by("enrolment__seat", "on_date")
    assert [(row.enrolment.seat, row.on_date, row.minutes, row.evidence) for row in rows] == [
        (1, date(2019, 12, 28), 180, "pen"),
        (1, date(2020, 1, 4), 180, "thumb"),
        (2, date(2019, 12, 28), 180, "pen"),
    ]
    assert SignIn.objects.count() == 3
    told = outcome.as_contract()
    assert (told["rows"], told["accepted"], told["rejected"], told["applied"]) == (11, 11, 0, True)
    assert AuditEntry.objects.filter(action=AuditAction.CLASS_IMPORTED).count() == 1


def test_people_are_matched_by_number_else_declared(take):
    known = PersonFactory(rostered=True, id_number=id_number(1), name="学员甲")

    outcome = take()

    first, second = Enrolment.objects.order_by("seat")
    assert (first.person, first.category, first.village_version.code) == (known, "villager", "431125100200")
    assert second.person.temporary_number == "T-431125-2026-00001"
    assert (second.person.identity_level, second.category) == (Person.IdentityLevel.DECLARED, "veteran")
    assert outcome.as_contract()["persons"] == {"created": 1, "matched": 1}
    assert codes(outcome) == [("名册", 3, "id_missing")]


def test_new_person_keeps_her_number_for_the_next_ledger(take):
    take()

    person = Person.objects.get(id_number_hash__isnull=False)
    assert (person.id_number, person.birth_year, person.sex) == (id_number(1), 1990, "F")
    assert person.identity_level == Person.IdentityLevel.DECLARED


def test_completion_is_judged_once_as_of_the_last_day(take):
    outcome = take()

    first, second = Enrolment.objects.order_by("seat")
    assert (first.completed_at, first.completed_hours) == (make.at("2020-01-04", "17:00"), Decimal(8))
    assert first.completed_practical == Decimal("86.5")
    assert second.completed_at is None  # four of eight hours
    assert outcome.as_contract()["completed"] == 1


def test_no_mark_means_not_completed_and_red_line_bars(take):
    take(ledger(考核=[["2019-0012", 1, 86, "是", ""]]))

    assert not Enrolment.objects.filter(completed_at__isnull=False).exists()


def test_paper_certificate_is_noted_and_none_is_made(take):
    from certificates.models import Certificate

    take()

    kept = OldCertificate.objects.get()
    assert (kept.number, kept.enrolment.seat) == ("江商证2020-007", 1)
    assert not Certificate.objects.exists()
    assert training_of(kept.enrolment.person).rows[0][-1] == "江商证2020-007"


def test_e17_class_over_new_year_counts_in_the_year_it_ends(take):
    take()

    assert count("431125", date(2019, 1, 1), date(2019, 12, 1)).total.person_times == 0
    total = count("431125", date(2020, 1, 1), date(2020, 12, 1)).total
    assert (total.classes, total.person_times, total.heads, total.completed) == (1, 2, 2, 1)


def test_village_is_that_of_the_map_on_the_day_of_enrolment(take):
    now = RegionVersion.objects.get(code="431125100200")
    RegionVersion.objects.filter(pk=now.pk).update(valid=DateRange(date(2020, 1, 1), None))
    then = RegionVersion.objects.create(
        region=now.region,
        code="431125100900",
        name="旧村",
        level=5,
        parent=now.parent,
        valid=DateRange(None, date(2020, 1, 1)),
        source="test",
    )
    sheets = ledger()
    sheets["班次"][0][6] = "431125100900"
    for row in sheets["名册"]:
        row[4] = "431125100900"

    outcome = take(sheets)

    assert outcome.created == 1
    assert {each.village_version for each in Enrolment.objects.all()} == {then}
    rows = count("431125", date(2020, 1, 1), date(2020, 1, 1), by="village").rows
    assert [row.label for row in rows if row.heads] == ["旧村"]


def test_code_of_today_is_refused_for_a_day_before_it(take):
    RegionVersion.objects.filter(code="431125100200").update(valid=DateRange(date(2020, 1, 1), None))

    assert ("名册", 2, "village_unknown") in codes(take(ledger(班次=[class_row(venue="431125")])))
    assert not TrainingClass.objects.exists()


def test_status_is_that_of_the_day_of_enrolment(take, ledger_county):
    person = PersonFactory(rostered=True, id_number=id_number(1), name="学员甲")
    household = HouseholdFactory(county=ledger_county, village=make.make_village())
    MembershipFactory(person=person, household=household)
    StatusPeriodFactory(household=household, valid=DateRange(date(2014, 1, 1), date(2019, 12, 31)))

    take()

    place = Enrolment.objects.get(person=person)
    assert (place.was_registered, place.was_ever_registered, place.completed_registered) == (
        True,
        True,
        False,
    )


def test_twice_is_once(take):
    take()

    outcome = take()

    told = outcome.as_contract()
    assert told["classes"] == {"created": 0, "unchanged": 1, "refused": 0}
    assert (told["accepted"], told["rejected"], told["persons"]["created"]) == (11, 0, 0)
    assert (TrainingClass.objects.count(), Person.objects.count(), Attendance.objects.count()) == (1, 2, 3)


def test_rehearsal_says_what_taking_over_does_and_does_nothing(take):
    sheets = ledger()
    sheets["班次"].append(class_row("2019-0013"))

    rehearsed = take(sheets, is_dry_run=True).as_contract()

    assert not TrainingClass.objects.exists()
    assert not Person.objects.exists()
    assert not AuditEntry.objects.exists()
    applied = take(sheets).as_contract()
    assert rehearsed == applied | {"applied": False}
    assert applied["classes"] == {"created": 1, "unchanged": 0, "refused": 1}


def test_other_classes_go_on_when_one_is_refused(take):
    sheets = ledger()
    sheets["班次"].insert(0, class_row("2019-0011"))
    sheets["课次"].append(["2019-0011", 1, "2019-12-28", "18:30", "20:30", "村部"])
    sheets["名册"].append(["2019-0011", 1, "学员丙", id_number(3), "999999999999", "2019-12-20", ""])

    outcome = take(sheets)

    assert [made.label for made in TrainingClass.objects.all()] == ["2019-0012"]
    assert not Person.objects.filter(name="学员丙").exists()
    assert (outcome.accepted, outcome.rejected) == (11, 3)
    assert ("名册", 4, "village_unknown") in codes(outcome)


def test_e05_somebody_in_two_classes_at_once_counts_in_the_first(take):
    take()
    sheets = json.loads(json.dumps(ledger(), default=str).replace("2019-0012", "2019-0013"))
    sheets["考核"] = []

    outcome = take(sheets)

    assert [code for code in codes(outcome) if code[2] == "elsewhere"] == [
        ("签到", 2, "elsewhere"),
        ("签到", 3, "elsewhere"),
    ]
    total = count("431125", date(2020, 1, 1), date(2020, 1, 1)).total
    # The one without a number is nobody we know: the office compares the two.
    assert (total.classes, total.person_times) == (2, 3)


def test_name_under_which_the_register_has_her_stays(take):
    PersonFactory(rostered=True, id_number=id_number(1), name="学员假")

    outcome = take()

    assert ("名册", 2, "name_differs") in codes(outcome)
    assert Enrolment.objects.get(seat=1).person.name == "学员假"


def test_class_for_officials_stays_out_of_the_shares(take):
    take(with_cell("班次", 0, "category", "干部班"))

    assert TrainingClass.objects.get().is_for_cadres


def test_bare_numbers_and_english_headers_are_understood(tmp_path, ledger_county):
    sheets = json.loads(json.dumps(ledger(), default=str).replace('"2019-0012"', "12"))
    path = write_ledger(tmp_path / "ledger.xlsx", sheets, headers=-1)

    outcome = import_ledger(path=path, county=ledger_county, now=NOW)

    assert (outcome.created, outcome.rejected) == (1, 0)
    assert TrainingClass.objects.get().label == "2019-0012"
