"""Somebody holds a paper: number and name, or the code on it, tell whether it is genuine."""

import subprocess
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from playwright.sync_api import Page, expect

from certificates.numbering import format_number
from certificates.services import issue_certificate, render_certificate
from tests.factories.certificates import EnrolmentFactory
from tests.forging import with_other_character
from tests.journeys.steps import follow
from tests.journeys.words import chinese

pytestmark = pytest.mark.browser

GENUINE = chinese("This certificate is genuine and valid.")
UNKNOWN = chinese("We have no certificate with this number and name.")


@pytest.fixture
def certificate(live_site):
    """A printed certificate of 学员甲."""
    with transaction.atomic():  # printed before a worker can hear of it
        certificate = issue_certificate(enrolment=EnrolmentFactory(completed=True, person__name="学员甲"))
        render_certificate(certificate_id=certificate.pk)
    certificate.refresh_from_db()
    return certificate


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def visitor(new_context, request) -> Page:
    """Somebody who is not signed in, with and without JavaScript."""
    return new_context(java_script_enabled=request.param).new_page()


def test_number_and_name_show_the_paper_and_anything_else_the_same_no(
    visitor, certificate, assert_accessible
):
    visitor.goto("/")
    follow(visitor.get_by_role("link", name=chinese("Verify", context="navigation"), exact=True).first)
    assert_accessible(visitor)

    _ask(visitor, certificate.number, "员甲")
    expect(visitor.get_by_text(GENUINE)).to_be_visible()
    facts = visitor.locator("main dl").inner_text()
    assert certificate.number in facts
    assert "学员甲" not in facts
    assert_accessible(visitor)

    another_seat = format_number(kind="H", county_code="431125", year=2026, class_number=1, seat=4711)
    answers = []
    for number, name_end in ((certificate.number, "员乙"), (another_seat, "员甲")):
        visitor.goto("/verify/")
        _ask(visitor, number, name_end)
        expect(visitor.get_by_text(UNKNOWN)).to_be_visible()
        assert_accessible(visitor)
        answers.append(visitor.get_by_role("alert").inner_text())
    assert answers[0] == answers[1]


def test_altered_number_is_refused_before_anything_is_looked_up(visitor, certificate, assert_accessible):
    """The check character catches a changed digit; the answer does not depend on what is on record."""
    altered = certificate.number.replace("-2026-", "-2025-")

    visitor.goto("/verify/")
    _ask(visitor, altered, "员甲")

    expect(
        visitor.get_by_text(
            chinese("This is not a certificate number. Please compare each character with the paper.")
        )
    ).to_be_visible()
    expect(visitor.get_by_text(GENUINE)).to_be_hidden()
    assert_accessible(visitor)


def test_code_on_the_paper_leads_to_its_page(visitor, certificate, tmp_path, assert_accessible):
    address = _scan(certificate, tmp_path)
    assert address.startswith(settings.SITE_URL)
    parts = urlsplit(address)

    visitor.goto(f"{parts.path}?{parts.query}")

    expect(visitor.get_by_text(GENUINE)).to_be_visible()
    assert_accessible(visitor)
    forged = visitor.goto(f"{parts.path}?{with_other_character(parts.query)}")
    assert forged is not None
    assert forged.status == 404
    expect(visitor.get_by_text(UNKNOWN)).to_be_visible()
    assert_accessible(visitor)


def _ask(page: Page, number: str, name_end: str) -> None:
    page.get_by_label(chinese("Certificate number")).fill(number)
    page.get_by_label(chinese("Last two characters of the name")).fill(name_end)
    follow(page.get_by_role("button", name=chinese("Check"), exact=True))


def _scan(certificate, folder) -> str:
    """Return what a phone's camera reads off the printed page."""
    pdf = folder / "paper.pdf"
    with certificate.pdf.open("rb") as kept:
        pdf.write_bytes(kept.read())
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", pdf, folder / "paper"], check=True)
    command = ["zbarimg", "--quiet", "--raw", folder / "paper.png"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
