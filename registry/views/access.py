"""The door of staff pages: whoever may not enter learns nothing, not even that there is a page."""

from django.http import Http404, HttpRequest

from registry.models import User
from registry.permissions import may


def user_who_may(request: HttpRequest, capability: str) -> User:
    """Return the signed-in user if she may do this somewhere; raises `Http404` otherwise."""
    if not may(request.user, capability):
        raise Http404
    assert isinstance(request.user, User)  # noqa: S101 - `may` says no to anybody else
    return request.user
