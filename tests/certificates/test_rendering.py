import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from pypdf import PdfReader

from certificates.errors import UnprintableText
from certificates.rendering import Look, Sheet, render_pdf
from certificates.wording import FOOTER
from registry.typesetting import unprintable_characters

NUMBER = "H431125-2026-0012-0037-H"
ADDRESS = f"https://cunbo.example/verify/{NUMBER}/?k=ABCDEFGHIJKL"
RARE = "䶮𬭎㛃𬍛𪟝𬸣𠅤𠮷·"
PRINTED = {
    "name": "学员甲",
    "sex": "F",
    "birth_year": 1972,
    "course_code": "PKG-24",
    "course_name": "农产品包装",
    "course_name_en": "Packaging farm produce",
    "class_label": "2026-0012",
    "studied_from": "2026-03-03",
    "studied_until": "2026-03-28",
    "hours": "24.00",
    "planned_hours": "24.00",
    "practical": "85.50",
    "body": "江永县电子商务公共服务中心",
    "body_en": "Jiangyong County E-commerce Public Service Centre",
    "issued_on": "2026-03-28",
}


def pdf_of(**changes):
    return render_pdf(sheet_of(**changes))


def sheet_of(look=None, **changes):
    return Sheet(
        printed=PRINTED | changes,
        number=NUMBER,
        verify_page="https://cunbo.example/verify/",
        verify_address=ADDRESS,
        look=look or Look(),
    )


def text_of(pdf):
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return run.stdout.decode()


def test_certificate_says_what_was_earned():
    text = re.sub(r"\s", "", text_of(pdf_of()))

    for expected in [
        "结业证书",
        "CertificateofCompletion",
        NUMBER,
        "学员甲",
        "1972年生",
        "于2026年3月3日至2026年3月28日",
        "《农产品包装》",
        "PKG-24",
        "2026-0012",
        "24学时",
        "85.5分",
        "准予结业",
        "江永县电子商务公共服务中心",
        "28March2026",
        FOOTER,
    ]:
        assert expected in text


def test_certificate_is_one_tagged_archive_page():
    reader = PdfReader(BytesIO(pdf_of()))
    root = reader.trailer["/Root"]

    assert len(reader.pages) == 1
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("zh")
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>U</pdfaid:conformance>" in metadata
    assert str(reader.metadata.creation_date).startswith("2026-03-28")


def test_same_certificate_has_the_same_bytes():
    with ThreadPoolExecutor(4) as pool:
        files = set(pool.map(lambda _: pdf_of(), range(8)))

    assert len(files) == 1


@pytest.mark.parametrize(
    "name", [RARE, "阿卜杜拉·买买提", '#strong[甲] $x$ \\ "乙" *丙*', "学员" * 25, "甲" * 100]
)
def test_name_comes_back_from_the_paper(name):
    pdf = pdf_of(name=name)

    assert re.sub(r"\s", "", name) in re.sub(r"\s", "", text_of(pdf))
    assert len(PdfReader(BytesIO(pdf)).pages) == 1


def test_longest_titles_stay_on_one_page():
    pdf = pdf_of(name="甲" * 100, course_name="包" * 80, course_name_en="Packaging " * 12, body="中心" * 20)

    assert len(PdfReader(BytesIO(pdf)).pages) == 1


def test_person_without_sex_and_birth_year_has_no_empty_words():
    assert "None" not in text_of(pdf_of(sex="", birth_year=None))


def test_code_leads_to_the_check_page(tmp_path):
    (tmp_path / "paper.pdf").write_bytes(pdf_of())
    subprocess.run(["pdftoppm", "-r", "150", "-png", tmp_path / "paper.pdf", tmp_path / "paper"], check=True)

    run = subprocess.run(
        ["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", tmp_path / "paper-1.png"],
        capture_output=True,
    )

    assert run.stdout.decode().strip() == ADDRESS


def test_character_without_a_glyph_stops_the_printing():
    with pytest.raises(UnprintableText) as refused:
        pdf_of(name="学\ue000员\U000323af\ue000")

    assert refused.value.characters == "\ue000\U000323af"


def test_control_characters_are_not_printed():
    assert unprintable_characters("甲\x00\u202e乙") == "\x00\u202e"


def test_rare_characters_of_names_are_printable():
    assert unprintable_characters(RARE) == ""
