"""Old ledgers: what is refused, cell by cell and class by class."""

import json
from datetime import date

import pytest

from courses.models import Attendance, TrainingClass
from courses.services import import_ledger
from registry.errors import RosterUnreadable
from registry.models import Person
from tests.courses.old_ledger_files import codes, ledger, with_cell
from tests.factories import courses as make
from tests.factories.registry import (
    id_number,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ledger_county")]
NOW = make.at("2026-03-02")


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


def test_number_of_another_class_is_refused(take, ledger_county):
    TrainingClass.objects.create(
        course=make.make_course("U"),
        county=ledger_county,
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


def test_workbook_that_lacks_a_sheet_or_column_is_not_read(take, tmp_path, ledger_county):
    sheets = ledger()
    del sheets["签到"]
    with pytest.raises(RosterUnreadable, match="签到"):
        take(sheets)

    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(RosterUnreadable):
        import_ledger(path=path, county=ledger_county, now=NOW)
