"""Who may do what where: answered from appointments, nowhere else."""

from datetime import date

from django.conf import settings
from django.utils import timezone

from registry.models import Appointment, RegionVersion, User


def has_role(user: object, role: str, *, code: str = "", on: date | None = None) -> bool:
    """Tell whether `user` holds `role` on that day (today) for a region whose subtree holds `code`.

    Without a code any region will do. A superuser holds every role everywhere.
    """
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.is_superuser:
        return True
    scopes = scope_codes(user, role, on)
    return any(code.startswith(scope) for scope in scopes) if code else bool(scopes)


def scope_codes(user: User, role: str, on: date | None = None) -> list[str]:
    """Return the codes of the regions `user` holds `role` for; [""] (everywhere) for a superuser."""
    if not user.is_active:
        return []
    if user.is_superuser:
        return [""]
    day = on or timezone.localdate()
    regions = Appointment.objects.filter(user=user, role=role, valid__contains=day).values("region")
    versions = RegionVersion.objects.filter(region__in=regions, valid__contains=day)
    return list(versions.order_by("code").values_list("code", flat=True))


def can_record_change(user: User, codes: list[str], on: date | None = None) -> bool:
    """Tell whether `user` may record a change of these places: all must lie below her office's region.

    Nobody decides about her own county: a county's new code or name is recorded by an office above it.
    """
    scopes = scope_codes(user, Appointment.Role.OFFICE, on)
    return bool(codes) and all(
        any(code.startswith(scope) and code != scope for scope in scopes) for code in codes
    )


# Personal data: who may look at whom. Roles by their values; those of the officials' roster are data.
_READERS_OF_PEOPLE = (Appointment.Role.OFFICE, "auditor", "town")
_READERS_OF_LOG = (Appointment.Role.OFFICE, "auditor")


def people_scopes(user: object, on: date | None = None) -> list[str]:
    """Return the codes of the regions whose people `user` may look up; [""] means everywhere."""
    return _scopes_of_any(user, _READERS_OF_PEOPLE, on)


def log_scopes(user: object, on: date | None = None) -> list[str]:
    """Return the codes of the regions whose audit log `user` may read; [""] means everywhere."""
    return _scopes_of_any(user, _READERS_OF_LOG, on)


def can_record_consent(user: object, code: str) -> bool:
    """Tell whether `user` may enter paper and spoken consents of people of that place."""
    roles = (Appointment.Role.OFFICE, "town", "station_keeper")
    return bool(code) and any(has_role(user, role, code=code) for role in roles)


def office_scopes(user: object, on: date | None = None) -> list[str]:
    """Return the codes of the regions whose office `user` works for; [""] means everywhere."""
    return _scopes_of_any(user, (Appointment.Role.OFFICE,), on)


def can_hold_retention(user: object) -> bool:
    """Tell whether `user` may stop the removal of old data: the rules hold for the whole site, so does she.

    That is the office of the home county, or one above it.
    """
    return has_role(user, Appointment.Role.OFFICE, code=str(settings.HOME_COUNTY))


def can_see_place(scopes: list[str], code: str) -> bool:
    """Tell whether a place lies in one of the regions; a place without a code lies nowhere but everywhere."""
    return any(code.startswith(scope) for scope in scopes) if code else "" in scopes


def _scopes_of_any(user: object, roles: tuple[str, ...], on: date | None) -> list[str]:
    if not isinstance(user, User):
        return []
    codes = {code for role in roles for code in scope_codes(user, role, on)}
    return [""] if "" in codes else sorted(codes)
