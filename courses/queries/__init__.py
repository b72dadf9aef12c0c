"""Reads over courses, enrolments and work handed in; nothing here writes."""

from courses.queries.lessons import (
    course_page_by_slug,
    course_page_of,
    graded_tasks_of,
    lesson_by_slugs,
    lesson_titles,
    lesson_with_key,
    lessons_of,
)
from courses.queries.progress import (
    LessonState,
    Progress,
    Visit,
    enrolment_of_person,
    enrolment_of_user,
    enrolments_of,
    hours_of,
    learning_rows,
    minutes_of_day,
    progress_of,
    visit_of_user,
)
from courses.queries.shown import ShownLesson, shown_lesson
from courses.queries.work import (
    last_attempt,
    practical_of,
    practicals_of,
    recent_work,
    submissions_to_mark,
    work_of_lesson,
)

__all__ = [
    "LessonState",
    "Progress",
    "ShownLesson",
    "Visit",
    "course_page_by_slug",
    "course_page_of",
    "enrolment_of_person",
    "enrolment_of_user",
    "enrolments_of",
    "graded_tasks_of",
    "hours_of",
    "last_attempt",
    "learning_rows",
    "lesson_by_slugs",
    "lesson_titles",
    "lesson_with_key",
    "lessons_of",
    "minutes_of_day",
    "practical_of",
    "practicals_of",
    "progress_of",
    "recent_work",
    "shown_lesson",
    "submissions_to_mark",
    "visit_of_user",
    "work_of_lesson",
]
