"""The officials' roster (干部名册) as an office or auditor may read it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from registry.capabilities import Capability
from registry.models import Appointment, RegionVersion, User
from registry.permissions import appointing_reach, scope_codes
from registry.queries.places import in_any_subtree


@dataclass(frozen=True, slots=True)
class OfficialLine:
    """One appointment with the name of its place and whether the reader may end or transfer it."""

    appointment: Appointment
    place: RegionVersion | None
    is_current: bool
    may_change: bool


def officials_within(user: User, capability: str = Capability.READ_OFFICIALS) -> QuerySet[Appointment]:
    """Return the appointments to places in which `user` may read the roster, or as told; newest first."""
    within = in_any_subtree(scope_codes(user, capability))
    found = Appointment.objects.filter(region__in=RegionVersion.objects.filter(within).values("region"))
    return found.select_related("user", "organisation", "deputy", "region").order_by(
        "-valid__startswith", "-pk"
    )


def search_officials(
    found: QuerySet[Appointment], *, text: str = "", role: str = "", state: str = "", on: date | None = None
) -> QuerySet[Appointment]:
    """Narrow the roster by a piece of name, post or organisation, by role, and to "current" or "ended"."""
    day = on or timezone.localdate()
    if text:
        found = found.filter(
            Q(user__display_name__icontains=text)
            | Q(user__username__icontains=text)
            | Q(post__icontains=text)
            | Q(organisation__name__icontains=text)
        )
    if role:
        found = found.filter(role=role)
    if state == "current":
        found = found.filter(Q(valid__contains=day) | Q(valid__startswith__gt=day))
    elif state == "ended":
        found = found.exclude(Q(valid__contains=day) | Q(valid__startswith__gt=day))
    return found


def official_lines(
    appointments: list[Appointment], reader: User, on: date | None = None
) -> list[OfficialLine]:
    """Name the places of appointments in one query, as they are called now or were last."""
    day = on or timezone.localdate()
    places: dict[int, RegionVersion] = {}
    regions = {appointment.region_id for appointment in appointments}
    for version in RegionVersion.objects.filter(region__in=regions).order_by("valid"):
        places[version.region_id] = version
    reach = appointing_reach(reader)
    return [
        OfficialLine(
            each,
            place := places.get(each.region_id),
            day in each.valid if not each.valid.isempty else False,
            not _is_over(each, day)
            and each.user_id != reader.pk
            and place is not None
            and reach.holds(each.role, place.code),
        )
        for each in appointments
    ]


def accounts_to_appoint(user: User) -> QuerySet[User]:
    """Return the accounts `user` may appoint: known in her region, or appointed nowhere yet, never herself.

    An account of elsewhere is as good as unknown: its user name tells nothing.
    """
    anywhere = Appointment.objects.filter(user=OuterRef("pk"))
    hers = officials_within(user, Capability.APPOINT).order_by().values("user")
    found = User.objects.filter(is_active=True, is_superuser=False).exclude(pk=user.pk)
    return found if user.is_superuser else found.filter(Q(pk__in=hers) | ~Exists(anywhere))


def regions_to_appoint_in(user: User) -> QuerySet[RegionVersion]:
    """Return today's places down to the towns where `user` appoints, by code."""
    return RegionVersion.objects.filter(
        in_any_subtree(scope_codes(user, Capability.APPOINT)),
        level__lte=RegionVersion.Level.TOWN,
        valid__contains=timezone.localdate(),
    ).order_by("code")


def _is_over(appointment: Appointment, day: date) -> bool:
    valid = appointment.valid
    return valid.isempty or (valid.upper is not None and valid.upper <= day)
