"""Who may read the county's figures: the office, for its own region and what lies in it."""

from registry.models import Appointment
from registry.permissions import has_role


def can_read_counts(user: object, code: str) -> bool:
    """Whether `user` may read the figures of the region with this code."""
    return bool(code) and has_role(user, Appointment.Role.OFFICE, code=code)


def can_close_class(user: object, county_code: str) -> bool:
    """Whether `user` may close a class of this county."""
    return has_role(user, Appointment.Role.OFFICE, code=county_code)
