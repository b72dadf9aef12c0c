from courses.models.approval import ApprovalByAnother, is_author_of_changes, may_publish
from courses.models.assessment import Assessment, PracticalMark
from courses.models.attendance import Attendance, Evidence, SignIn
from courses.models.course import Course
from courses.models.duty import ClassDuty
from courses.models.enrolment import Enrolment, WaitingPlace
from courses.models.follow_up import (
    CoachAssignment,
    EarlierBusiness,
    IncomeDeclaration,
    Outcome,
    OutcomeDecision,
    Shop,
    Visit,
)
from courses.models.ledger_upload import LedgerUpload
from courses.models.old_certificate import OldCertificate
from courses.models.pages import CatalogPage, CoursePage, LessonPage
from courses.models.paper import ClassPaper
from courses.models.progress import LessonProgress, QuizAttempt
from courses.models.sitting import Sitting, SittingPhoto, SittingSite
from courses.models.story import Story
from courses.models.submission import Submission, SubmissionFile
from courses.models.training_class import TrainingClass
from courses.models.video import LessonVideo

__all__ = [
    "ApprovalByAnother",
    "Assessment",
    "Attendance",
    "CatalogPage",
    "ClassDuty",
    "ClassPaper",
    "CoachAssignment",
    "Course",
    "CoursePage",
    "EarlierBusiness",
    "Enrolment",
    "Evidence",
    "IncomeDeclaration",
    "LedgerUpload",
    "LessonPage",
    "LessonProgress",
    "LessonVideo",
    "OldCertificate",
    "Outcome",
    "OutcomeDecision",
    "PracticalMark",
    "QuizAttempt",
    "Shop",
    "SignIn",
    "Sitting",
    "SittingPhoto",
    "SittingSite",
    "Story",
    "Submission",
    "SubmissionFile",
    "TrainingClass",
    "Visit",
    "WaitingPlace",
    "is_author_of_changes",
    "may_publish",
]
