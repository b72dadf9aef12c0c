"""Who may mark and read work, and who may see and run classes: by region or training body, nobody her own."""

from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser

from courses.models import Submission, SubmissionFile, TrainingClass
from registry.capabilities import Capability
from registry.models import User
from registry.permissions import may, organisations_of, scope_codes
from registry.queries.people import is_same_person, person_of
from registry.queries.places import COUNTY_CODE_LENGTH


@dataclass(frozen=True)
class Reach:
    """Region codes ("" is everywhere) and training bodies whose work somebody may read."""

    codes: list[str] = field(default_factory=list)
    training_bodies: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.codes or self.training_bodies)


def can_mark(user: User | AnonymousUser) -> bool:
    """Tell whether `user` may mark anywhere; the work she sees is the work she may mark."""
    return may(user, Capability.MARK_WORK)


def marking_reach(user: User | AnonymousUser) -> Reach:
    """Return where `user` marks, or reads marks without marking (auditors)."""
    for capability in (Capability.MARK_WORK, Capability.READ_WORK):
        reach = Reach(scope_codes(user, capability), organisations_of(user, capability))
        if reach:
            return reach
    return Reach()


def can_see_work(user: User | AnonymousUser, submission: Submission) -> bool:
    """Say whether `user` may see handed-in files: she who sent them, markers and auditors of her region."""
    if not user.is_authenticated:
        return False
    return _is_own(user, submission) or _lies_within(submission, marking_reach(user))


def can_see_file(user: User | AnonymousUser, file: SubmissionFile) -> bool:
    """Say whether `user` may see one handed-in file: her own always, others' once it is cleaned."""
    return (file.is_ready or _is_own(user, file.submission)) and can_see_work(user, file.submission)


def _is_own(user: User | AnonymousUser, submission: Submission) -> bool:
    return is_same_person(person_of(user), submission.enrolment.person)


def _lies_within(submission: Submission, reach: Reach) -> bool:
    village = submission.enrolment.village_version
    training_class = submission.enrolment.training_class
    codes = [training_class.county_code, village.code if village else ""]
    return training_class.training_body_id in reach.training_bodies or any(
        code.startswith(scope) for scope in reach.codes for code in codes if code
    )


# Taught classes: by the place where they are held, or by the training body that holds them.

_CLASS_PEOPLE = (
    Capability.READ_CLASSES,
    Capability.ENTER_CLASS_DATA,
    Capability.CHECK_CLASS_ROSTER,
    Capability.APPROVE_CLASS,
)


def class_reach(user: User | AnonymousUser) -> Reach:
    """Return whose classes `user` may look at: those she works for, and where she puts people on rosters.

    Whoever enrols people of a village or town sees the classes of the whole county: they go there.
    """
    codes = {code for capability in _CLASS_PEOPLE for code in scope_codes(user, capability)}
    codes |= {code[:COUNTY_CODE_LENGTH] for code in scope_codes(user, Capability.ENROL_IN_CLASS)}
    bodies = {body for capability in _CLASS_PEOPLE for body in organisations_of(user, capability)}
    return Reach(sorted(codes), sorted(bodies))


def may_in_class(user: User | AnonymousUser, capability: Capability, training_class: TrainingClass) -> bool:
    """Tell whether `user` may do this in the class; whether she has another duty in it, the service looks."""
    code = training_class.place_code or training_class.county_code
    return may(user, capability, code=code) or (
        training_class.training_body_id is not None
        and training_class.training_body_id in organisations_of(user, capability)
    )


def planning_reach(user: User | AnonymousUser) -> Reach:
    """Return the regions in which `user` may plan classes, and the training bodies for which she may."""
    capability = Capability.ENTER_CLASS_DATA
    return Reach(scope_codes(user, capability), organisations_of(user, capability))


def enrolling_scopes(user: User | AnonymousUser) -> list[str]:
    """Return the codes of the regions whose people `user` may put on rosters."""
    return scope_codes(user, Capability.ENROL_IN_CLASS)


def can_see_class(user: User | AnonymousUser, training_class: TrainingClass) -> bool:
    """Tell whether `user` may look at the class: its plan, timetable and roster."""
    reach = class_reach(user)
    code = training_class.place_code or training_class.county_code
    return training_class.training_body_id in reach.training_bodies or any(
        code.startswith(scope) for scope in reach.codes
    )


def sees_names_in(user: User | AnonymousUser, training_class: TrainingClass) -> bool:
    """Tell whether `user` reads whole names in this class: who enters, checks or approves; others masked."""
    steps = (Capability.ENTER_CLASS_DATA, Capability.CHECK_CLASS_ROSTER, Capability.APPROVE_CLASS)
    return any(may_in_class(user, capability, training_class) for capability in steps)


PAPER_READERS = (
    Capability.ENTER_CLASS_DATA,
    Capability.CHECK_CLASS_ROSTER,
    Capability.APPROVE_CLASS,
    Capability.CLOSE_CLASS,
    Capability.EXPORT,
)


def can_read_papers(user: User | AnonymousUser, training_class: TrainingClass) -> bool:
    """Tell whether `user` may read the papers of the class's ledger."""
    return any(may_in_class(user, capability, training_class) for capability in PAPER_READERS)


def follow_up_scopes(user: User | AnonymousUser, *capabilities: Capability) -> list[str]:
    """Return the codes of the regions whose trained people `user` follows up, or verifies outcomes of."""
    wanted = capabilities or (Capability.FOLLOW_UP, Capability.VERIFY_OUTCOME)
    return sorted({code for capability in wanted for code in scope_codes(user, capability)})
