"""The county office loads its list: a rehearsal first, then the import; bad rows come back with reasons."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from registry.demo_roster import BAD_KINDS, write_demo_roster
from registry.models import Membership, Person, RosterImport, StatusPeriod
from registry.roster.problems import problem_from
from tests.chromium import DESK
from tests.journeys.roster_steps import correct, counts, download_refused, sign_in_as_staff, upload
from tests.journeys.steps import follow
from tests.journeys.words import chinese

pytestmark = [pytest.mark.browser, pytest.mark.worker]

REHEARSAL = chinese(
    "This is a rehearsal: nothing has been written yet. These are the changes the import will make."
)
FIGURES = ("Rows", "Accepted", "Refused", "New people")


def test_office_imports_200_people_and_gets_11_kinds_of_bad_rows_back(
    new_context, celery_worker_process, office_user, tmp_path, assert_accessible
):
    page = new_context(viewport=DESK).new_page()
    roster = tmp_path / "名册.xlsx"
    write_demo_roster(roster, people=200, bad_rows=len(BAD_KINDS))
    sign_in_as_staff(page, office_user, assert_accessible)
    expect(page.get_by_text(chinese("No list has been imported yet"))).to_be_visible()
    assert_accessible(page)

    upload(page, roster, assert_accessible)

    expect(page.get_by_text(REHEARSAL)).to_be_visible()
    assert counts(page, *FIGURES) == {"Rows": 211, "Accepted": 200, "Refused": 11, "New people": 200}
    refused = _refused_rows()
    assert [problem.code for problem in refused] == list(BAD_KINDS)
    for problem in refused:
        row = page.get_by_role("row").filter(has=page.get_by_role("cell", name=str(problem.row), exact=True))
        expect(row).to_contain_text(problem.message)
    assert not Person.objects.exists()
    assert_accessible(page)

    with _held(celery_worker_process):
        page.get_by_role("button", name=re.compile("200")).click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        assert_accessible(page)
    expect(page.get_by_text(chinese("applied"), exact=True)).to_be_visible()
    assert Person.objects.count() == 200
    assert_accessible(page)

    workbook = openpyxl.load_workbook(download_refused(page, tmp_path))
    assert _reasons(workbook) == [f"{problem.column}：{problem.message}" for problem in refused]

    correct(workbook, [problem.code for problem in refused])
    workbook.save(tmp_path / "更正.xlsx")
    _import(page, tmp_path / "更正.xlsx", assert_accessible)
    assert counts(page, *FIGURES) == {"Rows": 11, "Accepted": 11, "Refused": 0, "New people": 11}
    assert Person.objects.count() == 211

    before = _on_record()
    _import(page, roster, assert_accessible)
    assert counts(page, *FIGURES) == {"Rows": 211, "Accepted": 200, "Refused": 11, "New people": 0}
    assert _on_record() == before
    follow(page.get_by_role("link", name=chinese("Back to the lists")))
    expect(page.get_by_role("row")).to_have_count(1 + 3)
    assert_accessible(page)


def _import(page: Page, path, assert_accessible) -> None:
    upload(page, path, assert_accessible)
    page.locator("form.roster__apply button").click()
    expect(page.get_by_text(chinese("applied"), exact=True)).to_be_visible()


def _refused_rows():
    problems = map(problem_from, RosterImport.objects.get().problems)
    return sorted((each for each in problems if each.severity == "error"), key=lambda each: each.row)


@contextmanager
def _held(worker) -> Iterator[None]:
    """Keep the worker from going on, so that its progress can be looked at."""
    os.killpg(worker.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(worker.pid, signal.SIGCONT)


def _reasons(workbook) -> list[str]:
    header, *rows = workbook.active.iter_rows(values_only=True)
    return [row[header.index("退回原因")] for row in rows]


def _on_record() -> list[list[dict]]:
    return [list(model.objects.order_by("pk").values()) for model in (Person, Membership, StatusPeriod)]
