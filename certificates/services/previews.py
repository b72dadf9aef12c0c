"""What a template looks like on people who do not exist, and on the last paper that was issued."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from certificates.addresses import code_address, verify_page
from certificates.models import Certificate, CertificateTemplate, PaperKind
from certificates.rendering import Look, Sheet
from certificates.services.issuing import RESULTS

SAMPLES: dict[str, str | Promise] = {
    "usual": _("A usual name"),
    "long": _("A name of 50 characters and a long course title"),
    "rare": _("Rare characters"),
    "reissued": _("Issued anew"),
    "real": _("The last paper issued"),
}
_NAMES = {"long": "学员甲乙丙丁戊己庚辛" * 5, "rare": "䶮𬭎𠮷·㛃𪟝"}
_NUMBER = "2026-0001-0001"
_LONG = "农产品电商直播与短视频运营综合实训（包装、摄影、话术、选品、打包发货与售后服务）"
_LONG_EN = "Integrated Practical Training in E-commerce Livestreaming, Photography, Packaging and After-Sales"


def preview_sheet(
    county_code: str,
    kind: str,
    sample: str,
    wording: dict[str, Any],
    template: CertificateTemplate | None,
    pictures: Mapping[str, bytes] | None = None,
) -> Sheet:
    """Return the sheet of a sample; an unknown one, or no paper issued yet, is the usual.

    `pictures` are those chosen and not saved yet, empty for none; the others are the template's.
    """
    last = None
    if sample == "real":
        last = Certificate.objects.filter(county_code=county_code, kind=kind).order_by("-issued_at").first()
    number = last.number if last else f"{kind}{county_code}-{_NUMBER}-0"
    return Sheet(
        printed=last.printed if last else _sample(county_code, kind, sample),
        number=number,
        verify_page=verify_page(),
        verify_address=code_address(number, 1, "c1." + "A" * 250),
        look=Look(wording, **{**_pictures(template), **(pictures or {})}),
    )


def _pictures(template: CertificateTemplate | None) -> dict[str, bytes]:
    found = {}
    for name in ("seal", "background"):
        stored = getattr(template, name, None)
        if stored:
            with stored.open("rb") as file:
                found[name] = file.read()
    return found


def _sample(county_code: str, kind: str, sample: str) -> dict[str, Any]:
    is_long = sample == "long"
    printed = {
        "name": _NAMES.get(sample, "学员甲"),
        "sex": "F",
        "birth_year": 1968,
        "course_code": "PKG-24",
        "course_name": _LONG if is_long else "农产品包装",
        "course_name_en": _LONG_EN if is_long else "Packaging farm produce",
        "class_label": "2026-0001",
        "class_starts_on": "2026-03-02",
        "class_ends_on": "2026-03-28",
        "studied_from": "2026-03-02",
        "studied_until": "2026-03-28",
        "hours": "24.00",
        "planned_hours": "24.00",
        "practical": "" if kind == PaperKind.ATTENDANCE else "85.50",
        "result": RESULTS[PaperKind(kind)],
        "body": "示例县电子商务公共服务中心",
        "body_en": "Sample County E-commerce Public Service Centre",
        "county_code": county_code,
        "issued_on": "2026-03-30",
    }
    return printed | ({"reissued_on": "2026-06-01"} if sample == "reissued" else {})
