"""The verbs of courses. Everything about one person's learning is done under a lock on that person."""

from courses.services.cleaning import clean_handed_in_video
from courses.services.closing import close_class, close_online_classes
from courses.services.completion import complete_if_due
from courses.services.duties import take_duty
from courses.services.editing import open_catalog
from courses.services.enrolment import enrol_person
from courses.services.learning import confirm_read, earn_minutes, open_lesson, send_quiz
from courses.services.marking import assess, return_for_redo
from courses.services.practical import hand_in
from courses.services.repinning import repin_enrolments
from courses.services.videos import make_renditions, request_renditions

__all__ = [
    "assess",
    "clean_handed_in_video",
    "close_class",
    "close_online_classes",
    "complete_if_due",
    "confirm_read",
    "earn_minutes",
    "enrol_person",
    "hand_in",
    "make_renditions",
    "open_catalog",
    "open_lesson",
    "repin_enrolments",
    "request_renditions",
    "return_for_redo",
    "send_quiz",
    "take_duty",
]
