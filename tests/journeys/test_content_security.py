"""The strict content security policy holds on every page, Wagtail's admin included, and its widgets work.

`new_context` fails a test for anything the policy stops.
"""

import re

import pytest
from playwright.sync_api import expect

from courses.models import LessonPage
from courses.services import open_catalog
from tests.chromium import DESK
from tests.factories.registry import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PUBLIC = [
    "/",
    "/courses/",
    "/learn/box/",
    "/learn/box/one/",
    "/verify/",
    "/account/login/",
    "/help/",
    "/offline/",
]
ADMIN = [
    "/admin/",
    "/admin/images/",
    "/admin/images/multiple/add/",
    "/admin/documents/",
    "/admin/users/",
    "/admin/users/new/",
    "/admin/groups/new/",
    "/admin/workflows/list/",
    "/admin/reports/site-history/",
    "/admin/collections/add/",
    "/admin/account/",
    "/admin/snippets/courses/course/",
    "/admin/pages/{course}/",
    "/admin/pages/{lesson}/history/",
    "/admin/pages/{lesson}/move/",
]


@pytest.fixture
def editor(new_context, sign_in, box_course):
    """A page of somebody who may do everything in the admin."""
    open_catalog(box_course.get_parent().specific)
    context = new_context(viewport=DESK)
    sign_in(context, UserFactory(is_superuser=True))
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def test_policy_stops_nothing_on_public_pages(page, box_course):
    for path in PUBLIC:
        page.goto(path)


def test_policy_stops_nothing_in_the_admin(editor, box_course):
    numbers = {"course": box_course.pk, "lesson": LessonPage.objects.first().pk}
    for path in ADMIN:
        assert editor.goto(path.format(**numbers)).status == 200, path


def test_editor_writes_and_previews_a_lesson(editor, box_course):
    editor.goto(f"/admin/pages/{LessonPage.objects.first().pk}/edit/")
    text = editor.locator(".Draftail-Editor [contenteditable=true]").first

    editor.get_by_role("button", name=re.compile("预览|Preview")).first.click()
    text.click()
    editor.keyboard.press("End")
    editor.keyboard.type("再封箱")

    expect(text).to_contain_text("再封箱")
    preview = editor.frame_locator("#w-preview-iframe, iframe").first
    expect(preview.locator("body")).to_contain_text("先挑后垫")


def test_choosers_and_inline_rows_start_without_inline_scripts(editor, box_course):
    editor.goto(f"/admin/pages/{box_course.pk}/edit/")
    editor.locator("[data-chooser-action-choose]:visible").first.click()
    expect(editor.locator(".modal-dialog")).to_be_visible()

    editor.goto("/admin/workflows/add/")
    editor.locator("#id_workflow_tasks-ADD").click()
    editor.locator("[data-chooser-action-choose]:visible").first.click()
    expect(editor.locator(".modal-dialog")).to_be_visible()


def test_date_fields_have_their_calendar(editor, box_course):
    editor.goto(f"/admin/pages/{box_course.pk}/edit/")

    editor.wait_for_function("jQuery('#id_go_live_at').data('xdsoft_datetimepicker') !== undefined")
