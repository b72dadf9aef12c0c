"""The county office loads its list: a rehearsal first, then the import; bad rows come back with reasons."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from registry.demo_roster import BAD_KINDS, demo_id_number, write_demo_roster
from registry.models import Membership, Person, RosterImport, StatusPeriod
from registry.roster.problems import problem_from
from tests.journeys.steps import follow
from tests.journeys.words import chinese

pytestmark = [pytest.mark.browser, pytest.mark.worker]

REHEARSAL = chinese(
    "This is a rehearsal: nothing has been written yet. These are the changes the import will make."
)
# What puts each kind of bad row right, given its number among the refused.
CORRECTIONS = {
    **dict.fromkeys(
        ("id_not_text", "id_wrong_length", "id_bad_date", "id_future_date", "id_bad_check", "duplicate"),
        lambda number: {"证件号码": demo_id_number(date(1980, 5, number + 1), 900 + number)},
    ),
    "name_missing": lambda _number: {"姓名": "学员补"},
    "household_missing": lambda _number: {"户编号": "431125990001"},
    "village_unknown": lambda _number: {"乡": "潇浦镇", "行政村": "四方井社区居委会"},
    "county_other": lambda _number: {"县": "江永县"},
    "status_unknown": lambda _number: {"脱贫属性": "稳定脱贫"},
}


def test_office_imports_200_people_and_gets_11_kinds_of_bad_rows_back(
    new_context, celery_worker_process, office_user, tmp_path, assert_accessible
):
    page = new_context(viewport={"width": 1280, "height": 800}).new_page()
    roster = tmp_path / "名册.xlsx"
    write_demo_roster(roster, people=200, bad_rows=len(BAD_KINDS))
    _sign_in_as_staff(page, office_user, assert_accessible)

    _upload(page, roster, assert_accessible)

    expect(page.get_by_text(REHEARSAL)).to_be_visible()
    assert _counts(page) == {"Rows": 211, "Accepted": 200, "Refused": 11, "New people": 200}
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

    workbook = openpyxl.load_workbook(_download_refused(page, tmp_path))
    assert _reasons(workbook) == [f"{problem.column}：{problem.message}" for problem in refused]

    _correct(workbook, [problem.code for problem in refused])
    workbook.save(tmp_path / "更正.xlsx")
    _import(page, tmp_path / "更正.xlsx", assert_accessible)
    assert _counts(page) == {"Rows": 11, "Accepted": 11, "Refused": 0, "New people": 11}
    assert Person.objects.count() == 211

    before = _on_record()
    _import(page, roster, assert_accessible)
    assert _counts(page) == {"Rows": 211, "Accepted": 200, "Refused": 11, "New people": 0}
    assert _on_record() == before
    follow(page.get_by_role("link", name=chinese("Back to the lists")))
    expect(page.get_by_role("row")).to_have_count(1 + 3)
    assert_accessible(page)


def _sign_in_as_staff(page: Page, user, assert_accessible) -> None:
    page.goto("/account/staff/?next=/admin/rosters/")
    assert_accessible(page)
    page.get_by_label(chinese("User name or mobile number")).fill(user.username)
    page.locator("[name=password]").fill("cunbo-test")
    follow(page.locator("main form button"))
    expect(page.get_by_text(chinese("No list has been imported yet"))).to_be_visible()
    assert_accessible(page)


def _upload(page: Page, path, assert_accessible) -> None:
    page.goto("/admin/rosters/upload/")
    assert_accessible(page)
    page.locator("[name=file]").set_input_files(path)
    page.locator("[name=as_of]").fill("2025-12-31")
    page.get_by_role("button", name=chinese("Upload and check")).click()


def _import(page: Page, path, assert_accessible) -> None:
    _upload(page, path, assert_accessible)
    page.locator("form.roster__apply button").click()
    expect(page.get_by_text(chinese("applied"), exact=True)).to_be_visible()


def _counts(page: Page) -> dict[str, int]:
    """Return the figures of the outcome by the name they have in English."""
    names = ("Rows", "Accepted", "Refused", "New people")
    figure = page.locator(".roster__counts div")
    return {
        name: int(
            figure.filter(has=page.get_by_text(chinese(name), exact=True)).locator("dd").text_content() or ""
        )
        for name in names
    }


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


def _download_refused(page: Page, folder):
    with page.expect_download() as waiting:
        page.get_by_role("link", name=chinese("Download the refused rows")).click()
    path = folder / "退回.xlsx"
    waiting.value.save_as(path)
    return path


def _reasons(workbook) -> list[str]:
    header, *rows = workbook.active.iter_rows(values_only=True)
    return [row[header.index("退回原因")] for row in rows]


def _correct(workbook, codes: list[str]) -> None:
    header = [cell.value for cell in workbook.active[1]]
    for number, code in enumerate(codes):
        for column, value in CORRECTIONS[code](number).items():
            workbook.active.cell(row=number + 2, column=header.index(column) + 1, value=value)


def _on_record() -> list[list[dict]]:
    return [list(model.objects.order_by("pk").values()) for model in (Person, Membership, StatusPeriod)]
