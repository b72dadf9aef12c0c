"""Giving people a role in a region."""

from datetime import date, datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from registry.models import Appointment, AuditAction, Region, User
from registry.queries.places import version_on
from registry.services.audit import record

# Wagtail groups by role; what a group may do beyond opening the admin is set by the app that owns it.
ADMIN_GROUPS = {
    Appointment.Role.OFFICE: "County office",
    Appointment.Role.INSTRUCTOR: "Instructors",
}


@transaction.atomic
def appoint(
    *,
    user: User,
    role: str,
    region: Region,
    since: date,
    by: User | None = None,
    now: datetime | None = None,
) -> Appointment:
    """Give `user` the role in `region` from `since` on; an open appointment of that kind is returned as is.

    Roles that work in the Wagtail admin also join its group, made here if it is new.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    existing = Appointment.objects.filter(user=user, role=role, region=region, valid__contains=since).first()
    if role in ADMIN_GROUPS:
        user.groups.add(_admin_group(ADMIN_GROUPS[Appointment.Role(role)]))
    if existing:
        return existing
    made = Appointment.objects.create(user=user, role=role, region=region, valid=DateRange(since, None))
    place = version_on(region, since)
    record(
        actor=by,
        action=AuditAction.APPOINTED,
        region_code=place.code if place else "",
        detail={"user": str(user.uid), "role": str(role), "since": since.isoformat()},
        now=now,
    )
    return made


@transaction.atomic
def add_staff(
    *, username: str, display_name: str, password: str, role: str, region: Region, since: date
) -> User:
    """Make an account for a member of staff and appoint her; an account of that name is kept as it is."""
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(username=username, password=password, display_name=display_name)
    appoint(user=user, role=role, region=region, since=since)
    return user


def _admin_group(name: str) -> Group:
    group, _created = Group.objects.get_or_create(name=name)
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    return group
