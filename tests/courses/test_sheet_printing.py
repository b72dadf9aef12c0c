import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from courses.chinese_numbers import in_words
from courses.queries.sheets import sheet_of
from courses.sheet_printing import SheetLine, SignInSheet, render_sheet
from tests.factories.classes import accounts, make_open, seat

LINE = SheetLine(1, "学员甲", "示例村", "002X", "138****0000")
SHEET = SignInSheet(
    course="农产品包装",
    class_label="2026-0012",
    sitting="第 1 次课，上午",
    topic="选品",
    when="2026-03-02 09:00 – 12:00",
    site="示例镇文化站",
    lead_teacher="示例老师",
    tutor="辅导员甲",
    address="https://example.org/learn/sites/1/sheet/",
    day=date(2026, 3, 2),
    lines=[LINE],
)


def text_of(pdf):
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (8, "捌"),
        (10, "壹拾"),
        (40, "肆拾"),
        (105, "壹佰零伍"),
        (1010, "壹仟零壹拾"),
        (2300, "贰仟叁佰"),
    ],
)
def test_numbers_in_words(number, words):
    assert in_words(number) == words


def test_numbers_without_words_are_refused():
    with pytest.raises(ValueError, match="10000"):
        in_words(10000)


def test_sheet_strikes_unused_lines_and_says_the_heads_in_words():
    (page,) = text_of(render_sheet(SHEET))

    for expected in ("学员甲", "002X", "以下空白", "壹人", "实到", "手印"):
        assert expected in page


def test_sheet_of_more_than_twenty_has_two_pages_and_totals_on_the_last():
    lines = [replace(LINE, seat=number) for number in range(1, 34)]

    first, last = text_of(render_sheet(replace(SHEET, lines=lines)))

    assert "以下空白" not in first
    assert "叁拾叁人" in last


def test_sheet_shows_a_mark_where_no_font_has_the_character():
    (page,) = text_of(render_sheet(replace(SHEET, lines=[replace(LINE, name="学\U0003fffd")])))

    assert "学〓" in page


@pytest.mark.django_db
def test_sheet_of_a_site_shows_the_last_four_and_no_whole_number():
    by = accounts()
    training_class = make_open(by, days=("2026-03-02",), planned_hours=8)
    person = seat(training_class).person
    person.id_number, person.phone = "990000197203050021", "+8613800000000"
    person.save()

    sheet = sheet_of(training_class.sittings.first().sites.get())

    assert sheet.lines == [SheetLine(1, "学员甲", "示例村", "0021", "138****0000")]
    assert sheet.when == "2026-03-02 09:00 – 12:00"
