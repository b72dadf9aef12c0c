"""From the frozen fields of a certificate to its PDF (PDF/A-2u, tagged). Pure: no database, no clock.

The same fields, number and fonts give the same bytes. Text reaches the document as JSON, never as
markup, and the fonts are taken by path, so what the machine has installed changes nothing but how many
rare characters can be printed. A character that no font holds stops the printing: a box is not a name.

PDF/A rests on the checks of the typesetter itself; no independent validator was at hand.
"""

import json
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any

import noto_cjk_sans_otc
import pylopdf_fonts_zh_cn
import segno
import typst
from fontTools.ttLib import TTFont

from certificates.errors import UnprintableText

TEMPLATE = Path(__file__).parent / "typst" / "certificate.typ"
FOOTER = "本证书为培训结业证明，不是国家职业资格证书或职业技能等级证书"
FOOTER_EN = (
    "This paper proves completed training."
    " It is not a state vocational qualification or skill-level certificate."
)

_one_at_a_time = Lock()  # the compiler refuses a second thread
_DEBIAN = Path("/usr/share/fonts")
# In order of preference: song type first, and the same wheel font first on every machine.
_FACES: list[tuple[str, Path]] = [
    ("Noto Serif SC", Path(pylopdf_fonts_zh_cn.serif_path())),
    ("Noto Serif CJK SC", _DEBIAN / "opentype" / "noto" / "NotoSerifCJK-Regular.ttc"),
    ("HanaMinA", _DEBIAN / "truetype" / "hanazono" / "HanaMinA.ttf"),
    ("HanaMinB", _DEBIAN / "truetype" / "hanazono" / "HanaMinB.ttf"),
    ("Noto Sans CJK SC", Path(str(files(noto_cjk_sans_otc) / noto_cjk_sans_otc.FONT_FILE))),
]


def unprintable_characters(text: str) -> str:
    """Return the characters of `text` that no font at hand can print, each once, in their order."""
    printable = _printable_code_points()
    return "".join(dict.fromkeys(c for c in text if ord(c) not in printable))


def render_pdf(printed: dict[str, Any], *, number: str, verify_page: str, verify_address: str) -> bytes:
    """Return the PDF of a certificate.

    `printed` holds the frozen fields (`services.printed_fields`), `verify_page` the address people type
    and `verify_address` the one in the QR code. Raises `UnprintableText` naming the characters.
    """
    paper = _paper(printed, number, verify_page)
    missing = unprintable_characters("".join(value for value in paper.values() if isinstance(value, str)))
    if missing:
        raise UnprintableText(missing)
    paper |= {"qr": _qr(verify_address), "fonts": [family for family, _ in _faces()]}
    inputs = {"paper": json.dumps(paper, ensure_ascii=False)}
    with _one_at_a_time:
        pdf = _compiler().compile(format="pdf", sys_inputs=inputs, pdf_standards="a-2u")
    assert isinstance(pdf, bytes)  # noqa: S101 - one document; the binding's type allows a list
    return pdf


def _paper(printed: dict[str, Any], number: str, verify_page: str) -> dict[str, Any]:
    issued = date.fromisoformat(printed["issued_on"])
    return {
        "document_title": f"结业证书 {number}",
        "title": "结业证书",
        "title_en": "Certificate of Completion",
        "number": number,
        "name": printed["name"],
        "about": _about(printed),
        "statement": _statement(printed),
        "statement_en": _statement_en(printed),
        "body": printed["body"],
        "body_en": printed["body_en"],
        "issued": {"year": issued.year, "month": issued.month, "day": issued.day},
        "issued_text": _chinese_date(issued),
        "issued_text_en": _english_date(issued),
        "check_text": f"扫码核验，或打开 {verify_page} 填写证书编号和姓名的后两个字。",
        "check_text_en": "Scan to verify, or enter the number and the last two characters of the name there.",
        "footer": FOOTER,
        "footer_en": FOOTER_EN,
    }


def _about(printed: dict[str, Any]) -> str:
    words = {"F": "女 female", "M": "男 male"}
    born = f"{printed['birth_year']} 年生 born {printed['birth_year']}" if printed["birth_year"] else ""
    return "　".join(part for part in (words.get(printed["sex"], ""), born) if part)


def _statement(printed: dict[str, Any]) -> str:
    first, last = (date.fromisoformat(printed[key]) for key in ("studied_from", "studied_until"))
    return (
        f"于{_chinese_date(first)}至{_chinese_date(last)}参加《{printed['course_name']}》课程"
        f"（{printed['course_code']}，第 {printed['class_label']} 期培训班）的学习，"
        f"完成 {plain(printed['hours'])} 学时，实操成绩 {plain(printed['practical'])} 分，准予结业。"
    )


def _statement_en(printed: dict[str, Any]) -> str:
    first, last = (date.fromisoformat(printed[key]) for key in ("studied_from", "studied_until"))
    return (
        f"has completed the course {printed['course_name_en']} ({printed['course_code']}, class"
        f" {printed['class_label']}) from {_english_date(first)} to {_english_date(last)} with"
        f" {plain(printed['hours'])} class hours of 45 minutes and a practical mark of"
        f" {plain(printed['practical'])} out of 100."
    )


def plain(number: str) -> str:
    """Return a decimal without needless zeros: 24.00 is 24, 85.50 is 85.5."""
    return f"{Decimal(number):f}".rstrip("0").rstrip(".") if "." in number else number


def _chinese_date(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _english_date(day: date) -> str:
    months = "January February March April May June July August September October November December"
    return f"{day.day} {months.split()[day.month - 1]} {day.year}"


def _qr(address: str) -> dict[str, Any]:
    """Return the code as 8-bit grey pixels with the quiet zone of four modules.

    A module is 4 x 4 pixels: PDF readers blur a picture that they must enlarge more.
    """
    rows = list(segno.make(address, error="m", micro=False).matrix_iter(scale=4, border=4))
    return {"size": len(rows), "pixels": [0 if module else 255 for row in rows for module in row]}


def _faces() -> list[tuple[str, Path]]:
    return [(family, path) for family, path in _FACES if path.exists()]


@lru_cache(maxsize=1)
def _printable_code_points() -> frozenset[int]:
    points: set[int] = set()
    for _, path in _faces():
        with TTFont(path, fontNumber=0, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """Return the one compiler of this process; it keeps the parsed fonts."""
    folders = list(dict.fromkeys(str(path.parent) for _, path in _faces()))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(input=str(TEMPLATE), font_paths=fonts)
