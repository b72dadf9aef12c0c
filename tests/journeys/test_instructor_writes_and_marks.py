"""An instructor writes a lesson that the office approves, and marks work, the first time with a return."""

import uuid

import pytest
from playwright.sync_api import Page, expect

from courses.models import Enrolment, LessonPage, Submission
from courses.services import enrol_person, hand_in, open_catalog
from tests.chromium import DESK
from tests.factories import courses as make
from tests.journeys.steps import follow, take_photo
from tests.journeys.words import chinese

pytestmark = pytest.mark.browser

TITLE = "第三课 贴标签"
SENTENCE = "产地、净含量、日期，一样不少。"
RICH_TEXT = ".public-DraftEditor-content"
# Wagtail's own: its field has no name, its map of a long page scrolls but takes no focus.
OF_WAGTAIL = (RICH_TEXT, ".w-minimap__list")
DO_BETTER = "封口再压实一点，重拍一张。"


@pytest.fixture
def enrolment(box_course) -> Enrolment:
    """A trainee's place in the course, which she has not begun."""
    open_catalog(box_course.get_parent().specific)
    person = make.make_person(user=make.make_user(), village=make.make_village())
    return enrol_person(person=person, course=box_course.course)


@pytest.fixture
def staff(new_context, sign_in):
    """A function that opens the desk of a member of staff."""

    def open_desk(user) -> Page:
        page = new_context(viewport=DESK).new_page()
        sign_in(page.context, user)
        return page

    return open_desk


def test_new_lesson_goes_from_the_editor_through_approval_to_the_trainee(
    page, staff, sign_in, box_course, enrolment, instructor_user, office_user, assert_accessible
):
    sign_in(page.context, enrolment.person.user)
    writer, approver = staff(instructor_user), staff(office_user)

    _write_and_submit(writer, box_course, assert_accessible)

    lesson = LessonPage.objects.get(title=TITLE)
    assert not lesson.live
    page.goto("/learn/box/")
    expect(page.get_by_role("link", name=TITLE)).to_have_count(0)

    _approve(approver, assert_accessible)

    page.reload()
    assert_accessible(page)
    follow(page.get_by_role("link", name=TITLE))
    expect(page.get_by_text(SENTENCE)).to_be_visible()
    assert_accessible(page)
    assert lesson.slug in page.evaluate("decodeURI(location.pathname)")


def test_work_is_returned_handed_in_again_and_marked_by_the_rubric(
    page, staff, sign_in, box_course, enrolment, instructor_user, tmp_path, assert_accessible
):
    lesson = box_course.get_children().specific().last()
    hand_in(
        enrolment=enrolment,
        lesson=lesson,
        task_key="final",
        files=[make.photo()],
        client_token=uuid.uuid4(),
    )
    sign_in(page.context, enrolment.person.user)
    marker = staff(instructor_user)

    _open_the_waiting_work(marker, assert_accessible)
    _return(marker, assert_accessible)

    page.goto("/learn/box/two/")
    expect(page.get_by_text(DO_BETTER)).to_be_visible()
    assert_accessible(page)
    page.get_by_label(chinese("Your photos")).set_input_files(take_photo(tmp_path / "再拍.jpg"))
    page.get_by_role("button", name=chinese("Hand in")).click()
    expect(
        page.get_by_role("heading", name=chinese("Attempt %(number)s", number=2), exact=False)
    ).to_be_visible()

    _open_the_waiting_work(marker, assert_accessible)
    expect(marker.get_by_text(DO_BETTER)).to_have_count(1)  # the earlier attempt is at hand
    marker.locator('[name="level-care"][value="4"]').check()
    marker.locator('[name="level-label"][value="2"]').check()
    expect(marker.locator("[data-marking-total]")).to_have_text("80")
    follow(marker.get_by_role("button", name=chinese("Save the mark")))
    expect(marker.get_by_text(chinese("Saved. The trainee can see it now."))).to_be_visible()
    assert_accessible(marker)

    page.goto("/learn/")
    expect(page.get_by_text(chinese("Mark: %(mark)s of 100", mark=80))).to_be_visible()
    assert_accessible(page)
    states = list(Submission.objects.order_by("attempt").values_list("state", flat=True))
    assert states == [Submission.State.RETURNED, Submission.State.MARKED]


def _write_and_submit(page: Page, course_page, assert_accessible) -> None:
    page.goto(f"/admin/pages/{course_page.pk}/")
    assert_accessible(page)
    follow(page.locator("a[href$='/add_subpage/']").first)
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_summary").fill("学会贴标签")
    page.locator("button.c-sf-add-button").first.click()
    page.get_by_role("option", name=chinese("text"), exact=True).click()
    page.locator(RICH_TEXT).click()
    page.keyboard.insert_text(SENTENCE)
    assert_accessible(page, beside=OF_WAGTAIL)
    expect(page.locator("button[name=action-publish]")).to_have_count(0)
    _choose_in_footer(page, "button[name=action-submit]")
    expect(page.locator(".messages .success")).to_contain_text(TITLE)


def _approve(page: Page, assert_accessible) -> None:
    """The office finds the lesson on the front page of the admin."""
    page.goto("/admin/")
    assert_accessible(page)
    follow(page.get_by_role("link", name=TITLE))
    expect(page.locator(RICH_TEXT)).to_have_text(SENTENCE)
    assert_accessible(page, beside=OF_WAGTAIL)
    _choose_in_footer(page, "button[data-workflow-action-name=approve]:not([data-workflow-action-modal-url])")
    expect(page.locator(".messages .success")).to_contain_text(TITLE)


def _choose_in_footer(page: Page, selector: str) -> None:
    """Press one of the actions at the foot of the editor; all but the first are in its menu."""
    action = page.locator(f"footer {selector}")
    if not action.is_visible():
        page.locator("footer .w-dropdown__toggle").click()
    action.click()


def _open_the_waiting_work(page: Page, assert_accessible) -> None:
    page.goto("/learn/marking/")
    assert_accessible(page)
    follow(page.locator("main .card a"))
    assert_accessible(page)


def _return(page: Page, assert_accessible) -> None:
    page.get_by_label(chinese("Comment for the trainee")).fill(DO_BETTER)
    follow(page.get_by_role("button", name=chinese("Return for another try")))
    expect(page.get_by_text(chinese("Saved. The trainee can see it now."))).to_be_visible()
    assert_accessible(page)
