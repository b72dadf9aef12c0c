"""What an officer does with a list on the office's pages, and with the workbook of refused rows."""

from datetime import date, timedelta
from pathlib import Path

import openpyxl
from playwright.sync_api import Page

from registry.demo_roster import demo_id_number
from registry.services import set_demo_second_factor
from tests.journeys.steps import follow
from tests.journeys.words import chinese

CUT_OFF = "2025-12-31"


def _new_number(number: int) -> dict[str, str]:
    return {"证件号码": demo_id_number(date(1980, 5, 1) + timedelta(days=number), 900 + number % 100)}


# What puts each kind of bad row right, given its number among the refused.
CORRECTIONS = {
    **dict.fromkeys(
        ("id_not_text", "id_wrong_length", "id_bad_date", "id_future_date", "id_bad_check", "duplicate"),
        _new_number,
    ),
    "name_missing": lambda _number: {"姓名": "学员补"},
    "household_missing": lambda number: {"户编号": f"43112599{number:04d}"},
    "village_unknown": lambda _number: {"乡": "潇浦镇", "行政村": "四方井社区居委会"},
    "county_other": lambda _number: {"县": "江永县"},
    "status_unknown": lambda _number: {"脱贫属性": "稳定脱贫"},
}


def sign_in_as_staff(page: Page, user, assert_accessible) -> None:
    """Sign in with the password and the code of the demo's app, and land on the list of rosters."""
    set_demo_second_factor(user=user)
    page.goto("/account/staff/?next=/admin/rosters/")
    assert_accessible(page)
    page.get_by_label(chinese("User name or mobile number")).fill(user.username)
    page.locator("[name=password]").fill("cunbo-test")
    follow(page.locator("main form button"))
    page.locator("[name=code]").fill(page.locator("[data-demo-code]").inner_text())
    follow(page.get_by_role("button", name=chinese("Sign in"), exact=True))


def upload(page: Page, path: Path, assert_accessible) -> None:
    """Choose the file, give its cut-off date, send it."""
    page.goto("/admin/rosters/upload/")
    assert_accessible(page)
    page.locator("[name=file]").set_input_files(path)
    page.locator("[name=as_of]").fill(CUT_OFF)
    page.get_by_role("button", name=chinese("Upload and check")).click()


def counts(page: Page, *names: str) -> dict[str, int]:
    """Return figures of the page by the name they have in English."""
    figure = page.locator(".roster__counts div")
    return {
        name: int(
            figure.filter(has=page.get_by_text(chinese(name), exact=True)).locator("dd").text_content() or ""
        )
        for name in names
    }


def download_refused(page: Page, folder: Path) -> Path:
    """Download the workbook of refused rows."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=chinese("Download the refused rows")).click()
    path = folder / "退回.xlsx"
    waiting.value.save_as(path)
    return path


def correct(workbook: openpyxl.Workbook, codes: list[str]) -> None:
    """Put right the refused rows, each wrong in the way of its code."""
    header = [cell.value for cell in workbook.active[1]]
    for number, code in enumerate(codes):
        for column, value in CORRECTIONS[code](number).items():
            workbook.active.cell(row=number + 2, column=header.index(column) + 1, value=value)
