import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser

from courses.errors import LessonHasNoQuiz, LessonHasQuiz, LessonNotInCourse
from courses.models import Attendance, Enrolment, LessonProgress, QuizAttempt, TrainingClass
from courses.queries import LessonState, enrolments_of, hours_of, progress_of, visit_of_user
from courses.services import confirm_read, earn_minutes, enrol_person, open_lesson, send_quiz
from courses.services.live import record_live_minutes
from tests.factories.courses import (
    RIGHT_ANSWERS,
    WRONG_ANSWERS,
    at,
    make_course,
    make_course_page,
    make_lesson,
    make_user,
    text_block,
)

pytestmark = pytest.mark.django_db


def pass_quiz(enrolment, lesson, day="2026-03-02", token=None):
    return send_quiz(
        enrolment=enrolment,
        lesson=lesson,
        answers=RIGHT_ANSWERS,
        client_token=token or uuid.uuid4(),
        now=at(day),
    )


def test_open_lesson_is_where_she_goes_on(enrolment, lessons):
    open_lesson(enrolment=enrolment, lesson=lessons[0], now=at("2026-03-02"))
    open_lesson(enrolment=enrolment, lesson=lessons[1], now=at("2026-03-03"))
    open_lesson(enrolment=enrolment, lesson=lessons[1], now=at("2026-03-04"))

    enrolment.refresh_from_db()
    assert enrolment.last_lesson_key == lessons[1].translation_key
    assert LessonProgress.objects.count() == 2
    assert not progress_of(enrolment).done_keys


def test_e22_send_quiz_passed_completes_the_lesson_and_earns_its_hours(enrolment, lessons):
    attempt = pass_quiz(enrolment, lessons[0])

    assert (attempt.score, attempt.is_passed) == (Decimal(100), True)
    progress = progress_of(enrolment)
    assert progress.done_keys == {lessons[0].translation_key}
    assert (progress.minutes, progress.hours_shown) == (90, Decimal("2.0"))
    assert hours_of(enrolment) == Decimal("2.00")


def test_send_quiz_failed_keeps_the_attempt_and_earns_nothing(enrolment, lessons):
    attempt = send_quiz(
        enrolment=enrolment, lesson=lessons[0], answers=WRONG_ANSWERS, client_token=uuid.uuid4()
    )

    assert (attempt.score, attempt.is_passed) == (Decimal(25), False)
    assert attempt.answers == WRONG_ANSWERS
    assert not Attendance.objects.exists()


def test_send_quiz_repeated_is_one_attempt(enrolment, lessons):
    token = uuid.uuid4()

    assert pass_quiz(enrolment, lessons[0], token=token) == pass_quiz(enrolment, lessons[0], token=token)
    assert QuizAttempt.objects.count() == 1


def test_send_quiz_passed_again_counts_the_lesson_once(enrolment, lessons):
    pass_quiz(enrolment, lessons[0])
    pass_quiz(enrolment, lessons[0], day="2026-03-03")

    assert QuizAttempt.objects.count() == 2
    assert [row.minutes for row in Attendance.objects.all()] == [90]


def test_send_quiz_in_another_language_counts_the_lesson_once(enrolment, lessons):
    english = make_course_page(enrolment.training_class.course, language="en")
    lesson = make_lesson(english, translation_key=lessons[0].translation_key)

    pass_quiz(enrolment, lessons[0])
    pass_quiz(enrolment, lesson, day="2026-03-03")

    assert progress_of(enrolment).minutes == 90


def test_send_quiz_of_another_course(enrolment):
    foreign = make_lesson(make_course_page(make_course("X"), slug="other"))

    with pytest.raises(LessonNotInCourse):
        pass_quiz(enrolment, foreign)


def test_send_quiz_of_an_unpublished_lesson(enrolment, lessons):
    lessons[0].unpublish()

    with pytest.raises(LessonNotInCourse):
        pass_quiz(enrolment, lessons[0])


def test_send_quiz_where_there_is_none(enrolment, course_page):
    lesson = make_lesson(course_page, text_block())

    with pytest.raises(LessonHasNoQuiz):
        pass_quiz(enrolment, lesson)


def test_confirm_read_completes_a_lesson_without_quiz(enrolment, course_page):
    lesson = make_lesson(course_page, text_block(), hours="1")

    confirm_read(enrolment=enrolment, lesson=lesson)
    confirm_read(enrolment=enrolment, lesson=lesson)

    assert progress_of(enrolment).minutes == 45


def test_confirm_read_where_there_is_a_quiz(enrolment, lessons):
    with pytest.raises(LessonHasQuiz):
        confirm_read(enrolment=enrolment, lesson=lessons[0])


def test_minutes_of_a_live_class_show_as_they_count(enrolment, lessons, django_assert_num_queries):
    record_live_minutes(
        enrolment=enrolment, live_key=uuid.uuid4(), on_date=date(2026, 3, 2), minutes=60, now=at("2026-03-02")
    )
    assert progress_of(enrolment).minutes == 60

    pass_quiz(enrolment, lessons[0], day="2026-03-03")

    with django_assert_num_queries(1):
        progress = progress_of(enrolment)
    assert (progress.hours, progress.minutes) == (hours_of(enrolment), 150)
    assert [state.minutes for state in progress.lessons.values()] == [90]


def test_e22_a_day_earns_at_most_eight_hours_over_all_courses(enrolment, course_page, trainee):
    long = make_lesson(course_page, hours="6")
    other_page = make_course_page(make_course("U"), slug="other")
    other_lesson = make_lesson(other_page, hours="5")
    other = enrol_person(person=trainee.person, course=other_page.course, now=at("2026-03-02"))

    pass_quiz(enrolment, long)
    pass_quiz(other, other_lesson)

    assert progress_of(enrolment).minutes == 270
    assert progress_of(other).minutes == 90
    assert progress_of(other).state_of(other_lesson.translation_key).owed(other_lesson.hours) == 135


def test_e22_what_the_cap_cut_off_is_earned_on_a_later_day(enrolment, course_page):
    long = make_lesson(course_page, hours="10")
    pass_quiz(enrolment, long)

    same_day = earn_minutes(enrolment=enrolment, lesson=long, now=at("2026-03-02", "23:00"))
    next_day = earn_minutes(enrolment=enrolment, lesson=long, now=at("2026-03-03"))
    later = earn_minutes(enrolment=enrolment, lesson=long, now=at("2026-03-04"))

    assert (same_day, next_day, later) == (0, 90, 0)
    assert progress_of(enrolment).minutes == 450


def test_earn_minutes_of_a_lesson_not_done(enrolment, lessons):
    open_lesson(enrolment=enrolment, lesson=lessons[0])

    assert earn_minutes(enrolment=enrolment, lesson=lessons[0]) == 0


def test_a_correction_is_not_earned_back(enrolment, lessons):
    pass_quiz(enrolment, lessons[0])
    Attendance.objects.create(
        enrolment=enrolment,
        lesson_key=lessons[0].translation_key,
        on_date="2026-03-02",
        minutes=-90,
        evidence="quiz",
        recorded_at=at("2026-03-03"),
    )

    assert earn_minutes(enrolment=enrolment, lesson=lessons[0], now=at("2026-03-04")) == 0
    assert hours_of(enrolment) == 0
    assert progress_of(enrolment).minutes == 0


def test_enrolments_of_counts_lessons_and_minutes(enrolment, lessons, django_assert_num_queries):
    for lesson in lessons:
        pass_quiz(enrolment, lesson)

    with django_assert_num_queries(1):
        [row] = enrolments_of(enrolment.person)
        assert (row.lessons_done, row.minutes_earned) == (2, 180)
        assert row.training_class.course.code == "T"


def test_visit_of_user_without_a_place(course_page, lessons):
    assert visit_of_user(make_user(), course_page.course_id, lessons[0].translation_key) is None
    assert visit_of_user(AnonymousUser(), course_page.course_id, lessons[0].translation_key) is None


def test_visit_of_user_knows_this_lesson_only(enrolment, lessons, trainee, django_assert_num_queries):
    pass_quiz(enrolment, lessons[0])
    course = enrolment.training_class.course_id

    with django_assert_num_queries(1):
        here = visit_of_user(trainee, course, lessons[0].translation_key)
        assert here.enrolment.person_id == enrolment.person_id
    there = visit_of_user(trainee, course, lessons[1].translation_key)

    assert (here.state, here.has_answers, here.has_work) == (LessonState(True, True, 90), True, False)
    assert (there.state, there.has_answers, there.has_work) == (LessonState(), False, False)
    assert here.enrolment == enrolment


def test_visit_of_user_is_that_of_the_newest_enrolment(enrolment, lessons, trainee):
    pass_quiz(enrolment, lessons[0])
    held = enrolment.training_class
    later = TrainingClass.objects.create(
        course=held.course,
        county=held.county,
        county_code=held.county_code,
        year=2026,
        number=held.number + 1,
        kind=TrainingClass.Kind.TAUGHT,
        approved_at=at("2026-03-25"),
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 4, 3),
    )
    again = Enrolment.objects.create(
        person=enrolment.person, training_class=later, enrolled_at=at("2026-04-01")
    )

    visit = visit_of_user(trainee, enrolment.training_class.course_id, lessons[0].translation_key)

    assert visit.enrolment == again
    assert not visit.state.is_opened
