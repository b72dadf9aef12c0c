"""A villager with a phone of 360 px: signs in by code, learns, hands in her box, earns her certificate."""

import subprocess

import pytest
from playwright.sync_api import Page, expect

from certificates.models import Certificate
from courses.models import Enrolment, SubmissionFile
from registry.demo_roster import DEMO_PERSON
from registry.models import Person
from tests.chromium import DESK
from tests.factories.courses import RIGHT_ANSWERS, WRONG_ANSWERS
from tests.journeys.steps import (
    answer_quiz,
    follow,
    kept_photo,
    reload_until_visible,
    sign_in_by_code,
    take_photo,
)
from tests.journeys.words import chinese

pytestmark = [pytest.mark.browser, pytest.mark.worker]

HANDED_IN = chinese("Handed in. A teacher will look at it; you will see the mark here.")
COMMENT = "垫得很好，标签再写上净含量。"


def test_villager_signs_in_learns_uploads_and_downloads_her_certificate(
    page, new_context, sign_in, celery_worker_process, box_course, roster, instructor_user, tmp_path,
    assert_accessible,
):  # fmt: skip
    _find_the_course(page, assert_accessible)
    sign_in_by_code(page, "199 0000 0001", assert_accessible)
    _say_who_she_is(page, assert_accessible)
    _take_a_place(page, assert_accessible)
    _fail_and_pass_the_first_quiz(page, assert_accessible)
    _hand_in_her_box(page, take_photo(tmp_path / "箱子.jpg"), assert_accessible)
    _see_that_it_waits(page, assert_accessible)

    marker = new_context(viewport=DESK).new_page()
    sign_in(marker.context, instructor_user)
    _mark(marker, assert_accessible)

    _see_mark_and_completion(page, assert_accessible)
    paper = _download_certificate(page, tmp_path / "证书.pdf", assert_accessible)
    certificate = Certificate.objects.get()
    assert DEMO_PERSON.name in paper
    assert certificate.number in paper
    assert certificate.enrolment == Enrolment.objects.get()
    assert certificate.person == Person.objects.get(user__isnull=False)


def _find_the_course(page: Page, assert_accessible) -> None:
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    assert_accessible(page)
    navigation = page.get_by_role("navigation", name=chinese("Main navigation"))
    follow(navigation.get_by_role("link", name=chinese("Courses")))
    assert_accessible(page)
    follow(page.get_by_role("link", name="课程T"))
    assert_accessible(page)
    follow(page.get_by_role("link", name=chinese("Take a place")))


def _say_who_she_is(page: Page, assert_accessible) -> None:
    """The number stands on the county's list; only the end of the ID number proves that it is she."""
    expect(page.get_by_role("heading", name=chinese("Are you on the county's list?"))).to_be_visible()
    assert_accessible(page)
    assert not Person.objects.filter(user__isnull=False).exists()
    page.get_by_label(chinese("The last four characters of your ID number")).fill(DEMO_PERSON.id_number[-4:])
    follow(page.get_by_role("button", name=chinese("That is me")))
    expect(
        page.get_by_text(chinese("Welcome, %(name)s. You are on the list.", name=DEMO_PERSON.name))
    ).to_be_visible()
    assert_accessible(page)
    follow(page.get_by_role("link", name=chinese("Go on"), exact=True).first)  # nothing has to be agreed to


def _take_a_place(page: Page, assert_accessible) -> None:
    assert_accessible(page)
    follow(page.get_by_role("button", name=chinese("Take a place")))
    expect(page.get_by_text(chinese("You have a place. Begin with the first lesson."))).to_be_visible()
    assert_accessible(page)


def _fail_and_pass_the_first_quiz(page: Page, assert_accessible) -> None:
    follow(page.get_by_role("link", name=chinese("Begin:")))
    assert_accessible(page)
    answer_quiz(page, WRONG_ANSWERS)
    expect(page.get_by_text(chinese("Not yet right.")).first).to_be_visible()
    assert_accessible(page)
    follow(page.get_by_role("link", name=chinese("Try again")))
    answer_quiz(page, RIGHT_ANSWERS)
    expect(page.get_by_text(chinese("Passed. This lesson is done."))).to_be_visible()
    assert_accessible(page)


def _hand_in_her_box(page: Page, photo, assert_accessible) -> None:
    follow(page.get_by_role("navigation", name=chinese("Lessons")).get_by_role("link").last)
    answer_quiz(page, RIGHT_ANSWERS)
    page.get_by_label(chinese("Your photos")).set_input_files(photo)
    expect(page.get_by_role("img", name=photo.name)).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name=chinese("Hand in")).click()
    expect(page.locator("section.attempt").get_by_text(HANDED_IN)).to_be_visible()
    assert_accessible(page)
    picture = kept_photo(SubmissionFile.objects.get())
    assert picture.size == (1600, 1200)  # made smaller on the phone, before it went over the weak link


def _see_that_it_waits(page: Page, assert_accessible) -> None:
    page.goto("/learn/")
    expect(page.get_by_text(chinese("waits for the teacher"))).to_be_visible()
    assert_accessible(page)


def _mark(page: Page, assert_accessible) -> None:
    page.goto("/learn/marking/")
    assert_accessible(page)
    follow(page.locator("main .card a"))
    assert_accessible(page)
    page.locator('[name="level-care"][value="3"]').check()
    page.locator('[name="level-label"][value="4"]').check()
    expect(page.locator("[data-marking-total]")).to_have_text("85")
    page.get_by_label(chinese("Comment for the trainee")).fill(COMMENT)
    follow(page.get_by_role("button", name=chinese("Save the mark")))
    expect(page.get_by_text(chinese("Saved. The trainee can see it now."))).to_be_visible()


def _see_mark_and_completion(page: Page, assert_accessible) -> None:
    page.goto("/learn/")
    expect(page.get_by_text(chinese("Mark: %(mark)s of 100", mark=85))).to_be_visible()
    expect(page.get_by_text(COMMENT)).to_be_visible()
    expect(page.get_by_text(chinese("completed"))).to_be_visible()
    assert_accessible(page)
    follow(page.get_by_role("link", name="课程T", exact=True))
    expect(page.get_by_text(chinese("You have completed this course."))).to_be_visible()
    assert_accessible(page)


def _download_certificate(page: Page, path, assert_accessible) -> str:
    """Return the text of the paper."""
    page.goto("/learn/")
    follow(page.get_by_role("link", name=chinese("My certificates")).first)
    assert_accessible(page)
    download = page.get_by_role("link", name=chinese("Download (PDF)"))
    reload_until_visible(page, download)
    assert_accessible(page)
    with page.expect_download() as waiting:
        download.click()
    waiting.value.save_as(path)
    return subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout
