"""Who may watch: the host herself, and who marks work where she lives. The office sees no recordings."""

from django.contrib.auth.models import AnonymousUser

from livestream.models import LiveSession
from registry.capabilities import Capability
from registry.models import User
from registry.permissions import scope_codes
from registry.queries.people import is_same_person, person_of


def coaching_scopes(user: User | AnonymousUser) -> list[str]:
    """Return the codes of the regions whose rehearsals `user` coaches; [""] means everywhere."""
    return scope_codes(user, Capability.MARK_WORK)


def can_watch(user: User | AnonymousUser, session: LiveSession) -> bool:
    """Tell whether `user` may watch a session, on air or recorded."""
    if not user.is_authenticated:
        return False
    if session.person_id and is_same_person(person_of(user), session.person):
        return True
    code = session.place.code if session.place else ""
    scopes = coaching_scopes(user)
    return "" in scopes or any(code.startswith(scope) for scope in scopes if code)


def can_keep_recording(user: User | AnonymousUser, session: LiveSession) -> bool:
    """Tell whether `user` may have a recording kept beyond its time, or let it go again: an office."""
    code = session.place.code if session.place else ""
    scopes = scope_codes(user, Capability.HANDLE_REQUESTS)
    return "" in scopes or any(code.startswith(scope) for scope in scopes if code)
