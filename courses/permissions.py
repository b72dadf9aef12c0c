"""Who may mark and read work: those of the region or of the class's training body, nobody her own."""

from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser

from courses.models import Submission, SubmissionFile
from registry.capabilities import Capability
from registry.models import User
from registry.permissions import may, organisations_of, scope_codes
from registry.queries.people import is_same_person, person_of


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
