from courses.models.assessment import Assessment
from courses.models.attendance import Attendance
from courses.models.course import Course, TrainingClass
from courses.models.enrolment import Enrolment
from courses.models.pages import CatalogPage, CoursePage, LessonPage
from courses.models.progress import LessonProgress, QuizAttempt
from courses.models.submission import Submission, SubmissionFile
from courses.models.video import LessonVideo

__all__ = [
    "Assessment",
    "Attendance",
    "CatalogPage",
    "Course",
    "CoursePage",
    "Enrolment",
    "LessonPage",
    "LessonProgress",
    "LessonVideo",
    "QuizAttempt",
    "Submission",
    "SubmissionFile",
    "TrainingClass",
]
