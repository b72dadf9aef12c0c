"""Handing in practical work over a bad connection, and marking it, in a real browser."""

import re
import uuid

import pytest

from courses.models import Submission
from courses.services import enrol_person, hand_in
from registry.models import Person
from tests.chromium import DESK
from tests.factories.courses import (
    RIGHT_POST,
    make_county,
    make_course,
    make_course_page,
    make_instructor,
    make_lesson,
    make_person,
    make_user,
    make_village,
    photo,
    quiz_block,
    task_block,
    text_block,
)

pytestmark = pytest.mark.browser
LESSON = "/learn/box/one/"


@pytest.fixture
def trainee(live_site):
    make_county()
    user = make_user()
    make_person(user=user, village=make_village())
    page = make_course_page(make_course())
    make_lesson(page, text_block(), quiz_block(), task_block("final", is_graded=True), slug="one", hours="4")
    enrol_person(person=user.person, course=page.course)
    return user


@pytest.fixture
def camera(tmp_path):
    """Two photos as a telephone takes them: 12 megapixels."""
    paths = [tmp_path / f"{colour}.jpg" for colour in ("green", "red")]
    for path in paths:
        path.write_bytes(photo(path.stem, size=(4000, 3000), quality=100).read())
    return [str(path) for path in paths]


def test_photos_shrink_survive_a_lost_connection_and_arrive_once(page, trainee, sign_in, camera):
    sign_in(page.context, trainee)
    page.goto(LESSON)
    sizes = []

    def flaky(route):
        sizes.append(len(route.request.post_data_buffer or b""))
        if len(sizes) == 1:
            route.abort("connectionfailed")
        elif len(sizes) == 2:
            route.fetch()  # it arrives, but the answer is lost on the way
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile("work/final/"), flaky)
    page.locator("input[type=file]").set_input_files(camera[0])
    page.locator("input[type=file]").set_input_files(camera[1])
    button = page.get_by_role("button", name="交作业")
    button.dblclick()
    page.get_by_text("第 1 次").wait_for(timeout=30_000)

    submission = Submission.objects.get()
    assert len(sizes) == 3
    assert submission.files.count() == 2
    assert page.locator(".attempt img").count() == 2
    assert page.locator("input[type=file]").count() == 0


def test_photos_arrive_without_script(new_context, trainee, sign_in, camera):
    context = new_context(java_script_enabled=False)
    sign_in(context, trainee)
    page = context.new_page()
    page.goto(LESSON)

    page.locator("input[type=file]").set_input_files(camera)
    page.get_by_role("button", name="交作业").click()

    page.get_by_text("第 1 次").wait_for()
    assert Submission.objects.get().files.count() == 2


def test_quiz_is_passed_without_script(new_context, trainee, sign_in):
    context = new_context(java_script_enabled=False)
    sign_in(context, trainee)
    page = context.new_page()
    page.goto(LESSON)

    for name, value in RIGHT_POST.items():
        if name.startswith("q4"):
            page.locator(f"[name={name}]").select_option(value)
        else:
            for each in [value] if isinstance(value, str) else value:
                page.locator(f"[name={name}][value={each}]").check()
    page.get_by_role("button", name="交卷").click()

    page.get_by_text("通过了").wait_for()
    assert page.locator(".choice--wrong").count() == 0


def test_pages_of_a_trainee_and_a_marker_are_accessible(new_context, trainee, sign_in, assert_accessible):
    work = hand_in(
        enrolment=Person.objects.get(user=trainee).enrolments.get(),
        lesson=make_lesson_page(),
        task_key="final",
        files=[photo()],
        client_token=uuid.uuid4(),
    )
    for user, viewport, paths in [
        (trainee, None, ["/courses/", "/learn/", "/learn/box/", LESSON, f"{LESSON}?again=1"]),
        (make_user(), None, [LESSON, "/learn/box/enrol/"]),
        (make_instructor(), DESK, ["/learn/marking/", f"/learn/marking/{work.uid}/"]),
    ]:
        context = new_context(**({"viewport": viewport} if viewport else {}))
        sign_in(context, user)
        page = context.new_page()
        for path in paths:
            page.goto(path)
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def make_lesson_page():
    from courses.models import LessonPage

    return LessonPage.objects.get(slug="one")


def test_mark_adds_up_while_it_is_chosen(new_context, trainee, sign_in):
    work = hand_in(
        enrolment=Person.objects.get(user=trainee).enrolments.get(),
        lesson=make_lesson_page(),
        task_key="final",
        files=[photo()],
        client_token=uuid.uuid4(),
    )
    context = new_context(viewport=DESK)
    sign_in(context, make_instructor())
    page = context.new_page()
    page.goto(f"/learn/marking/{work.uid}/")

    page.locator("[name=level-care][value='4']").check()
    page.locator("[name=level-label][value='3']").check()
    assert page.locator("[data-marking-total]").inner_text() == "90"
    page.get_by_role("button", name="保存评分").click()
    page.wait_for_url("**/learn/marking/")

    assert work.assessments.get().mark == 90
