"""Appointing officials and teachers, moving them and ending it: nothing of the roster is overwritten.

What a role opens in the Wagtail admin follows from the appointments, in `sync_admin_groups` and nowhere else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from registry.errors import (
    AppointmentEnded,
    AppointmentOverlaps,
    AppointsHerself,
    CannotAppointHere,
    DeputyIsHerself,
    EndsBeforeItBegins,
)
from registry.models import Appointment, AuditAction, Organisation, Region, User
from registry.permissions import can_appoint
from registry.queries.places import version_on
from registry.services.audit import record

# Wagtail groups by role; what a group may do beyond opening the admin is set by the app that owns it.
ADMIN_GROUPS = {
    Appointment.Role.OFFICE: "County office",
    Appointment.Role.AUDITOR: "Auditors",
    Appointment.Role.CERTIFICATE_CLERK: "Certificate clerks",
    Appointment.Role.TOWN: "Town offices",
    Appointment.Role.INSTRUCTOR: "Instructors",
}


@dataclass(frozen=True, kw_only=True)
class Post:
    """What the roster says of an official beside her role and region."""

    organisation: Organisation | None = None
    title: str = ""
    duties: tuple[str, ...] = ()
    deputy: User | None = None
    work_phone: str = ""


@transaction.atomic
def appoint(
    *,
    user: User,
    role: str,
    region: Region,
    since: date,
    until: date | None = None,
    post: Post | None = None,
    by: User | None = None,
    now: datetime | None = None,
) -> Appointment:
    """Give `user` the role in `region` from `since` on; an open appointment of that kind is returned as is.

    `until` is the first day it no longer holds; `by` nobody is the site's own set-up. Raises
    `AppointsHerself`, `CannotAppointHere`, `DeputyIsHerself`, `EndsBeforeItBegins` and `AppointmentOverlaps`.
    """
    now = now or timezone.now()
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _refuse_appointer(by, user, role, region, now)
    if until is not None and until <= since:
        raise EndsBeforeItBegins
    same = Appointment.objects.filter(user=user, role=role, region=region)
    existing = same.filter(valid__contains=since, valid__endswith=None).first()
    if existing and until is None:
        sync_admin_groups(users=[user], now=now)
        return existing
    if same.filter(valid__overlap=DateRange(since, until)).exists():
        raise AppointmentOverlaps
    appointment = _create(user, role, region, DateRange(since, until), post or Post(), by, now)
    sync_admin_groups(users=[user], now=now)
    _log(AuditAction.APPOINTED, appointment, by, since, now)
    return appointment


@transaction.atomic
def end_appointment(
    *, appointment: Appointment, on: date, by: User | None = None, now: datetime | None = None
) -> Appointment:
    """End an appointment: `on` is the first day it no longer holds, today takes the access away at once.

    Raises `CannotAppointHere`, `AppointsHerself`, `AppointmentEnded` and `EndsBeforeItBegins`.
    """
    now = now or timezone.now()
    locked = Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
    _refuse_appointer(by, locked.user, locked.role, locked.region, now)
    if locked.valid.isempty or (locked.valid.upper is not None and locked.valid.upper <= on):
        raise AppointmentEnded
    if locked.valid.lower is not None and on < locked.valid.lower:
        raise EndsBeforeItBegins
    locked.valid = DateRange(locked.valid.lower, on)
    locked.ended_by, locked.ended_at = by, now
    locked.save(update_fields=["valid", "ended_by", "ended_at"])
    locked.refresh_from_db(fields=["valid"])
    sync_admin_groups(users=[locked.user], now=now)
    _log(AuditAction.APPOINTMENT_ENDED, locked, by, on, now)
    return locked


@transaction.atomic
def transfer(
    *,
    appointment: Appointment,
    region: Region,
    on: date,
    post: Post,
    by: User | None = None,
    now: datetime | None = None,
) -> Appointment:
    """Close an appointment and open another of the same role from that day on, elsewhere or in another post.

    Raises what `end_appointment` and `appoint` raise; the appointer must reach both places.
    """
    ended = end_appointment(appointment=appointment, on=on, by=by, now=now)
    return appoint(user=ended.user, role=ended.role, region=region, since=on, post=post, by=by, now=now)


@transaction.atomic
def add_staff(
    *,
    username: str,
    display_name: str,
    password: str,
    role: str,
    region: Region,
    since: date,
    post: Post | None = None,
) -> User:
    """Make an account for a member of staff and appoint her; an account of that name is kept as it is."""
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(username=username, password=password, display_name=display_name)
    appoint(user=user, role=role, region=region, since=since, post=post)
    return user


@transaction.atomic
def sync_admin_groups(*, users: Iterable[User] | None = None, now: datetime | None = None) -> int:
    """Put accounts into the admin's groups of today's roles and out of all others; return how many moved.

    Without `users` all accounts: the daily task, for appointments whose day has come or gone.
    """
    groups = _admin_groups()
    held = Appointment.objects.filter(role__in=ADMIN_GROUPS, valid__contains=timezone.localdate(now))
    places = User.groups.through.objects.filter(group__in=groups.values())
    if users is not None:
        ids = [user.pk for user in users]
        held, places = held.filter(user__in=ids), places.filter(user__in=ids)
    wanted = {
        (user, groups[ADMIN_GROUPS[Appointment.Role(role)]])
        for user, role in held.values_list("user", "role")
    }
    there = {(user, group): pk for pk, user, group in places.values_list("pk", "user", "group")}
    User.groups.through.objects.filter(pk__in=[there[each] for each in there.keys() - wanted]).delete()
    User.groups.through.objects.bulk_create(
        [User.groups.through(user_id=user, group_id=group) for user, group in wanted - there.keys()],
        ignore_conflicts=True,
    )
    return len(wanted ^ there.keys())


def post_of(appointment: Appointment) -> Post:
    """Return what the roster says of an appointment, to start a transfer from."""
    return Post(
        organisation=appointment.organisation,
        title=appointment.post,
        duties=tuple(appointment.duties),
        deputy=appointment.deputy,
        work_phone=appointment.work_phone,
    )


def _refuse_appointer(by: User | None, user: User, role: str, region: Region, now: datetime) -> None:
    if by is None:
        return
    if by.pk == user.pk:
        raise AppointsHerself
    version = version_on(region, timezone.localdate(now))
    if version is None or not can_appoint(by, role, version.code, timezone.localdate(now)):
        raise CannotAppointHere


def _create(
    user: User, role: str, region: Region, valid: DateRange, post: Post, by: User | None, now: datetime
) -> Appointment:
    if post.deputy is not None and post.deputy.pk == user.pk:
        raise DeputyIsHerself
    return Appointment.objects.create(
        user=user,
        role=role,
        region=region,
        valid=valid,
        organisation=post.organisation,
        post=post.title,
        duties=[duty for duty in Appointment.Duty.values if duty in post.duties],
        deputy=post.deputy,
        work_phone=post.work_phone,
        appointed_by=by,
        appointed_at=now,
    )


def _log(action: str, appointment: Appointment, by: User | None, on: date, now: datetime) -> None:
    version = version_on(appointment.region, timezone.localdate(now))
    record(
        actor=by,
        action=action,
        region_code=version.code if version else "",
        detail={"user": str(appointment.user.uid), "role": str(appointment.role), "on": on.isoformat()},
        now=now,
    )


def _admin_groups() -> dict[str, int]:
    """Return the ids of the admin's groups by name; one that is new or cannot open the admin is mended."""
    names = set(ADMIN_GROUPS.values())
    opening = Group.objects.filter(
        name__in=names,
        permissions__codename="access_admin",
        permissions__content_type__app_label="wagtailadmin",
    )
    groups = dict(opening.values_list("name", "pk"))
    for name in sorted(names - groups.keys()):
        group, _is_new = Group.objects.get_or_create(name=name)
        group.permissions.add(
            Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
        )
        groups[name] = group.pk
    return groups
