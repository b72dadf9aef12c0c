import pytest

from courses.services import assess, close_class, enrol_person, hand_in, return_for_redo
from registry.models import AuditAction, AuditEntry
from tests.factories.courses import (
    at,
    make_course,
    make_course_page,
    make_instructor,
    make_lesson,
    make_person,
    make_village,
    photo,
    task_block,
)

pytestmark = pytest.mark.django_db
TOKEN = "6f0c1c1e-0000-4000-8000-000000000001"


@pytest.fixture
def enrolment():
    course = make_course()
    return enrol_person(person=make_person(village=make_village()), course=course, now=at("2026-03-05"))


@pytest.fixture
def work(enrolment):
    lesson = make_lesson(make_course_page(enrolment.training_class.course), task_block("final"))
    return hand_in(enrolment=enrolment, lesson=lesson, task_key="final", files=[photo()], client_token=TOKEN)


def only_entry():
    return AuditEntry.objects.get()


def test_closing_a_class_is_logged_once(enrolment):
    teacher = make_instructor()
    for _again in range(2):
        close_class(training_class=enrolment.training_class, by=teacher, now=at("2026-03-20"))

    entry = only_entry()
    assert (entry.actor, entry.action, entry.person) == (teacher, AuditAction.CLASS_CLOSED, None)
    assert entry.region_code == "431125"
    assert entry.detail == {"class": enrolment.training_class.label, "last_day": "2026-03-20"}


def test_marking_is_logged_once_without_the_mark(work):
    teacher = make_instructor()
    for _again in range(2):
        assess(submission=work, marker=teacher, levels={"care": 4, "label": 3}, comment="学员甲,好")

    entry = only_entry()
    assert (entry.actor, entry.action) == (teacher, AuditAction.WORK_MARKED)
    assert (entry.person, entry.region_code) == (work.enrolment.person, "431125")
    assert entry.detail == {"work": str(work.uid)}


def test_returning_work_is_logged_once(work):
    teacher = make_instructor()
    for _again in range(2):
        return_for_redo(submission=work, marker=teacher, comment="再拍一张")

    entry = only_entry()
    assert (entry.actor, entry.action, entry.person) == (
        teacher,
        AuditAction.WORK_RETURNED,
        work.enrolment.person,
    )
