"""Which role may do what: one table. Where and from when to when is in the appointments.

Change a right here and nowhere else; `tests/permissions/matrix.py` states it a second time, by hand.
Whoever is paid by the head enters and never confirms, and nobody confirms what she entered.
"""

from enum import StrEnum

from registry.models import Appointment

Role = Appointment.Role


class Capability(StrEnum):
    """Something an account may or may not do, asked of `registry.permissions.may`."""

    OPEN_ADMIN = "open_admin"
    # Reading
    READ_FIGURES = "read_figures"
    READ_PEOPLE = "read_people"  # names masked
    READ_RECORDS = "read_records"  # one person's record: households, status, logins
    READ_CLASSES = "read_classes"
    READ_ROSTERS = "read_rosters"
    READ_PLACE_CHANGES = "read_place_changes"
    READ_OFFICIALS = "read_officials"
    READ_CERTIFICATES = "read_certificates"
    READ_WORK = "read_work"
    SEARCH_AUDIT_LOG = "search_audit_log"
    EXPORT = "export"
    REVEAL_NUMBER = "reveal_number"
    # The registry
    IMPORT_ROSTER = "import_roster"
    DECIDE_DUPLICATES = "decide_duplicates"
    RECORD_PLACE_CHANGE = "record_place_change"
    DECIDE_VILLAGE = "decide_village"
    MANAGE_CONSENT = "manage_consent"
    HANDLE_REQUESTS = "handle_requests"
    ISSUE_CARD = "issue_card"
    ASSIST_SIGN_IN = "assist_sign_in"
    APPOINT = "appoint"
    # Teaching
    AUTHOR_LESSONS = "author_lessons"
    APPROVE_LESSONS = "approve_lessons"
    MARK_WORK = "mark_work"
    ENROL_IN_CLASS = "enrol_in_class"
    # After the class
    FOLLOW_UP = "follow_up"  # visits, shops and claims of trainees
    VERIFY_OUTCOME = "verify_outcome"  # and give trainees a coach
    # The four steps of a class, each by another account (A14)
    ENTER_CLASS_DATA = "enter_class_data"
    CHECK_CLASS_ROSTER = "check_class_roster"
    APPROVE_CLASS = "approve_class"
    CLOSE_CLASS = "close_class"
    CONFIRM_COUNT = "confirm_count"
    SET_TARGET = "set_target"  # of a year
    SETTLE_FLAG = "settle_flag"  # and draw and call a sample
    MAKE_API_TOKEN = "make_api_token"  # noqa: S105 - no secret: lets another platform read in her name
    ISSUE_CERTIFICATE = "issue_certificate"
    # Papers: one draws, another approves; one proposes to take back, another decides
    DESIGN_CERTIFICATE = "design_certificate"
    APPROVE_DESIGN = "approve_design"
    REVOKE_CERTIFICATE = "revoke_certificate"
    DECIDE_REVOCATION = "decide_revocation"


C = Capability

CAPABILITIES: dict[str, frozenset[Capability]] = {
    # 商务局 as office of the leading group: runs the programme, approves classes and counts.
    Role.OFFICE: frozenset(
        {
            C.OPEN_ADMIN,
            C.READ_FIGURES,
            C.READ_PEOPLE,
            C.READ_RECORDS,
            C.READ_CLASSES,
            C.READ_ROSTERS,
            C.READ_PLACE_CHANGES,
            C.READ_OFFICIALS,
            C.READ_CERTIFICATES,
            C.EXPORT,
            C.REVEAL_NUMBER,
            C.SEARCH_AUDIT_LOG,
            C.IMPORT_ROSTER,
            C.DECIDE_DUPLICATES,
            C.RECORD_PLACE_CHANGE,
            C.DECIDE_VILLAGE,
            C.MANAGE_CONSENT,
            C.HANDLE_REQUESTS,
            C.ISSUE_CARD,
            C.APPOINT,
            C.APPROVE_LESSONS,
            C.ENROL_IN_CLASS,
            C.APPROVE_CLASS,
            C.CLOSE_CLASS,
            C.CONFIRM_COUNT,
            C.APPROVE_DESIGN,
            C.REVOKE_CERTIFICATE,
            C.DECIDE_REVOCATION,
            C.VERIFY_OUTCOME,
            C.SET_TARGET,
            C.SETTLE_FLAG,
            C.MAKE_API_TOKEN,
        }
    ),
    # Reads everything, reveals with a reason, changes nothing but what the audit itself found.
    Role.AUDITOR: frozenset(
        {
            C.OPEN_ADMIN,
            C.READ_FIGURES,
            C.READ_PEOPLE,
            C.READ_RECORDS,
            C.READ_CLASSES,
            C.READ_ROSTERS,
            C.READ_PLACE_CHANGES,
            C.READ_OFFICIALS,
            C.READ_CERTIFICATES,
            C.READ_WORK,
            C.SEARCH_AUDIT_LOG,
            C.EXPORT,
            C.REVEAL_NUMBER,
            C.SETTLE_FLAG,
        }
    ),
    # The contracted company: enters, never confirms; poverty status is not its business.
    Role.OPERATOR: frozenset({C.READ_CLASSES, C.ENTER_CLASS_DATA, C.ISSUE_CARD, C.ASSIST_SIGN_IN}),
    Role.CERTIFICATE_CLERK: frozenset(
        {
            C.OPEN_ADMIN,
            C.READ_CLASSES,
            C.READ_CERTIFICATES,
            C.ISSUE_CERTIFICATE,
            C.DESIGN_CERTIFICATE,
            C.REVOKE_CERTIFICATE,
        }
    ),
    # Checks the list of its own town.
    Role.TOWN: frozenset(
        {
            C.OPEN_ADMIN,
            C.READ_FIGURES,
            C.READ_PEOPLE,
            C.READ_RECORDS,
            C.ENROL_IN_CLASS,
            C.CHECK_CLASS_ROSTER,
            C.FOLLOW_UP,
            C.MANAGE_CONSENT,
            C.ISSUE_CARD,
            C.ASSIST_SIGN_IN,
        }
    ),
    Role.STATION_KEEPER: frozenset({C.ASSIST_SIGN_IN, C.ISSUE_CARD, C.ENROL_IN_CLASS}),
    Role.TRAINING_BODY: frozenset({C.READ_CLASSES, C.ENTER_CLASS_DATA, C.MARK_WORK}),
    Role.INSTRUCTOR: frozenset(
        {C.OPEN_ADMIN, C.AUTHOR_LESSONS, C.MARK_WORK, C.ENTER_CLASS_DATA, C.FOLLOW_UP}
    ),
    Role.COACH: frozenset({C.MARK_WORK, C.ENTER_CLASS_DATA, C.FOLLOW_UP}),
    # Counts of every county below, and masked persons; nothing else.
    Role.PROVINCE_READER: frozenset({C.READ_FIGURES, C.READ_PEOPLE}),
}

# Reaches the classes its organisation teaches, wherever they are, and no region.
REACHES_OWN_CLASSES = frozenset({Role.TRAINING_BODY})

# Whom an office may appoint anywhere in its region, and whom only in a region below its own: nobody chooses
# her own auditor or her own equals. The rest is for the site's administrators.
APPOINTED_WITHIN = frozenset(
    {
        Role.OPERATOR,
        Role.CERTIFICATE_CLERK,
        Role.TOWN,
        Role.STATION_KEEPER,
        Role.TRAINING_BODY,
        Role.INSTRUCTOR,
        Role.COACH,
    }
)
APPOINTED_BELOW = frozenset({Role.OFFICE, Role.AUDITOR})


def roles_that_may(capability: str) -> list[str]:
    """Return the roles that have a capability."""
    return [role for role, capabilities in CAPABILITIES.items() if capability in capabilities]
