"""Who may watch: the host herself, and who marks work where she lives or learns. The office does not."""

from django.contrib.auth.models import AnonymousUser

from courses.models import Enrolment
from courses.permissions import Reach
from livestream.models import LiveSession
from registry.capabilities import Capability
from registry.models import User
from registry.permissions import organisations_of, scope_codes
from registry.queries.people import is_same_person, person_of, records_of


def coaching_reach(user: User | AnonymousUser) -> Reach:
    """Return where `user` coaches: regions ("" is everywhere), and training bodies with all who learn there.

    For lists: `queries.media.sessions_within`.
    """
    return Reach(scope_codes(user, Capability.MARK_WORK), organisations_of(user, Capability.MARK_WORK))


def can_watch(user: User | AnonymousUser, session: LiveSession) -> bool:
    """Tell whether `user` may watch a session, on air or recorded."""
    if not user.is_authenticated:
        return False
    if session.person_id and is_same_person(person_of(user), session.person):
        return True
    reach = coaching_reach(user)
    return _lies_in(session, reach.codes) or _learns_with(session, reach.training_bodies)


def keeping_scopes(user: User | AnonymousUser) -> list[str]:
    """Return the codes of the regions whose recordings `user` may have kept, or let go again: an office's."""
    return scope_codes(user, Capability.HANDLE_REQUESTS)


def can_keep_recording(user: User | AnonymousUser, session: LiveSession) -> bool:
    """Tell whether `user` may have a recording kept beyond its time."""
    return _lies_in(session, keeping_scopes(user))


def _lies_in(session: LiveSession, scopes: list[str]) -> bool:
    code = session.place.code if session.place else ""
    return "" in scopes or any(code.startswith(scope) for scope in scopes if code)


def _learns_with(session: LiveSession, training_bodies: list[int]) -> bool:
    if not training_bodies or session.person is None:
        return False
    return Enrolment.objects.filter(
        person__in=records_of(session.person), training_class__training_body__in=training_bodies
    ).exists()
