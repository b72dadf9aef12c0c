"""What somebody with several records sees and may do: hers is what any of them has."""

from uuid import UUID

import pytest

from courses.models import Attendance, Enrolment, Submission
from courses.permissions import can_see_work
from courses.queries import enrolment_of_user, learning_rows, minutes_of_day, recent_work, visit_of_user
from registry.services import merge_people
from tests.factories.certificates import CourseFactory, EnrolmentFactory, PersonFactory, TrainingClassFactory
from tests.factories.courses import at, make_user
from tests.ledger import changeable_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(county):
    """Two records of one person, each with a login, in one class: 45 minutes earned and 90."""
    training_class = TrainingClassFactory(county=county)
    pair = [
        EnrolmentFactory(
            training_class=training_class,
            person=PersonFactory(user=make_user()),
            enrolled_at=at(day),
            minutes=minutes,
        )
        for day, minutes in [("2026-03-09", 45), ("2026-03-02", 90)]
    ]
    merge_people(kept=pair[0].person, absorbed=pair[1].person, by=make_user(), reason="同一人")
    return [Enrolment.objects.select_related("person__user").get(pk=one.pk) for one in pair]


def test_my_learning_shows_a_class_once_with_the_longer_hours(two, django_assert_num_queries):
    with django_assert_num_queries(2):
        [row] = learning_rows(two[0].person)

    assert (row.enrolment, row.hours_shown) == (two[1], 2)


def test_my_learning_shows_the_courses_of_every_record(two, county):
    other = EnrolmentFactory(
        training_class=TrainingClassFactory(county=county, course=CourseFactory()), person=two[1].person
    )

    assert {row.enrolment for row in learning_rows(two[0].person)} == {two[1], other}


def test_either_login_goes_on_in_the_place_with_more_minutes(two, django_assert_num_queries):
    course, lesson_key = two[0].training_class.course, UUID(int=4)
    for one in two:
        user = one.person.user
        with django_assert_num_queries(1):
            assert enrolment_of_user(user, course) == two[1]
        with django_assert_num_queries(1):
            visit = visit_of_user(user, course.pk, lesson_key)
        assert visit.enrolment == two[1]


def test_cap_of_a_day_counts_every_record(two):
    with changeable_ledger():
        Attendance.objects.update(on_date="2026-03-10")

    assert minutes_of_day(two[0].person, at("2026-03-10").date()) == 135


def test_work_is_seen_with_either_login(two):
    work = Submission.objects.create(
        enrolment=two[1],
        lesson_key="00000000-0000-4000-8000-000000000001",
        task_key="task",
        attempt=1,
        client_token="00000000-0000-4000-8000-000000000002",
        handed_in_at=at("2026-03-09"),
    )

    assert all(can_see_work(one.person.user, work) for one in two)
    assert not can_see_work(make_user(), work)
    assert [each for each, _lesson in recent_work(two[0].person)] == [work]
