"""From the people of a site to its sign-in sheet (签到表), a page for each twenty lines. No database.

Unused lines are struck out as they are printed: nobody is written in later without a new sheet.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from courses.chinese_numbers import in_words
from registry.typesetting import qr_picture, typeset, unprintable_characters

TEMPLATE = Path(__file__).parent / "typst" / "sign_in_sheet.typ"
LINES_A_PAGE = 20


@dataclass(frozen=True)
class SheetLine:
    """One person on the sheet."""

    seat: int
    name: str
    place: str
    last_four: str
    phone: str


@dataclass(frozen=True)
class SignInSheet:
    """What stands on the sheet of one sitting and site. Sheets are Chinese whatever the page's language."""

    course: str
    class_label: str
    sitting: str
    topic: str
    when: str
    site: str
    lead_teacher: str
    tutor: str
    address: str
    day: date
    lines: list[SheetLine] = field(default_factory=list)


def render_sheet(sheet: SignInSheet) -> bytes:
    """Return the PDF of a sheet. A character no font holds is shown as 〓, for a pen to write over."""
    pages = [
        [_cells(line) for line in sheet.lines[first : first + LINES_A_PAGE]]
        for first in range(0, max(1, len(sheet.lines)), LINES_A_PAGE)
    ]
    paper: dict[str, Any] = {
        "title": "培训签到表",
        "day": {"year": sheet.day.year, "month": sheet.day.month, "day": sheet.day.day},
        "facts": [
            ["课程", sheet.course],
            ["班次", sheet.class_label],
            ["课次", sheet.sitting],
            ["内容", sheet.topic],
            ["时间", sheet.when],
            ["地点", sheet.site],
            ["主讲", sheet.lead_teacher],
            ["辅导教师", sheet.tutor],
        ],
        "pages": pages,
        "lines": LINES_A_PAGE,
        "expected": f"应到 {len(sheet.lines)} 人（大写：{in_words(len(sheet.lines))}人）",
        "qr": qr_picture(sheet.address),
    }
    return typeset(TEMPLATE, _printable(paper))


def _cells(line: SheetLine) -> list[str]:
    return [str(line.seat), line.name, line.place, line.last_four, line.phone]


def _printable(paper: dict[str, Any]) -> dict[str, Any]:
    """Put 〓 where the fonts have nothing; unlike a certificate, a sheet is completed by hand."""
    text = "".join([*(value for _name, value in paper["facts"]), *_texts(paper["pages"])])
    missing = dict.fromkeys(map(ord, unprintable_characters(text)), "〓")
    if not missing:
        return paper
    facts = [[name, value.translate(missing)] for name, value in paper["facts"]]
    pages = [[[cell.translate(missing) for cell in line] for line in page] for page in paper["pages"]]
    return paper | {"facts": facts, "pages": pages}


def _texts(pages: list[list[list[str]]]) -> list[str]:
    return [cell for page in pages for line in page for cell in line]
