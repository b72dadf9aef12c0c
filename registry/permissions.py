"""Who may do what where: answered here from the appointments and the table in `capabilities.py`.

Every app asks `may` or `scope_codes`; there is no other way to a right. Superusers may everything everywhere,
except what two different people must do (A14: `courses.services.duties`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from registry.capabilities import (
    APPOINTED_BELOW,
    APPOINTED_WITHIN,
    CAPABILITIES,
    REACHES_OWN_CLASSES,
    Capability,
    roles_that_may,
)
from registry.models import Appointment, RegionVersion, User


def may(user: object, capability: str, *, code: str = "", on: date | None = None) -> bool:
    """Tell whether `user` may do this on that day (today) in a region whose subtree holds `code`.

    Without a code any region will do, and any class of her training body. Given a role instead of a
    capability it tells whether she holds it. Raises ValueError for what is neither.
    """
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.is_superuser:
        return True
    if code:
        return any(code.startswith(scope) for scope in scope_codes(user, capability, on))
    return _appointments(user, capability, on).exists()


def scope_codes(user: object, capability: str, on: date | None = None) -> list[str]:
    """Return the codes of the regions in which `user` may do this; [""] (everywhere) for a superuser.

    A training body has no region: see `organisations_of`.
    """
    if not isinstance(user, User) or not user.is_active:
        return []
    if user.is_superuser:
        return [""]
    day = on or timezone.localdate()
    regions = _appointments(user, capability, day).exclude(role__in=REACHES_OWN_CLASSES).values("region")
    versions = RegionVersion.objects.filter(region__in=regions, valid__contains=day)
    return list(versions.order_by("code").values_list("code", flat=True))


@dataclass(frozen=True)
class RegionReach:
    """In which roles somebody works where, read once for a page that asks many times."""

    roles: list[tuple[str, str]]  # (role, code of its region)
    is_everything: bool = False

    def codes(self, capability: str) -> list[str]:
        """Return what `scope_codes` returns."""
        if self.is_everything:
            return [""]
        allowed = roles_that_may(capability)
        return sorted({code for role, code in self.roles if role in allowed})

    def may(self, capability: str, code: str) -> bool:
        """Tell what `may` tells of a region; nobody may anything in a place without a code."""
        return bool(code) and any(code.startswith(scope) for scope in self.codes(capability))


def region_reach(user: object, on: date | None = None) -> RegionReach:
    """Return where `user` works as what; one query."""
    if not isinstance(user, User) or not user.is_active:
        return RegionReach([])
    if user.is_superuser:
        return RegionReach([], is_everything=True)
    day = on or timezone.localdate()
    held = Appointment.objects.filter(
        user=user, valid__contains=day, region__versions__valid__contains=day
    ).exclude(role__in=REACHES_OWN_CLASSES)
    return RegionReach(list(held.values_list("role", "region__versions__code")))


def organisations_of(user: object, capability: str, on: date | None = None) -> list[int]:
    """Return the ids of the training bodies for whose own classes `user` may do this."""
    if not isinstance(user, User) or not user.is_active:
        return []
    held = _appointments(user, capability, on).filter(
        role__in=REACHES_OWN_CLASSES, organisation__isnull=False
    )
    return list(held.values_list("organisation", flat=True).distinct())


def capabilities_of(user: object, on: date | None = None) -> set[Capability]:
    """Return what `user` may do somewhere, for choosing links: the pages check again.

    Asked once a request: the answer stays with the user object.
    """
    if not isinstance(user, User) or not user.is_active:
        return set()
    if user.is_superuser:
        return set(Capability)
    known: dict[date, set[Capability]] = user.__dict__.setdefault("_capabilities", {})
    day = on or timezone.localdate()
    if day not in known:
        roles = Appointment.objects.filter(user=user, valid__contains=day).values_list("role", flat=True)
        known[day] = {capability for role in roles for capability in CAPABILITIES.get(role, ())}
    return known[day]


def can_record_change(user: User, codes: list[str], on: date | None = None) -> bool:
    """Tell whether `user` may record a change of these places: all must lie below her office's region.

    Nobody decides about her own county: a county's new code or name is recorded by an office above it.
    """
    scopes = scope_codes(user, Capability.RECORD_PLACE_CHANGE, on)
    return bool(codes) and all(_is_below(code, scopes) for code in codes)


@dataclass(frozen=True)
class AppointingReach:
    """Where somebody may appoint to what; `is_everything` for the site's administrators."""

    scopes: list[str]
    is_everything: bool

    @property
    def roles(self) -> list[str]:
        """The roles she may give somewhere."""
        allowed = APPOINTED_WITHIN | APPOINTED_BELOW
        return [role.value for role in Appointment.Role if self.is_everything or role in allowed]

    def holds(self, role: str, code: str) -> bool:
        """Tell whether she may give somebody else this role in the region with this code."""
        if self.is_everything:
            return True
        if role in APPOINTED_BELOW:
            return _is_below(code, self.scopes)
        return role in APPOINTED_WITHIN and bool(code) and any(code.startswith(each) for each in self.scopes)


def appointing_reach(user: User, on: date | None = None) -> AppointingReach:
    """Return where `user` may appoint to what."""
    return AppointingReach(scope_codes(user, Capability.APPOINT, on), user.is_superuser and user.is_active)


def can_appoint(user: User, role: str, code: str, on: date | None = None) -> bool:
    """Tell whether `user` may give somebody else this role in the region with this code."""
    return appointing_reach(user, on).holds(role, code)


def _is_below(code: str, scopes: list[str]) -> bool:
    return any(code.startswith(scope) and code != scope for scope in scopes)


def _appointments(user: User, capability_or_role: str, on: date | None) -> QuerySet[Appointment]:
    """Return the user's appointments of that day that carry the capability; a role stands for itself."""
    is_role = capability_or_role in Appointment.Role.values
    roles = [capability_or_role] if is_role else roles_that_may(Capability(capability_or_role))
    return Appointment.objects.filter(user=user, role__in=roles, valid__contains=on or timezone.localdate())


def can_merge_people(user: object, codes: Iterable[str]) -> bool:
    """Tell whether `user` may make one person of records that live at these codes.

    All must lie in her office's region. An empty code is a place that has none today: in nobody's region.
    """
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or all(
        code != "" and may(user, Capability.DECIDE_DUPLICATES, code=code) for code in codes
    )


def holds_any_role(user: object, on: date | None = None) -> bool:
    """Tell whether `user` works for anybody: by appointment or as an administrator. One query at most."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.is_superuser or user.is_staff:
        return True
    return Appointment.objects.filter(user=user, valid__contains=on or timezone.localdate()).exists()


def helping_scopes(user: User, on: date | None = None) -> list[str]:
    """Return the codes of the regions where `user` helps people sign in: cards, new numbers, stations."""
    helping = (Capability.ISSUE_CARD, Capability.ASSIST_SIGN_IN)
    return sorted({code for capability in helping for code in scope_codes(user, capability, on)})


# Personal data: who may look at whom.


def people_scopes(user: object, on: date | None = None) -> list[str]:
    """Return the codes of the regions whose people `user` may look up; [""] means everywhere."""
    return scope_codes(user, Capability.READ_RECORDS, on)


def log_scopes(user: object, on: date | None = None) -> list[str]:
    """Return the codes of the regions whose audit log `user` may read; [""] means everywhere."""
    return scope_codes(user, Capability.SEARCH_AUDIT_LOG, on)


def can_record_consent(user: object, code: str) -> bool:
    """Tell whether `user` may enter paper and spoken consents of people of that place."""
    return bool(code) and may(user, Capability.MANAGE_CONSENT, code=code)


def office_scopes(user: object, on: date | None = None) -> list[str]:
    """Return the codes of the regions for whose requests and lists `user` decides; [""] means everywhere."""
    return scope_codes(user, Capability.HANDLE_REQUESTS, on)


def can_hold_retention(user: object) -> bool:
    """Tell whether `user` may stop the removal of old data: the rules hold for the whole site, so does she.

    That is the office of the home county, or one above it.
    """
    return may(user, Appointment.Role.OFFICE, code=str(settings.HOME_COUNTY))


def can_see_place(scopes: list[str], code: str) -> bool:
    """Tell whether a place lies in one of the regions; a place without a code lies nowhere but everywhere."""
    return any(code.startswith(scope) for scope in scopes) if code else "" in scopes
