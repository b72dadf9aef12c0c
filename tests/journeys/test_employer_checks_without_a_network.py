"""The page that was opened once checks codes without a network, and says how old its list is."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from certificates.addresses import code_address
from certificates.models import Certificate
from certificates.services import init_signing, issue_certificate, render_certificate
from tests.factories.certificates import EnrolmentFactory
from tests.journeys.words import chinese

pytestmark = pytest.mark.browser

GENUINE = chinese("This code is genuine. Compare every line with the paper.")
REVOKED = chinese("This certificate was revoked and no longer holds.")
ALTERED = chinese("This code is not ours, or was altered. Do not rely on the paper.")
AGE = chinese("List of revoked certificates as of")
OLD = chinese("The list is older than 30 days: check again with a network.")
# The worker has everything it needs when it takes the page over.
KEPT = """() => new Promise((kept) => {
    if (navigator.serviceWorker.controller) kept();
    else navigator.serviceWorker.addEventListener("controllerchange", () => kept(), { once: true });
})"""


@pytest.fixture
def papers(live_site):
    """Two printed certificates; the second was revoked."""
    init_signing()
    with transaction.atomic():  # printed before a worker can hear of them
        papers = [
            issue_certificate(enrolment=EnrolmentFactory(completed=True, person__name=name))
            for name in ("学员甲", "学员𠮷")
        ]
        for paper in papers:
            render_certificate(certificate_id=paper.pk)
    revoke(papers[1])
    for paper in papers:
        paper.refresh_from_db()
    return papers


def revoke(paper: Certificate) -> None:
    changes = {"state": "revoked", "state_reason": "red_line", "state_since": timezone.now()}
    Certificate.objects.filter(pk=paper.pk).update(**changes)


def read_by_a_scanner(paper: Certificate) -> str:
    return code_address(paper.number, paper.version, paper.code)


def paste(page: Page, text: str) -> None:
    page.get_by_label(chinese("Or paste what a scanner read")).fill(text)
    page.get_by_role("button", name=chinese("Check"), exact=True).click()


def test_codes_are_checked_offline_with_the_list_as_it_was(papers, new_context, assert_accessible):
    context = new_context()
    page = context.new_page()
    valid, revoked = papers
    page.goto("/verify/offline/")
    page.evaluate(KEPT)

    context.set_offline(True)
    revoke(valid)  # which a phone without a network cannot know
    page.reload()
    paste(page, read_by_a_scanner(valid))
    expect(page.get_by_text(GENUINE)).to_be_visible()
    expect(page.get_by_text("学员甲")).to_be_visible()
    expect(page.get_by_text(AGE)).to_be_visible()
    assert_accessible(page)
    paste(page, read_by_a_scanner(revoked))
    expect(page.get_by_text(REVOKED)).to_be_visible()
    code = read_by_a_scanner(valid)
    paste(page, f"{code[:-100]}{'A' if code[-100] != 'A' else 'B'}{code[-99:]}")
    expect(page.get_by_text(ALTERED)).to_be_visible()

    page.clock.set_fixed_time(timezone.now() + timedelta(days=31))
    scanned = urlsplit(read_by_a_scanner(valid))
    page.goto(f"{scanned.path}?{scanned.query}#{scanned.fragment}")
    expect(page.get_by_text(GENUINE)).to_be_visible()
    expect(page.get_by_text(OLD)).to_be_visible()

    context.set_offline(False)
    page.clock.set_fixed_time(timezone.now())
    page.goto("/verify/offline/")
    paste(page, read_by_a_scanner(valid))
    expect(page.get_by_text(REVOKED)).to_be_visible()
    expect(page.get_by_text(OLD)).to_be_hidden()
