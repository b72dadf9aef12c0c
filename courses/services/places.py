"""Places in taught classes: taken, given up, waited for. All under the lock of the class."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from courses.errors import ClassNotJoinable, HasAttended, ReasonMissing
from courses.models import Enrolment, TrainingClass, WaitingPlace
from courses.services.enrolment import facts_of_day
from registry.models import AuditAction, Person, User
from registry.queries.people import records_of, root_of
from registry.services import record

State = TrainingClass.State


@transaction.atomic
def take_place(
    *,
    training_class: TrainingClass,
    person: Person,
    category: str = Enrolment.Category.VILLAGER,
    by: User | None = None,
    now: datetime | None = None,
) -> Enrolment | WaitingPlace:
    """Give `person` a place in a taught class, or one on its waiting list when it is full.

    Village and status are stored as they are that day (R8-R11). Whoever has a place or waits, by whichever
    of her records, keeps it (E2). Before the approval only staff puts people on the roster.
    Raises ClassNotJoinable.
    """
    now = now or timezone.now()
    person = root_of(person)
    locked = _lock(training_class)
    if not _is_joinable(locked, herself=by is None):
        raise ClassNotJoinable
    known = place_of(locked, person)
    if known is not None:
        return known
    if places_free(locked) == 0:
        return WaitingPlace.objects.create(
            person=person, training_class=locked, category=category, asked_at=now, asked_by=by
        )
    return _seat(locked, person, category, by, now)


@transaction.atomic
def give_up_place(
    *, enrolment: Enrolment, reason: str, by: User | None = None, now: datetime | None = None
) -> None:
    """Free a place nobody used; the first who waits has it. Doing it again changes nothing.

    Raises HasAttended, ReasonMissing, ClassNotJoinable once the class is over.
    """
    now = now or timezone.now()
    locked = _lock(enrolment.training_class)
    enrolment.refresh_from_db()
    if enrolment.withdrawn_at is not None:
        return
    if locked.state not in (State.PLANNED, State.SUBMITTED, State.CHECKED, State.OPEN):
        raise ClassNotJoinable
    if enrolment.attendances.exists() or enrolment.completed_at is not None:
        raise HasAttended
    if not reason.strip():
        raise ReasonMissing
    enrolment.withdrawn_at, enrolment.withdrawn_by, enrolment.withdrawn_reason = now, by, reason.strip()[:200]
    enrolment.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    fill_places(training_class=locked, now=now)
    _log(enrolment, AuditAction.PLACE_GIVEN_UP, by, now)


@transaction.atomic
def stop_waiting(*, waiting: WaitingPlace, now: datetime | None = None) -> None:
    """Take somebody off the waiting list; who has a place meanwhile keeps it."""
    WaitingPlace.objects.filter(pk=waiting.pk, state=WaitingPlace.State.WAITING).update(
        state=WaitingPlace.State.GIVEN_UP, settled_at=now or timezone.now()
    )


@transaction.atomic
def fill_places(*, training_class: TrainingClass, now: datetime | None = None) -> list[Enrolment]:
    """Give free places to those who wait, in their order; again without a free place it does nothing."""
    now = now or timezone.now()
    locked = _lock(training_class)
    if not _is_joinable(locked, herself=False):
        return []
    waiting = locked.waiting_places.filter(state=WaitingPlace.State.WAITING).select_related("person__kept_as")
    free = places_free(locked)
    filled = []
    for each in waiting if free is None else waiting[:free]:
        person = root_of(each.person)
        known = Enrolment.objects.filter(
            person__in=records_of(person), training_class=locked, withdrawn_at__isnull=True
        ).first()
        each.enrolment = known or _seat(locked, person, each.category, each.asked_by, now)
        each.state, each.settled_at = WaitingPlace.State.PLACED, now
        each.save(update_fields=["enrolment", "state", "settled_at"])
        filled.append(each.enrolment)
    return filled


def place_of(training_class: TrainingClass, person: Person) -> Enrolment | WaitingPlace | None:
    """Return her place in the class, else hers on the waiting list, by whichever of her records."""
    mine = {"person__in": records_of(person), "training_class": training_class}
    taken = Enrolment.objects.filter(**mine, withdrawn_at__isnull=True).order_by("-enrolled_at").first()
    return taken or WaitingPlace.objects.filter(**mine, state=WaitingPlace.State.WAITING).first()


def places_taken(training_class: TrainingClass) -> int:
    """Return how many places of the class are taken."""
    return training_class.enrolments.filter(withdrawn_at__isnull=True).count()


def places_free(training_class: TrainingClass) -> int | None:
    """Return how many places are left; None when nobody set a limit."""
    if training_class.capacity is None:
        return None
    return max(0, training_class.capacity - places_taken(training_class))


def minutes_attended(enrolment: Enrolment) -> int:
    """Return what she attended of the class, after corrections."""
    return enrolment.attendances.aggregate(sum=Sum("minutes"))["sum"] or 0


def _is_joinable(training_class: TrainingClass, *, herself: bool) -> bool:
    if not training_class.is_taught:
        return False
    return training_class.state == State.OPEN or (training_class.is_ahead and not herself)


def _lock(training_class: TrainingClass) -> TrainingClass:
    return TrainingClass.objects.select_for_update(no_key=True, of=("self",)).get(pk=training_class.pk)


def _seat(locked: TrainingClass, person: Person, category: str, by: User | None, now: datetime) -> Enrolment:
    last = locked.enrolments.aggregate(last=Max("seat"))["last"] or 0
    enrolment = Enrolment.objects.create(
        person=person,
        training_class=locked,
        seat=last + 1,
        category=category,
        enrolled_at=now,
        enrolled_by=by,
        **facts_of_day(person, timezone.localdate(now)),
    )
    _log(enrolment, AuditAction.PLACE_TAKEN, by, now)
    return enrolment


def _log(enrolment: Enrolment, action: str, by: User | None, now: datetime) -> None:
    record(
        actor=by,
        action=action,
        person=enrolment.person,
        region_code=enrolment.training_class.county_code,
        detail={"class": enrolment.training_class.label},
        now=now,
    )
