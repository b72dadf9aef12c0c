"""Who may do what where: answered from appointments, nowhere else."""

from datetime import date

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


def holds_any_role(user: object, on: date | None = None) -> bool:
    """Tell whether `user` works for anybody: by appointment or as an administrator. One query at most."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.is_superuser or user.is_staff:
        return True
    return Appointment.objects.filter(user=user, valid__contains=on or timezone.localdate()).exists()


_HELPERS = (Appointment.Role.OFFICE, Appointment.Role.TOWN, Appointment.Role.STATION_KEEPER)


def helping_scopes(user: User, on: date | None = None) -> list[str]:
    """Return the codes of the regions where `user` helps people sign in: cards, new numbers, stations."""
    scopes = {code for role in _HELPERS for code in scope_codes(user, role, on)}
    return sorted(scopes)
