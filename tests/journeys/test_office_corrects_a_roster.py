"""The office loads a list with sixty bad rows, corrects them, loads them again, and takes a list back.

ROSTER_PEOPLE=110166 walks it with a whole county.
"""

import os
import re

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from registry.demo_roster import write_demo_roster
from registry.models import AuditAction, AuditEntry, Household, Membership, Person, RosterImport, StatusPeriod
from registry.roster.problems import problem_from
from tests.chromium import DESK
from tests.journeys.roster_steps import correct, counts, download_refused, sign_in_as_staff, upload
from tests.journeys.steps import follow
from tests.journeys.words import chinese

pytestmark = [pytest.mark.browser, pytest.mark.worker]

PEOPLE = int(os.environ.get("ROSTER_PEOPLE", "1000"))
HOUSEHOLDS = PEOPLE * 35_554 // 110_166
BAD_ROWS = 60
PATIENCE = 15_000 + PEOPLE * 5  # milliseconds


def test_office_corrects_sixty_bad_rows_and_takes_a_list_back(
    new_context, celery_worker_process, office_user, tmp_path, assert_accessible
):
    page = new_context(viewport=DESK).new_page()
    page.set_default_timeout(PATIENCE)
    roster = tmp_path / "名册.xlsx"
    write_demo_roster(roster, people=PEOPLE, households=HOUSEHOLDS, bad_rows=BAD_ROWS)
    sign_in_as_staff(page, office_user, assert_accessible)

    upload(page, roster, assert_accessible)
    _wait_for(page, "checked")
    assert counts(page, "Rows", "Accepted", "Refused") == {
        "Rows": PEOPLE + BAD_ROWS,
        "Accepted": PEOPLE,
        "Refused": BAD_ROWS,
    }
    assert not Person.objects.exists()
    assert_accessible(page)
    _apply(page)
    assert Person.objects.count() == PEOPLE

    workbook = openpyxl.load_workbook(download_refused(page, tmp_path))
    correct(workbook, _codes_of_refused())
    workbook.save(tmp_path / "更正.xlsx")
    upload(page, tmp_path / "更正.xlsx", assert_accessible)
    _wait_for(page, "checked")
    assert counts(page, "Accepted", "Refused") == {"Accepted": BAD_ROWS, "Refused": 0}
    before = _on_record()
    _apply(page)
    assert Person.objects.count() == PEOPLE + BAD_ROWS

    follow(page.get_by_role("link", name=re.compile(chinese("Undo this import …"))))
    assert counts(page, "People removed", "New people who stay") == {
        "People removed": BAD_ROWS,
        "New people who stay": 0,
    }
    assert Person.objects.count() == PEOPLE + BAD_ROWS
    assert_accessible(page)
    page.get_by_role("button", name=chinese("Undo this import")).click()
    _wait_for(page, "undone")
    assert counts(page, "People removed") == {"People removed": BAD_ROWS}
    assert_accessible(page)
    assert _on_record() == before
    assert AuditEntry.objects.get(action=AuditAction.ROSTER_UNDONE).actor == office_user


def test_office_cancels_a_list_it_did_not_mean(
    new_context, celery_worker_process, office_user, tmp_path, assert_accessible
):
    page = new_context(java_script_enabled=False).new_page()
    write_demo_roster(tmp_path / "名册.xlsx", people=20, households=8)
    sign_in_as_staff(page, office_user, assert_accessible)
    upload(page, tmp_path / "名册.xlsx", assert_accessible)
    _wait_for(page, "checked")

    follow(page.get_by_role("button", name=chinese("Cancel this import")))

    expect(page.get_by_text(chinese("The import was cancelled. Nothing was changed."))).to_be_visible()
    assert_accessible(page)
    assert not Person.objects.exists()


def _wait_for(page: Page, state: str) -> None:
    """The page comes by itself, with a module or without."""
    shown = page.locator(".roster__about strong")
    expect(shown).to_have_text(chinese(state), timeout=PATIENCE)


def _apply(page: Page) -> None:
    page.locator("form.roster__apply button").click()
    _wait_for(page, "applied")


def _codes_of_refused() -> list[str]:
    problems = map(problem_from, RosterImport.objects.get().problems)
    refused = {each.row: each.code for each in problems if each.severity == "error"}
    return [code for _row, code in sorted(refused.items())]


def _on_record() -> list[list[dict]]:
    return [
        list(model.objects.order_by("pk").values()) for model in (Household, Membership, Person, StatusPeriod)
    ]
