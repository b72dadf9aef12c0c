"""An old phone, JavaScript off: the same forms carry a villager from sign-in to her handed-in box."""

import pytest
from playwright.sync_api import Page, expect

from courses.models import Enrolment, Submission, SubmissionFile
from registry.models import Person
from tests.factories.courses import RIGHT_ANSWERS, WRONG_ANSWERS
from tests.journeys.steps import answer_quiz, follow, kept_photo, sign_in_by_code, take_photo
from tests.journeys.words import chinese

pytestmark = pytest.mark.browser


def test_villager_on_no_list_signs_in_answers_and_uploads_by_plain_forms(
    new_context, box_course, tmp_path, assert_accessible
):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/account/login/?next=/learn/box/enrol/")
    sign_in_by_code(page, "13800138000", assert_accessible)
    _introduce_herself(page, assert_accessible)
    follow(page.get_by_role("button", name=chinese("Take a place")))

    follow(page.get_by_role("link", name=chinese("Begin:")))
    assert_accessible(page)
    answer_quiz(page, WRONG_ANSWERS)
    assert_accessible(page)
    follow(page.get_by_role("link", name=chinese("Try again")))
    answer_quiz(page, RIGHT_ANSWERS)
    expect(page.get_by_text(chinese("Passed. This lesson is done."))).to_be_visible()

    page.goto("/learn/box/two/")
    page.get_by_label(chinese("Your photos")).set_input_files(take_photo(tmp_path / "箱子.jpg"))
    page.get_by_label(chinese("A word to the teacher")).fill("第一箱")
    follow(page.get_by_role("button", name=chinese("Hand in")))
    expect(page.locator("section.attempt")).to_contain_text(
        chinese("Handed in. A teacher will look at it; you will see the mark here.")
    )
    assert_accessible(page)

    assert Submission.objects.get().note == "第一箱"
    assert kept_photo(SubmissionFile.objects.get()).size == (2400, 1800)  # nothing made it smaller on the way
    enrolment = Enrolment.objects.get()
    assert enrolment.village_version.name == "四方井社区居委会"


def _introduce_herself(page: Page, assert_accessible) -> None:
    """Town first, then its villages: two plain steps instead of a list of 112."""
    expect(page.get_by_role("heading", name=chinese("Who are you?"))).to_be_visible()
    assert_accessible(page)
    page.get_by_label(chinese("Your name")).fill("学员乙")
    page.get_by_label(chinese("Town or township")).select_option(label="潇浦镇")
    follow(page.get_by_role("button", name=chinese("Save and go on")))
    assert_accessible(page)
    page.get_by_label(chinese("Village"), exact=False).last.select_option(label="四方井社区居委会")
    follow(page.get_by_role("button", name=chinese("Save and go on")))
    expect(page.get_by_text(chinese("Welcome, %(name)s.", name="学员乙"))).to_be_visible()
    assert Person.objects.get().name == "学员乙"
    assert_accessible(page)
    follow(page.get_by_role("link", name=chinese("Go on")).first)  # consents are asked, never needed
