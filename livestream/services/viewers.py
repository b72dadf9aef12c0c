"""Signs of life of those who follow a live class, alone or several before a station's screen."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from livestream.class_permissions import is_enrolled
from livestream.errors import ClassNotOpen, NotAtStation, NotInTheClass, NotSeatedByHerself
from livestream.models import LiveClass, ViewerPerson, ViewerSession
from livestream.presence import is_gone
from registry.models import AuditAction, Person, StationDevice, User
from registry.queries.people import is_same_person, person_of, records_of, root_of
from registry.services import record


@transaction.atomic
def note_here(
    *,
    live_class: LiveClass,
    user: User,
    person: Person | None,
    tab: uuid.UUID,
    device: StationDevice | None = None,
    now: datetime | None = None,
) -> None:
    """Note that a browser tab is in the class; after a long silence it counts as having come again."""
    now = now or timezone.now()
    if not live_class.is_open(now):
        return
    visits = ViewerSession.objects.filter(live_class=live_class, user=user, tab=tab, left_at__isnull=True)
    visit = visits.select_for_update().first()
    if visit and not is_gone(visit.last_seen_at, now):
        if now > visit.last_seen_at:
            visits.update(last_seen_at=now)
        return
    if visit:
        visits.update(left_at=visit.last_seen_at)
    ViewerSession.objects.bulk_create(
        [
            ViewerSession(
                live_class=live_class,
                user=user,
                person=root_of(person) if person else None,
                tab=tab,
                device=device,
                joined_at=now,
                last_seen_at=now,
            )
        ],
        ignore_conflicts=True,  # two first signs at once are one visit
    )


@transaction.atomic
def note_gone(*, live_class: LiveClass, user: User, tab: uuid.UUID, now: datetime | None = None) -> None:
    """Note that a tab was closed; until then it was there, unless it had been silent for long."""
    now = now or timezone.now()
    visits = ViewerSession.objects.filter(live_class=live_class, user=user, tab=tab, left_at__isnull=True)
    visit = visits.select_for_update().first()
    if visit is None:
        return
    last = visit.last_seen_at if is_gone(visit.last_seen_at, now) else max(now, visit.last_seen_at)
    visits.update(last_seen_at=last, left_at=last)


@transaction.atomic
def seat_at_station(
    *,
    live_class: LiveClass,
    device: StationDevice | None,
    person: Person,
    by: User,
    now: datetime | None = None,
) -> ViewerPerson:
    """Confirm that somebody of the class sits before the station's screen; one who sits there stays seated.

    Raises ClassNotOpen, NotAtStation, NotSeatedByHerself, NotInTheClass.
    """
    now = now or timezone.now()
    if not live_class.is_open(now):
        raise ClassNotOpen
    if device is None:
        raise NotAtStation
    if is_same_person(person_of(by), person):
        raise NotSeatedByHerself
    if not is_enrolled(person, live_class):
        raise NotInTheClass
    seated, is_new = ViewerPerson.objects.get_or_create(
        live_class=live_class,
        device=device,
        person=root_of(person),
        until=None,
        defaults={"since": now, "confirmed_by": by},
    )
    if is_new:
        record(
            actor=by,
            action=AuditAction.SEATED_AT_STATION,
            person=seated.person,
            detail={"class": str(live_class.uid), "device": str(device.uid)},
            now=now,
        )
    return seated


@transaction.atomic
def leave_station(
    *, live_class: LiveClass, device: StationDevice, person: Person, now: datetime | None = None
) -> None:
    """Note that somebody left the station's screen; a repeat changes nothing."""
    ViewerPerson.objects.filter(
        live_class=live_class, device=device, person__in=records_of(person), until__isnull=True
    ).update(until=now or timezone.now())
