"""What Django's permissions may not decide alone."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from registry.capabilities import Capability
from registry.models import User
from registry.permissions import capabilities_of


class AdminGate:
    """Keeps out of the Wagtail admin whoever holds no appointment today that opens it.

    Group rows follow the appointments (`sync_admin_groups`), but an appointment also ends by its date, at
    midnight, and somebody could be given a group by hand. Stands before the backends that read groups.
    """

    def authenticate(self, request: HttpRequest | None) -> None:
        """Sign nobody in."""

    def has_perm(self, user: User, perm: str, obj: object = None) -> bool:
        """Grant nothing; refuse the admin to those whose appointments do not open it. Wagtail asks often."""
        if perm == "wagtailadmin.access_admin" and Capability.OPEN_ADMIN not in capabilities_of(user):
            raise PermissionDenied
        return False
