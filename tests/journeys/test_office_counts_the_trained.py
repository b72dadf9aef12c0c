"""The county desk: a lesson makes somebody a person in training, the closed class makes her count, once."""

import io
import json
import uuid
from dataclasses import dataclass

import openpyxl
import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.services import close_class, enrol_person, send_quiz
from registry.demo_roster import DEMO_PERSON
from registry.models import Person
from tests.chromium import DESK
from tests.factories import courses as make
from tests.journeys.steps import answer_quiz, follow
from tests.journeys.words import chinese

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Figures:
    """The total as one place shows it."""

    heads: int
    person_times: int
    in_training: int


@pytest.fixture
def counted_before(box_course) -> None:
    """Somebody else attended a class that is closed."""
    person = make.make_person("学员乙", village=make.make_village())
    enrolment = enrol_person(person=person, course=box_course.course)
    lesson = box_course.get_children().specific().first()
    send_quiz(enrolment=enrolment, lesson=lesson, answers=make.RIGHT_ANSWERS, client_token=uuid.uuid4())
    close_class(training_class=enrolment.training_class)


@pytest.fixture
def villager(roster) -> Person:
    """Somebody of the county's list who signs in."""
    person = Person.objects.get(name=DEMO_PERSON.name)
    person.user = make.make_user(person.name)
    person.save()
    return person


def test_lesson_puts_in_training_and_the_closed_class_moves_the_count_by_one(
    page, new_context, sign_in, box_course, counted_before, villager, office_user, tmp_path, assert_accessible
):
    office = new_context(viewport=DESK).new_page()
    sign_in(office.context, office_user)
    before = _everywhere(office, tmp_path, assert_accessible)
    assert before == Figures(heads=1, person_times=1, in_training=0)

    sign_in(page.context, villager.user)
    _learn_a_lesson(page, assert_accessible)

    assert _everywhere(office, tmp_path, assert_accessible) == Figures(1, 1, in_training=1)

    _close_the_class(office, assert_accessible)

    assert _everywhere(office, tmp_path, assert_accessible) == Figures(heads=2, person_times=2, in_training=0)
    follow(office.get_by_role("link", name=chinese("The people behind the figures")))
    expect(office.locator("tbody tr")).to_have_count(2)
    assert_accessible(office)


def _learn_a_lesson(page: Page, assert_accessible) -> None:
    page.goto("/learn/box/enrol/")
    assert_accessible(page)
    follow(page.get_by_role("button", name=chinese("Take a place")))
    follow(page.get_by_role("link", name=chinese("Begin:")))
    answer_quiz(page, make.RIGHT_ANSWERS)
    expect(page.get_by_text(chinese("Passed. This lesson is done."))).to_be_visible()
    assert_accessible(page)


def _close_the_class(page: Page, assert_accessible) -> None:
    page.goto("/county/")
    follow(page.get_by_role("link", name=chinese("Classes"), exact=True))
    assert_accessible(page)
    follow(page.get_by_role("link", name=chinese("Close this class")))
    assert_accessible(page)
    page.get_by_label(chinese("I have understood this and want to close the class.")).check()
    follow(page.get_by_role("button", name=chinese("Close this class")))
    expect(page.get_by_text(chinese("The class is closed; its person-times count now."))).to_be_visible()
    assert_accessible(page)


def _everywhere(page: Page, folder, assert_accessible) -> Figures:
    """Return the figures of the desk, having checked that workbook and command say the same."""
    page.goto("/county/figures/")
    assert_accessible(page)
    figures = _of_desk(page)
    assert _of_workbook(page, folder) == figures
    assert _of_command() == figures
    return figures


def _of_desk(page: Page) -> Figures:
    large = [int(text) for text in page.locator(".figure--large strong").all_text_contents()]
    total = page.locator("tfoot td").all_text_contents()
    assert large == [int(total[3]), int(total[2])]
    return Figures(heads=large[0], person_times=large[1], in_training=int(total[-1]))


def _of_workbook(page: Page, folder) -> Figures:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=chinese("Download as Excel")).click()
    path = folder / "count.xlsx"
    waiting.value.save_as(path)
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    header = next(row for row in rows if chinese("Heads") in row)
    total = dict(zip(header, next(row for row in rows if row[0] == chinese("Total")), strict=True))
    names = ("Heads", "Person-times", "In training, places")
    return Figures(*(total[chinese(name)] for name in names))


def _of_command() -> Figures:
    today = timezone.localdate()
    printed = io.StringIO()
    period = ["--from", f"{today.year}-01", "--to", f"{today:%Y-%m}"]
    call_command("count_trainees", "--region", "431125", *period, "--json", stdout=printed)
    total = json.loads(printed.getvalue())["total"]
    return Figures(total["heads"], total["person_times"], total["in_training"])
