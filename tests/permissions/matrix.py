"""Every address of the site and who may: one line each, written by hand and not taken from the code.

The lines stand in the folder lines, a module for each app. A line: the address as the resolver writes it,
who may, and where needed the methods ("GET" if nothing is said), the object in the address (an entry of
`addresses` in the folder objects) and a query. `who` is one of

    PUBLIC       everybody
    SIGNED_IN    whoever has signed in
    DEMO         everybody, where the demo runs; nobody elsewhere
    OWN          the trainee the object belongs to
    SUPERUSER    the site's administrators
    NOBODY       nobody: the address answers 404
    TOKEN        no session: the address answers 401 to whoever sends no token (tests/county/test_api.py)
    a capability of GRID, or several words of all these: any of them will do

A capability holds for objects of the region of the appointment. Whoever may not gets the answer of an object
that does not exist; a visitor may be sent to sign in.
"""

from tests.permissions.lines import certificates, cms, county, courses, livestream, registry

ROLES = (
    "office",
    "auditor",
    "operator",
    "certificate_clerk",
    "town",
    "station_keeper",
    "training_body",
    "instructor",
    "coach",
    "province_reader",
)

# Which roles have which capability (domain.md, section 1).
GRID = {
    "open_admin": "office auditor certificate_clerk town instructor",
    "read_figures": "office auditor town province_reader",
    "read_people": "office auditor town province_reader",
    "read_records": "office auditor town",
    "read_classes": "office auditor operator certificate_clerk training_body",
    "read_rosters": "office auditor",
    "read_place_changes": "office auditor",
    "read_officials": "office auditor",
    "read_certificates": "office auditor certificate_clerk",
    "read_work": "auditor",
    "search_audit_log": "office auditor",
    "export": "office auditor",
    "reveal_number": "office auditor",
    "import_roster": "office",
    "decide_duplicates": "office",
    "record_place_change": "office",
    "decide_village": "office",
    "manage_consent": "office town",
    "handle_requests": "office",
    "issue_card": "office operator town station_keeper",
    "assist_sign_in": "operator town station_keeper",
    "appoint": "office",
    "author_lessons": "instructor",
    "approve_lessons": "office",
    "mark_work": "training_body instructor coach",
    "follow_up": "town instructor coach",
    "verify_outcome": "office",
    "enter_class_data": "operator training_body instructor coach",
    "enrol_in_class": "office town station_keeper",
    "check_class_roster": "town",
    "approve_class": "office",
    "close_class": "office",
    "confirm_count": "office",
    "set_target": "office",
    "settle_flag": "office auditor",
    "make_api_token": "office",
    "issue_certificate": "certificate_clerk",
    "design_certificate": "certificate_clerk",
    "approve_design": "office",
    "revoke_certificate": "office certificate_clerk",
    "decide_revocation": "office",
}

ROUTES = [
    *cms.ROUTES,
    *registry.ROUTES,
    *courses.ROUTES,
    *livestream.ROUTES,
    *certificates.ROUTES,
    *county.ROUTES,
]

# Walked last: nobody is signed in after them.
ENDS_THE_SESSION = {"account/logout/", "people/station/done/"}
