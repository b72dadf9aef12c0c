"""Who may mark what: instructors the work of their region, nobody her own."""

from django.contrib.auth.models import AnonymousUser

from courses.models import Submission, SubmissionFile
from registry.models import Appointment, User
from registry.permissions import scope_codes
from registry.queries.people import is_same_person, person_of


def marking_scopes(user: User | AnonymousUser) -> list[str]:
    """Return the region codes in which `user` may mark work; "" is everywhere, an empty list nowhere."""
    if not user.is_authenticated:
        return []
    return [""] if user.is_superuser else scope_codes(user, Appointment.Role.INSTRUCTOR)


def can_see_work(user: User | AnonymousUser, submission: Submission) -> bool:
    """Say whether `user` may see handed-in files: she who sent them, and instructors of her region."""
    if not user.is_authenticated:
        return False
    return _is_own(user, submission) or _lies_within(submission, marking_scopes(user))


def can_see_file(user: User | AnonymousUser, file: SubmissionFile) -> bool:
    """Say whether `user` may see one handed-in file: her own always, others' once it is cleaned."""
    return (file.is_ready or _is_own(user, file.submission)) and can_see_work(user, file.submission)


def _is_own(user: User | AnonymousUser, submission: Submission) -> bool:
    return is_same_person(person_of(user), submission.enrolment.person)


def _lies_within(submission: Submission, scopes: list[str]) -> bool:
    village = submission.enrolment.village_version
    codes = [submission.enrolment.training_class.county_code, village.code if village else ""]
    return any(code.startswith(scope) for scope in scopes for code in codes if code)
