"""The monthly return on paper: the form's columns, who signed, what was found out later, the fingerprint."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.utils import translation
from pypdf import PdfReader

from county.return_pdf import return_pdf
from county.services import check_return, prepare_return, sign_return
from tests.factories.certificates import attend, noon
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
A4_ACROSS = (842, 595)


@pytest.fixture
def signers(db):
    names = ("填表甲", "审核乙", "负责丙")
    return [UserFactory(username=f"s{n}", display_name=name) for n, name in enumerate(names)]


@pytest.fixture
def enrolment(make_class, make_trained):
    april = make_class(starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 30))
    return make_trained(april, was_registered=True)


def filled_in(signers, month, now):
    return prepare_return(county_code="431125", month=month, by=signers[0], now=noon(now))


def signed(signers, month, now):
    made = filled_in(signers, month, now)
    check_return(monthly_return=made, by=signers[1], now=noon(now))
    return sign_return(monthly_return=made, by=signers[2], now=noon(now))


def text_of(paper):
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages))


def test_signed_return_is_a_page_across_with_the_form_signatures_and_fingerprint(signers, enrolment):
    made = signed(signers, date(2026, 4, 1), "2026-05-03")

    with translation.override("en"):
        paper = return_pdf(made, is_intact=True)

    [page] = PdfReader(BytesIO(paper)).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == A4_ACROSS
    text = text_of(paper)
    assert "江永县电商培训月报表（2026年4月）" in text
    for heading in ("报名时建档立卡", "含已脱贫", "监测对象", "转化/", "身份", "重复", "潇浦镇", "合计"):
        assert heading in text
    assert all(name in text for name in ("填报人填表甲", "审核人审核乙", "负责人负责丙"))
    assert made.sha256 in text
    assert "对以前月份的更正：无" in text
    assert "未签字" not in text


def test_later_line_is_printed_with_its_month_and_the_name_masked(signers, enrolment):
    signed(signers, date(2026, 4, 1), "2026-05-03")
    attend(enrolment, -45, "2026-04-03")

    text = text_of(return_pdf(signed(signers, date(2026, 5, 1), "2026-06-03"), is_intact=True))

    assert "2026-04" in text
    assert "人次−1" in text
    assert enrolment.person.name not in text


def test_what_is_not_signed_says_so_across_the_page(signers, enrolment):
    made = filled_in(signers, date(2026, 4, 1), "2026-05-03")

    text = text_of(return_pdf(made, is_intact=False))

    assert "未签字" in text
    assert "与指纹不符" in text


def test_same_return_is_the_same_file_and_a_rare_character_does_not_stop_it(signers, enrolment):
    signers[0].display_name = "甲\U000323ff"
    signers[0].save()
    made = signed(signers, date(2026, 4, 1), "2026-05-03")

    first, second = (return_pdf(made, is_intact=True) for _ in range(2))

    assert first == second
    assert "甲〓" in text_of(first)
