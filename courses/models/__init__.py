from courses.models.approval import ApprovalByAnother, is_author_of_changes, may_publish
from courses.models.assessment import Assessment
from courses.models.attendance import Attendance
from courses.models.course import Course, TrainingClass
from courses.models.duty import ClassDuty
from courses.models.enrolment import Enrolment
from courses.models.pages import CatalogPage, CoursePage, LessonPage
from courses.models.progress import LessonProgress, QuizAttempt
from courses.models.submission import Submission, SubmissionFile
from courses.models.video import LessonVideo

__all__ = [
    "ApprovalByAnother",
    "Assessment",
    "Attendance",
    "CatalogPage",
    "ClassDuty",
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
    "is_author_of_changes",
    "may_publish",
]
