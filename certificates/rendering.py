"""From the frozen fields of a certificate to its sheet (PDF/A-2u, tagged). Pure: no database, no clock.

The same fields, wording, number, code and fonts give the same bytes. Text reaches the document as JSON,
never as markup. A character that no font holds stops the printing: a box is not a name.

PDF/A rests on the checks of the typesetter itself; no independent validator was at hand.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from certificates.errors import UnprintableText
from certificates.wording import BLANKS, BLANKS_EN, DEFAULTS, FOOTER, FOOTER_EN, filled
from registry.typesetting import picture, qr_picture, typeset, unprintable_characters

TEMPLATE = Path(__file__).parent / "typst" / "certificate.typ"


@dataclass(frozen=True)
class Look:
    """What a design adds to the fields: its wording and its pictures (PNG)."""

    wording: dict[str, Any] = field(default_factory=lambda: DEFAULTS["H"])
    seal: bytes = b""
    background: bytes = b""


@dataclass(frozen=True)
class Sheet:
    """One paper to print: the frozen fields, its number and where it can be checked."""

    printed: dict[str, Any]
    number: str
    verify_page: str
    verify_address: str
    look: Look = field(default_factory=Look)


def render_pdf(sheet: Sheet) -> bytes:
    """Return the PDF of a sheet. Raises `UnprintableText` naming the characters."""
    return typeset(TEMPLATE, _whole_paper(sheet))


def render_png(sheet: Sheet) -> bytes:
    """Return a picture of a sheet, for the preview. Raises `UnprintableText`."""
    return picture(TEMPLATE, _whole_paper(sheet))


def _whole_paper(sheet: Sheet) -> dict[str, Any]:
    paper = _paper(sheet)
    missing = unprintable_characters("".join(value for value in paper.values() if isinstance(value, str)))
    if missing:
        raise UnprintableText(missing)
    pictures = {"seal": list(sheet.look.seal), "background": list(sheet.look.background)}
    return paper | {"qr": qr_picture(sheet.verify_address)} | pictures


def _paper(sheet: Sheet) -> dict[str, Any]:
    printed, wording = sheet.printed, sheet.look.wording
    issued = date.fromisoformat(printed.get("reissued_on") or printed["issued_on"])
    languages = wording["languages"]
    return {
        "document_title": f"{wording['title']} {sheet.number}",
        "languages": languages,
        "title": wording["title"] if languages != "en" else "",
        "title_en": wording["title_en"] if languages != "zh" else "",
        "number": sheet.number,
        "number_label": "Certificate No." if languages == "en" else "证书编号",
        "reissue": ("Reissued" if languages == "en" else "补") if printed.get("reissued_on") else "",
        "name": printed["name"],
        "about": _about(printed, languages),
        "statement": filled(wording["body"], BLANKS, _values(printed, _chinese_date)),
        "statement_en": filled(wording["body_en"], BLANKS_EN, _values(printed, _english_date)),
        "signatory": wording["signatory"],
        "signatory_en": wording["signatory_en"],
        "body": printed["body"],
        "body_en": printed["body_en"],
        "issued": {"year": issued.year, "month": issued.month, "day": issued.day},
        "issued_text": _chinese_date(issued),
        "issued_text_en": _english_date(issued),
        "check_text": f"扫码核验，或打开 {sheet.verify_page} 填写证书编号和姓名的后两个字。",
        "check_text_en": "Scan to verify, or enter the number and the last two characters of the name"
        + (" there." if languages == "both" else f" at {sheet.verify_page}"),
        "footer": FOOTER,
        "footer_en": FOOTER_EN,
    }


def _values(printed: dict[str, Any], written: Any) -> dict[str, str]:
    dates = {key: written(date.fromisoformat(printed[key])) for key in ("studied_from", "studied_until")}
    numbers = {key: plain(printed[key]) for key in ("hours", "planned_hours", "practical")}
    return {**{key: str(value) for key, value in printed.items()}, **dates, **numbers}


def _about(printed: dict[str, Any], languages: str) -> str:
    chinese, english = languages != "en", languages != "zh"
    words = {"F": ("女", "female"), "M": ("男", "male")}.get(printed["sex"], ("", ""))
    year = printed["birth_year"]
    born = (f"{year} 年生", f"born {year}") if year else ("", "")
    pairs = [
        " ".join(part for part, wanted in zip(pair, (chinese, english), strict=True) if part and wanted)
        for pair in (words, born)
    ]
    return "　".join(pair for pair in pairs if pair)


def plain(number: str) -> str:
    """Return a decimal without needless zeros: 24.00 is 24, 85.50 is 85.5."""
    return f"{Decimal(number):f}".rstrip("0").rstrip(".") if "." in number else number


def _chinese_date(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _english_date(day: date) -> str:
    months = "January February March April May June July August September October November December"
    return f"{day.day} {months.split()[day.month - 1]} {day.year}"
