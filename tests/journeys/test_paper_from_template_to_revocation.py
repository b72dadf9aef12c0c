"""A paper's whole life: drawn, approved, issued to a class, downloaded, verified, revoked."""

import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from certificates.models import Certificate
from certificates.services import init_signing
from registry.services import appoint
from tests.chromium import DESK
from tests.factories.certificates import EnrolmentFactory, TrainingClassFactory, place
from tests.factories.registry import UserFactory
from tests.journeys.steps import follow, reload_until_visible
from tests.journeys.words import chinese
from tests.permissions.actors import SINCE

pytestmark = [pytest.mark.browser, pytest.mark.worker]
TEMPLATE = "/admin/certificates/templates/431125/H/"


@pytest.fixture
def desk(new_context, sign_in):
    """A function that opens the admin as somebody appointed to a role in the county."""

    def open_desk(role: str) -> Page:
        user = UserFactory(display_name=role)
        appoint(user=user, role=role, region=place("431125", "江永县").region, since=SINCE)
        context = new_context(viewport=DESK)
        sign_in(context, user)
        return context.new_page()

    return open_desk


@pytest.fixture
def training_class(live_site):
    """A closed taught class in which two people completed."""
    init_signing()
    training_class = TrainingClassFactory(closed=True, taught=True)
    for number, name in enumerate(("学员甲", "学员𠮷")):
        person = {"person__name": name, "person__user": UserFactory(display_name=name)}
        EnrolmentFactory(
            completed=True, training_class=training_class, **person, person__birth_year=1960 + number
        )
    return training_class


def scanned(pdf: Path, folder: Path) -> str:
    subprocess.run(["pdftoppm", "-r", "200", "-png", pdf, folder / "sheet"], check=True)
    run = subprocess.run(
        ["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", folder / "sheet-1.png"],
        capture_output=True,
        check=True,
    )
    return run.stdout.decode().strip()


def test_paper_is_drawn_approved_issued_verified_and_revoked(
    desk, training_class, new_context, sign_in, celery_worker_process, assert_accessible, tmp_path
):
    clerk, office = desk("certificate_clerk"), desk("office")
    draw_and_approve(clerk, office, assert_accessible)
    issue_to(clerk, training_class)

    paper = Certificate.objects.get(seat=1)
    villager = new_context(accept_downloads=True)
    sign_in(villager, paper.person.user)
    file = download(villager.new_page(), tmp_path, assert_accessible)
    address = scanned(file, tmp_path)

    employer = new_context().new_page()
    verify(employer, file, address, assert_accessible)
    revoke(clerk, office, paper)

    asked = urlsplit(address)
    employer.goto(f"{asked.path}?{asked.query}")
    expect(employer.locator(".notice--error")).to_be_visible()
    employer.goto("/verify/offline/#" + address.partition("#")[2])
    revoked = chinese("This certificate was revoked and no longer holds.")
    expect(employer.get_by_text(revoked)).to_be_visible()


def draw_and_approve(clerk: Page, office: Page, assert_accessible) -> None:
    clerk.goto(TEMPLATE)
    clerk.get_by_label(chinese("title in Chinese")).fill("国家结业证书")
    expect(clerk.locator("[data-problems] li").first).to_contain_text("国家")
    clerk.get_by_label(chinese("title in Chinese")).fill("结业证书")
    clerk.get_by_label(chinese("signatory in Chinese")).fill("主任 示例乙")
    clerk.get_by_label(chinese("Show it on")).select_option("rare")
    expect(clerk.locator("[data-picture]")).to_have_attribute("src", re.compile("^blob:"))
    expect(clerk.locator("[data-problems] li")).to_have_count(0)
    assert_accessible(clerk, beside=(".sidebar", "[data-w-breadcrumbs]"))
    follow(clerk.get_by_role("button", name=chinese("Save"), exact=True))
    office.goto(TEMPLATE)
    follow(office.get_by_role("button", name=chinese("Approve what is shown here")))
    expect(office.locator("main")).to_contain_text("第 1 版")


def issue_to(clerk: Page, training_class) -> None:
    clerk.goto("/admin/certificates/")
    follow(clerk.get_by_role("link", name=training_class.label))
    follow(clerk.get_by_role("button", name="签发结业证书"))
    expect(clerk.locator("main")).to_contain_text("已办 2 人")
    clerk.goto(f"/admin/certificates/class/{training_class.uid}/")
    reload_until_visible(clerk, clerk.get_by_text("其中 2 份已制成"))
    assert Certificate.objects.filter(rendering="done", design__signatory="主任 示例乙").count() == 2


def download(page: Page, folder: Path, assert_accessible) -> Path:
    page.goto("/verify/mine/")
    assert_accessible(page)
    page.get_by_text(chinese("As a digital badge")).click()
    assert_accessible(page)
    with page.expect_download() as begun:
        page.get_by_role("link", name=chinese("Download (PDF)")).click()
    file = folder / "paper.pdf"
    begun.value.save_as(file)
    return file


def verify(page: Page, file: Path, address: str, assert_accessible) -> None:
    page.goto("/verify/")
    page.get_by_label(chinese("PDF of the certificate")).set_input_files(file)
    follow(page.get_by_role("button", name=chinese("Check the file")))
    expect(page.get_by_text(chinese("This certificate is genuine and valid."))).to_be_visible()
    assert_accessible(page)
    page.goto("/verify/offline/")
    page.get_by_label(chinese("Or paste what a scanner read")).fill(address)
    page.get_by_role("button", name=chinese("Check"), exact=True).click()
    genuine = chinese("This code is genuine. Compare every line with the paper.")
    expect(page.get_by_text(genuine)).to_be_visible()
    assert_accessible(page)


def revoke(clerk: Page, office: Page, paper: Certificate) -> None:
    clerk.goto(f"/admin/certificates/papers/{paper.uid}/revoke/")
    clerk.locator("[name=reason]").first.check()
    clerk.locator("[name=explanation]").fill("签到不实")
    follow(clerk.get_by_role("button", name=chinese("Propose"), exact=True))
    office.goto("/admin/certificates/revocations/")
    follow(office.get_by_role("link", name=paper.number))
    follow(office.get_by_role("button", name=chinese("Revoke"), exact=True))
    paper.refresh_from_db()
    assert paper.state == "revoked"
