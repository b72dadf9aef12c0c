"""Who may mark what: instructors the work of their region, nobody her own."""

from django.contrib.auth.models import AnonymousUser

from courses.models import Submission
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
    if is_same_person(person_of(user), submission.enrolment.person):
        return True
    return _lies_within(submission, marking_scopes(user))


def _lies_within(submission: Submission, scopes: list[str]) -> bool:
    village = submission.enrolment.village_version
    codes = [submission.enrolment.training_class.county_code, village.code if village else ""]
    return any(code.startswith(scope) for scope in scopes for code in codes if code)
