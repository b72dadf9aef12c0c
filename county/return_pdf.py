"""A monthly return as it is put on paper (月报表): A4 across, signatures, later lines, fingerprint.

Chinese whatever the page's language: papers are. The same return gives the same bytes, for it holds no clock.
"""

from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import number_format

from county.counting import CountRow
from county.models import MonthlyReturn
from county.monthly_form import value_of
from county.queries.returns import Correction, corrections_of
from county.return_files import changes_in_words, frozen_count
from registry.typesetting import typeset, unprintable_characters

TEMPLATE = Path(__file__).parent / "typst" / "monthly_return.typ"
# The form's columns: what stands above, and below it what is counted; without a second line it stands alone.
_FORM: list[tuple[str, list[tuple[str, str]]]] = [
    ("班次", [("", "classes")]),
    ("培训", [("人次", "person_times"), ("人数", "heads")]),
    ("报名时建档立卡", [("人次", "poor_person_times"), ("人数", "poor_heads")]),
    ("含已脱贫\n人数", [("", "registered_heads")]),
    ("监测对象\n人数", [("", "monitored_heads")]),
    ("妇女\n人数", [("", "women")]),
    ("年龄", [("35岁以下", "under_35"), ("35–59岁", "from_35_to_59"), ("60岁以上", "from_60")]),
    ("学时", [("", "hours_shown")]),
    ("结业\n人次", [("", "completed")]),
    ("有效\n证书", [("", "certificates")]),
    ("转化/\n应计", [("", "conversion")]),
    ("身份\n未核实", [("", "unverified")]),
    ("重复\n人次", [("", "repeats")]),
    ("贫困户占比", [("按人次", "poor_share_person_times"), ("按人数", "poor_share_heads")]),
]
_NOTES = [
    "注：1. 地区按报名当日的户籍所在地（当时区划）；统计班次以最后一天所在月份为准，未结班的不计。",
    "2. 人数按人去重，各行人数相加不等于合计；年龄按当期首个班次所在年份计算；占比不含干部班。",
]


def return_pdf(made: MonthlyReturn, *, is_intact: bool) -> bytes:
    """Return the PDF/A of a return; one that is not signed is marked as a draft across the page."""
    with translation.override("zh-hans"):
        return typeset(TEMPLATE, _printable(_paper(made, is_intact)))


def _paper(made: MonthlyReturn, is_intact: bool) -> dict[str, Any]:
    frozen = frozen_count(made)
    name, month = made.figures["name"], made.month
    day = timezone.localtime(made.signed_at or made.prepared_at)
    return {
        "title": f"{name}电商培训月报表（{month.year}年{month.month}月）",
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "office": f"填报地区：{name}（{made.county_code}）",
        "state": f"状态：{made.get_state_display()}",
        "stamp": "" if made.is_signed else "未签字",
        "warning": "" if is_intact else "表中数据与指纹不符，本表不能作为依据。",
        "sha256": made.sha256,
        "groups": [{"name": title, "columns": len(columns)} for title, columns in _FORM],
        "columns": [second for _title, columns in _FORM for second, _attribute in columns],
        "rows": [[row.label, *_cells(row)] for row in frozen.rows],
        "total": ["合计", *_cells(frozen.total)],
        "notes": [*_NOTES, f"3. 未结班在训 {frozen.total.in_training} 人次，不在表内。"],
        "lines": [_line(one) for one in corrections_of(made)],
        "signatures": _signatures(made),
    }


def _cells(row: CountRow) -> list[str]:
    values = [value_of(row, attribute) for _title, columns in _FORM for _second, attribute in columns]
    return [value if isinstance(value, str) else number_format(value) for value in values]


def _line(one: Correction) -> list[str]:
    of_class = f"{one.training_class.course.name} {one.training_class.label}"
    change = changes_in_words(one.change).replace(", ", "，") or "地区有变"
    return [f"{one.of_month:%Y-%m}", of_class, one.masked_name, change]


def _signatures(made: MonthlyReturn) -> list[list[str]]:
    rows = [
        ("填报人", made.prepared_by, made.prepared_at),
        ("审核人", made.checked_by, made.checked_at),
        ("负责人", made.signed_by, made.signed_at),
    ]
    return [
        [duty, str(who or ""), f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""]
        for duty, who, at in rows
    ]


def _printable(paper: dict[str, Any]) -> dict[str, Any]:
    """Put 〓 where the fonts have nothing: rare characters of a name shall not keep a return from print."""
    missing = dict.fromkeys(map(ord, unprintable_characters("".join(_texts(paper)))), "〓")
    missing.pop(ord("\n"), None)
    return _translated(paper, missing) if missing else paper


def _texts(piece: Any) -> list[str]:
    if isinstance(piece, str):
        return [piece]
    pieces = piece.values() if isinstance(piece, dict) else piece if isinstance(piece, list) else []
    return [text for one in pieces for text in _texts(one)]


def _translated(piece: Any, missing: dict[int, str]) -> Any:
    if isinstance(piece, str):
        return piece.translate(missing)
    if isinstance(piece, dict):
        return {name: _translated(one, missing) for name, one in piece.items()}
    return [_translated(one, missing) for one in piece] if isinstance(piece, list) else piece
