"""Lessons, taught classes, marking, and what comes after the class."""

from tests.permissions.words import BOTH, NOBODY, OWN, PUBLIC, SIGNED_IN, Route

# Whoever has to do with a taught class.
CLASS_DESK = "read_classes enter_class_data check_class_roster approve_class enrol_in_class"
PAPER_READERS = "enter_class_data check_class_roster approve_class close_class export"
ROUTES = [
    # Learning: lessons are for everybody, what somebody did is hers
    Route("learn/", SIGNED_IN),
    Route("learn/<page_slug:slug>/", PUBLIC, of="course"),
    Route("learn/<page_slug:slug>/enrol/", SIGNED_IN, BOTH, of="course"),
    Route("learn/<page_slug:course_slug>/<page_slug:slug>/", PUBLIC, of="lesson"),
    Route("learn/<page_slug:course_slug>/<page_slug:slug>/quiz/", OWN, "POST", of="lesson"),
    Route("learn/<page_slug:course_slug>/<page_slug:slug>/read/", OWN, "POST", of="lesson"),
    Route("learn/<page_slug:course_slug>/<page_slug:slug>/work/<slug:task_key>/", OWN, "POST", of="task"),
    # After the class
    Route("learn/classes/<uuid:uid>/papers/", PAPER_READERS, of="taught_class"),
    Route("learn/classes/<uuid:uid>/papers/<uuid:paper>/", PAPER_READERS, of="class_paper"),
    Route("learn/classes/<uuid:uid>/papers/<uuid:paper>/out/", "enter_class_data", "POST", of="class_paper"),
    Route("learn/follow-up/", "follow_up verify_outcome"),
    Route("learn/follow-up/outcomes/<uuid:uid>/", "verify_outcome", BOTH, of="outcome"),
    Route("learn/follow-up/outcomes/<uuid:uid>/picture.jpg", "follow_up verify_outcome", of="outcome"),
    Route("learn/follow-up/<uuid:uid>/", "follow_up verify_outcome", of="person"),
    Route("learn/follow-up/<uuid:uid>/story/", "verify_outcome", BOTH, of="person"),
    Route("learn/follow-up/<uuid:uid>/story/off/", "verify_outcome", "POST", of="person"),
    Route("learn/follow-up/<uuid:uid>/coach/", "verify_outcome", "POST", of="person"),
    Route("learn/follow-up/<uuid:uid>/visit/", NOBODY, "POST", of="person"),  # but her coach
    Route("learn/follow-up/<uuid:uid>/shop/", "follow_up", "POST", of="person"),
    Route("learn/follow-up/<uuid:uid>/claim/", "follow_up", "POST", of="person"),
    Route("learn/follow-up/<uuid:uid>/earlier/", "follow_up", "POST", of="person"),
    Route("learn/my-shop/", SIGNED_IN, BOTH),
    Route("learn/my-shop/claim/", SIGNED_IN, "POST"),
    Route("learn/my-shop/income/", SIGNED_IN, "POST"),
    Route("learn/my-shop/<uuid:uid>/off/", OWN, "POST", of="shop"),
    # Taught classes: villagers join and sign in
    Route("learn/join/", SIGNED_IN),
    Route("learn/join/<uuid:uid>/", OWN, "POST", of="taught_class"),
    Route("learn/join/<uuid:uid>/leave/", OWN, "POST", of="taught_class"),
    Route("learn/here/", SIGNED_IN, BOTH),
    Route("learn/here/<str:code>/", PUBLIC),  # a code of the moment opens the button
    # Taught classes: the desk
    Route("learn/classes/", CLASS_DESK),
    Route("learn/classes/new/", "enter_class_data", BOTH),
    Route("learn/classes/ledgers/", "import_roster", BOTH),
    Route("learn/classes/ledgers/<uuid:uid>/", "import_roster", BOTH, of="old_ledger"),
    Route("learn/classes/<uuid:uid>/", CLASS_DESK, of="taught_class"),
    Route("learn/classes/<uuid:uid>/plan/", "enter_class_data", BOTH, of="taught_class"),
    Route("learn/classes/<uuid:uid>/capacity/", "approve_class", "POST", of="taught_class"),
    Route("learn/classes/<uuid:uid>/teacher/", "enter_class_data", "POST", of="taught_class"),
    Route("learn/classes/<uuid:uid>/step/<str:name>/", "approve_class", "POST", of="class_step"),
    Route("learn/classes/<uuid:uid>/sittings/", "enter_class_data", "POST", of="taught_class"),
    Route("learn/classes/<uuid:uid>/enrol/", "enrol_in_class", BOTH, of="taught_class"),
    Route("learn/classes/<uuid:uid>/places/<uuid:place>/give-up/", "enrol_in_class", "POST", of="seat"),
    Route("learn/classes/<uuid:uid>/places/<uuid:place>/mark/", "enter_class_data", BOTH, of="seat"),
    Route("learn/classes/<uuid:uid>/waiting/<int:pk>/", "enrol_in_class", "POST", of="waiting"),
    Route("learn/classes/sittings/<uuid:uid>/", CLASS_DESK, of="sitting"),
    Route("learn/classes/sittings/<uuid:uid>/move/", "enter_class_data", BOTH, of="sitting"),
    Route("learn/classes/sittings/<uuid:uid>/drop/", "enter_class_data", "POST", of="sitting"),
    Route("learn/classes/sittings/<uuid:uid>/sites/", "enter_class_data", "POST", of="sitting"),
    Route("learn/classes/sittings/<uuid:uid>/recording/", "enter_class_data", "POST", of="sitting"),
    Route("learn/classes/sittings/<uuid:uid>/confirm/", "enter_class_data", "POST", of="sitting"),
    Route("learn/classes/sittings/<uuid:uid>/photos/", "enter_class_data", "POST", of="sitting"),
    Route("learn/classes/sittings/<uuid:uid>/photos/<int:pk>/", CLASS_DESK, of="sitting_photo"),
    Route(
        "learn/classes/sittings/<uuid:uid>/people/<uuid:place>/", "enter_class_data", BOTH, of="sitting_place"
    ),
    Route("learn/classes/sites/<uuid:uid>/sheet.pdf", "enter_class_data", of="room"),
    Route("learn/classes/sites/<uuid:uid>/sheet/", "enter_class_data", BOTH, of="room"),
    Route("learn/classes/sites/<uuid:uid>/scan/", CLASS_DESK, of="room"),
    Route("learn/classes/sites/<uuid:uid>/list/", "enter_class_data", BOTH, of="room"),
    Route("learn/classes/sites/<uuid:uid>/taps/", "enter_class_data", "POST", of="room"),
    Route("learn/classes/sites/<uuid:uid>/wall/", "enter_class_data", of="room"),
    Route("learn/classes/sites/<uuid:uid>/wall.svg", "enter_class_data", of="room"),
    # Marking
    Route("learn/marking/", "mark_work read_work"),
    Route("learn/marking/<uuid:uid>/", "mark_work read_work", of="submission"),
    Route("learn/marking/<uuid:uid>/", "mark_work", "POST", of="submission"),
    Route("learn/work/<uuid:uid>/<int:pk>/", "own mark_work read_work", of="work_file"),
]
