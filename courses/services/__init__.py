"""The verbs of courses. Everything about one person's learning is done under a lock on that person."""

from courses.services.classes import (
    ClassPlan,
    approve_class,
    cancel_class,
    change_capacity,
    change_plan,
    check_class,
    name_teacher,
    plan_class,
    send_back_class,
    submit_class,
)
from courses.services.cleaning import clean_handed_in_video
from courses.services.closing import close_class, close_online_classes
from courses.services.completion import complete_if_due
from courses.services.duties import take_duty
from courses.services.editing import open_catalog
from courses.services.enrolment import enrol_person
from courses.services.learning import confirm_read, earn_minutes, open_lesson, send_quiz
from courses.services.marking import assess, return_for_redo, take_down_mark
from courses.services.old_ledgers import LedgerOutcome, import_ledger
from courses.services.photos import add_photo, remove_old_photos
from courses.services.places import fill_places, give_up_place, stop_waiting, take_place
from courses.services.practical import hand_in
from courses.services.repinning import repin_enrolments
from courses.services.sheets import confirm_sitting, key_in_sheet, note_printing, receive_sheet
from courses.services.sign_in import Proof, Tap, correct_minutes, sign_in, sign_in_herself, sync_taps
from courses.services.timetable import (
    SitePlan,
    SittingPlan,
    add_site,
    add_sitting,
    cancel_sitting,
    move_sitting,
    play_recording,
    remove_sitting,
)
from courses.services.videos import make_renditions, request_renditions

__all__ = [
    "ClassPlan",
    "LedgerOutcome",
    "Proof",
    "SitePlan",
    "SittingPlan",
    "Tap",
    "add_photo",
    "add_site",
    "add_sitting",
    "approve_class",
    "assess",
    "cancel_class",
    "cancel_sitting",
    "change_capacity",
    "change_plan",
    "check_class",
    "clean_handed_in_video",
    "close_class",
    "close_online_classes",
    "complete_if_due",
    "confirm_read",
    "confirm_sitting",
    "correct_minutes",
    "earn_minutes",
    "enrol_person",
    "fill_places",
    "give_up_place",
    "hand_in",
    "import_ledger",
    "key_in_sheet",
    "make_renditions",
    "move_sitting",
    "name_teacher",
    "note_printing",
    "open_catalog",
    "open_lesson",
    "plan_class",
    "play_recording",
    "receive_sheet",
    "remove_old_photos",
    "remove_sitting",
    "repin_enrolments",
    "request_renditions",
    "return_for_redo",
    "send_back_class",
    "send_quiz",
    "sign_in",
    "sign_in_herself",
    "stop_waiting",
    "submit_class",
    "sync_taps",
    "take_down_mark",
    "take_duty",
    "take_place",
]
