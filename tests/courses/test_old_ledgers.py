"""Old ledgers: what a class run on paper becomes, and what is refused."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateRange

from county.queries import count
from courses.models import Attendance, Enrolment, OldCertificate, SignIn, Sitting, TrainingClass
from courses.queries.held import training_of
from courses.services import import_ledger
from registry.errors import RosterUnreadable
from registry.models import AuditAction, AuditEntry, Person, RegionVersion
from tests.courses.old_ledger_files import ledger, with_cell, write_ledger
from tests.factories import courses as make
from tests.factories.registry import (
    HouseholdFactory,
    MembershipFactory,
    PersonFactory,
    StatusPeriodFactory,
    id_number,
)

pytestmark = pytest.mark.django_db
NOW = make.at("2026-03-02")


@pytest.fixture(autouse=True)
def county():
    """The home county with its village, and the course the ledgers name."""
    make.make_course("T", "8")
    return make.make_county().region


@pytest.fixture
def take(tmp_path, county):
    """Write a workbook and take it over."""

    def run(sheets=None, **options):
        path = write_ledger(tmp_path / "ledger.xlsx", ledger() if sheets is None else sheets)
        return import_ledger(path=path, county=county, now=NOW, **options)

    return run


def codes(outcome):
    return [(problem.sheet, problem.row, problem.code) for problem in outcome.problems]


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
    assert [row.label for row in count("431125", date(2020, 1, 1), date(2020, 1, 1), by="village").rows] == [
        "旧村"
    ]


def test_code_of_today_is_refused_for_a_day_before_it(take):
    RegionVersion.objects.filter(code="431125100200").update(valid=DateRange(date(2020, 1, 1), None))

    assert ("名册", 2, "village_unknown") in codes(take(ledger(班次=[_class(venue="431125")])))
    assert not TrainingClass.objects.exists()


def _class(number="2019-0012", venue="431125100200"):
    return [number, "T", "首期电商班", "2019-12-28", "2020-01-04", 8, venue, "431125", ""]


def test_status_is_that_of_the_day_of_enrolment(take, county):
    person = PersonFactory(rostered=True, id_number=id_number(1), name="学员甲")
    household = HouseholdFactory(county=county, village=make.make_village())
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
    sheets["班次"].append(_class("2019-0013"))

    rehearsed = take(sheets, is_dry_run=True).as_contract()

    assert not TrainingClass.objects.exists()
    assert not Person.objects.exists()
    assert not AuditEntry.objects.exists()
    applied = take(sheets).as_contract()
    assert rehearsed == applied | {"applied": False}
    assert applied["classes"] == {"created": 1, "unchanged": 0, "refused": 1}


def test_other_classes_go_on_when_one_is_refused(take):
    sheets = ledger()
    sheets["班次"].insert(0, _class("2019-0011"))
    sheets["课次"].append(["2019-0011", 1, "2019-12-28", "18:30", "20:30", "村部"])
    sheets["名册"].append(["2019-0011", 1, "学员丙", id_number(3), "999999999999", "2019-12-20", ""])

    outcome = take(sheets)

    assert [made.label for made in TrainingClass.objects.all()] == ["2019-0012"]
    assert not Person.objects.filter(name="学员丙").exists()
    assert (outcome.accepted, outcome.rejected) == (11, 3)
    assert ("名册", 4, "village_unknown") in codes(outcome)


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "code"),
    [
        ("班次", 0, "class", "一班", "class_number_unreadable"),
        ("班次", 0, "class", "2020-0012", "number_year_differs"),
        ("班次", 0, "course", "无", "course_unknown"),
        ("班次", 0, "name", "", "value_missing"),
        ("班次", 0, "first", 43827, "day_unreadable"),
        ("班次", 0, "first", "2019-02-30", "day_unreadable"),
        ("班次", 0, "last", "2019-12-01", "days_reversed"),
        ("班次", 0, "last", "2026-03-02", "class_not_over"),
        ("班次", 0, "hours", 0, "number_unreadable"),
        ("班次", 0, "venue", "9", "region_unknown"),
        ("班次", 0, "funding", "", "value_missing"),
        ("班次", 0, "category", "火星", "category_unknown"),
        ("班次", 0, "category", "photography", "category_differs"),
        ("课次", 1, "class", "2019-0099", "class_unknown"),
        ("课次", 1, "sitting", 1, "sitting_twice"),
        ("课次", 1, "date", "2020-01-05", "sitting_outside_class"),
        ("课次", 1, "start", "25:00", "time_unreadable"),
        ("课次", 1, "end", "13:00", "sitting_times_wrong"),
        ("课次", 1, "site", "", "value_missing"),
        ("名册", 1, "seat", 1, "seat_twice"),
        ("名册", 1, "seat", "甲", "number_unreadable"),
        ("名册", 1, "name", "", "name_missing"),
        ("名册", 1, "id_number", id_number(1), "duplicate"),
        ("名册", 1, "id_number", "990000199001010010", "id_bad_check"),
        ("名册", 1, "id_number", 9.9e17, "id_not_text"),
        ("名册", 1, "village", "431125100", "village_unknown"),
        ("名册", 1, "date", "2020-01-05", "enrolled_late"),
        ("名册", 1, "category", "火星", "category_unknown"),
        ("签到", 2, "sitting", 3, "sitting_unknown"),
        ("签到", 2, "seat", 9, "seat_unknown"),
        ("签到", 2, "seat", 1, "sign_in_twice"),
        ("签到", 2, "minutes", 181, "minutes_beyond_sitting"),
        ("签到", 2, "minutes", 9.5, "number_unreadable"),
        ("签到", 2, "kind", "quiz", "kind_unknown"),
        ("签到", 2, "kind", "", "value_missing"),
        ("考核", 1, "seat", 1, "mark_twice"),
        ("考核", 1, "mark", 101, "number_unreadable"),
        ("考核", 1, "red_line", "也许", "red_line_unknown"),
        ("考核", 1, "certificate", "江商证2020-007", "certificate_twice"),
    ],
)
def test_one_bad_cell_refuses_the_whole_class(take, sheet, row, column, value, code):
    outcome = take(with_cell(sheet, row, column, value))

    assert (sheet, row + 2, code) in codes(outcome)
    assert not TrainingClass.objects.exists()
    assert not Person.objects.exists()
    assert outcome.accepted == 0 or code == "class_unknown"


def test_overlapping_sittings_are_refused(take):
    sheets = ledger()
    sheets["课次"][1] = ["2019-0012", 2, "2019-12-28", "11:30", "13:00", "村部"]

    assert ("课次", 3, "sitting_overlaps") in codes(take(sheets))


def test_number_of_another_class_is_refused(take, county):
    TrainingClass.objects.create(
        course=make.make_course("U"),
        county=county,
        county_code="431125",
        year=2019,
        number=12,
        kind="online",
        state="closed",
        starts_on=date(2019, 1, 1),
        ends_on=date(2019, 1, 31),
    )

    outcome = take()

    assert ("班次", 2, "number_taken") in codes(outcome)
    assert outcome.rejected == 11


def test_class_that_says_something_else_than_before_is_refused(take):
    take()

    outcome = take(with_cell("签到", 0, "minutes", 170))

    assert ("班次", 2, "class_differs") in codes(outcome)
    assert Attendance.objects.filter(minutes=170).count() == 0


def test_certificate_number_of_somebody_else_is_refused(take):
    take()
    sheets = json.loads(json.dumps(ledger(), default=str).replace("2019-0012", "2019-0013"))
    sheets["签到"] = []

    assert ("考核", 2, "certificate_taken") in codes(take(sheets))
    assert TrainingClass.objects.count() == 1


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


def test_workbook_that_lacks_a_sheet_or_column_is_not_read(take, tmp_path, county):
    sheets = ledger()
    del sheets["签到"]
    with pytest.raises(RosterUnreadable, match="签到"):
        take(sheets)

    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(RosterUnreadable):
        import_ledger(path=path, county=county, now=NOW)


def test_bare_numbers_and_english_headers_are_understood(tmp_path, county):
    sheets = json.loads(json.dumps(ledger(), default=str).replace('"2019-0012"', "12"))
    path = write_ledger(tmp_path / "ledger.xlsx", sheets, headers=-1)

    outcome = import_ledger(path=path, county=county, now=NOW)

    assert (outcome.created, outcome.rejected) == (1, 0)
    assert TrainingClass.objects.get().label == "2019-0012"


def run(path, **options):
    out = StringIO()
    try:
        call_command("import_ledger", path, county="431125", stdout=out, stderr=out, **options)
    except SystemExit as exit_code:
        return out.getvalue(), exit_code.code
    return out.getvalue(), 0


def test_command_prints_the_contract(tmp_path):
    path = write_ledger(tmp_path / "ledger.xlsx", ledger())

    printed, code = run(path, json=True)

    told = json.loads(printed)
    assert (code, told["accepted"], told["applied"]) == (0, 11, True)
    assert told["problems"] == [
        {
            "sheet": "名册",
            "row": 3,
            "column": "证件号码",
            "code": "id_missing",
            "severity": "warning",
            "message": told["problems"][0]["message"],
        }
    ]


def test_command_says_1_when_a_class_is_refused_and_2_when_nothing_is_read(tmp_path):
    bad = write_ledger(tmp_path / "bad.xlsx", with_cell("签到", 0, "seat", 9))
    empty = tmp_path / "empty.xlsx"
    empty.write_bytes(b"")

    printed, code = run(bad, dry_run=True)

    assert code == 1
    assert "签到 2" in printed
    printed, code = run(empty, json=True)
    assert (code, json.loads(printed)["problems"][0]["code"]) == (2, "file_unreadable")


def test_command_knows_only_counties(tmp_path):
    with pytest.raises(CommandError, match="999999"):
        call_command("import_ledger", tmp_path / "x.xlsx", county="999999")
