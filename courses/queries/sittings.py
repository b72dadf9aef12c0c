"""Sittings: who was there, by how much, at which site; what overlaps."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from courses.models import Attendance, Enrolment, SignIn, Sitting, SittingSite, TrainingClass
from registry.masking import mask_name
from registry.models import Person
from registry.queries.people import records_of

if TYPE_CHECKING:
    from uuid import UUID

SIGN_IN_WINDOW = timedelta(minutes=30)  # A4: before the beginning, and after the end


def heads_at(site: SittingSite) -> int:
    """Return how many people are keyed in at a site, after corrections."""
    return len(_present_at(site))


def _present_at(site: SittingSite) -> list[int]:
    rows = Attendance.objects.filter(site=site).values("enrolment").annotate(sum=Sum("minutes"))
    return list(rows.filter(sum__gt=0).values_list("enrolment", flat=True))


def overlapping_minutes(enrolment: Enrolment, sitting: Sitting) -> Sitting | None:
    """Return a confirmed sitting at the same time that the same human being attended, by any record (E5)."""
    present = (
        Attendance.objects.filter(sitting=OuterRef("pk"), enrolment__person__in=records_of(enrolment.person))
        .order_by()
        .values("sitting")
        .annotate(sum=Sum("minutes"))
        .filter(sum__gt=0)
    )
    return (
        Sitting.objects.filter(
            Exists(present),
            state=Sitting.State.CONFIRMED,
            starts_at__lt=sitting.ends_at,
            ends_at__gt=sitting.starts_at,
        )
        .exclude(pk=sitting.pk)
        .select_related("training_class")
        .order_by("confirmed_at")
        .first()
    )


def live_sitting_at(training_class: TrainingClass, begin: datetime, end: datetime) -> Sitting | None:
    """Return the live hour a taught class has on its timetable then; of several the one of most overlap."""
    if training_class.kind != TrainingClass.Kind.TAUGHT:
        return None
    hours = training_class.sittings.filter(
        kind=Sitting.Kind.LIVE, starts_at__lt=end, ends_at__gt=begin
    ).exclude(state__in=[Sitting.State.MOVED, Sitting.State.CANCELLED])
    return max(
        hours.order_by("pk"),
        key=lambda hour: min(hour.ends_at, end) - max(hour.starts_at, begin),
        default=None,
    )


def timetable_of(training_class: TrainingClass) -> QuerySet[Sitting]:
    """Return the sittings of a class with their sites, in their order; moved ones among them."""
    return (
        training_class.sittings.prefetch_related("sites__tutor")
        .select_related("moved_to")
        .order_by("starts_at", "pk")
    )


@dataclass(frozen=True)
class PresenceRow:
    """One line of a sitting's list: who, from where, her minutes and what proves them."""

    enrolment: Enrolment
    name: str
    village: str
    minutes: int = 0
    evidence: list[str] = field(default_factory=list)
    corrections: list[Attendance] = field(default_factory=list)

    @property
    def uid(self) -> "UUID":
        """The place's address."""
        return self.enrolment.uid

    @property
    def is_present(self) -> bool:
        """Whether any minutes stand."""
        return self.minutes > 0


def presence_at(
    sitting: Sitting, site: SittingSite | None = None, *, sees_names: bool = True
) -> list[PresenceRow]:
    """Return everybody with a place in the class, in the order of the roster, and what stands for her here.

    With a site only what was signed there. Names are masked for whoever has no business with them.
    """
    places = roster_of(sitting.training_class)
    rows = Attendance.objects.filter(sitting=sitting).order_by("pk")
    proofs = SignIn.objects.filter(sitting=sitting)
    if site is not None:
        rows, proofs = rows.filter(site=site), proofs.filter(site=site)
    by_place: dict[int, list[Attendance]] = {}
    for row in rows:
        by_place.setdefault(row.enrolment_id, []).append(row)
    kinds: dict[int, list[str]] = {}
    for proof in proofs:
        said = kinds.setdefault(proof.enrolment_id, [])
        if (label := str(proof.get_evidence_display())) not in said:
            said.append(label)
    return [
        PresenceRow(
            enrolment=place,
            name=place.person.name if sees_names else mask_name(place.person.name),
            village=place.village_version.name if place.village_version else "",
            minutes=sum(row.minutes for row in by_place.get(place.pk, [])),
            evidence=kinds.get(place.pk, []),
            corrections=[row for row in by_place.get(place.pk, []) if row.reason],
        )
        for place in places
    ]


def roster_of(training_class: TrainingClass) -> QuerySet[Enrolment]:
    """Return the places of a class in the order of the roster, with people and villages."""
    return (
        training_class.enrolments.filter(withdrawn_at__isnull=True)
        .select_related("person", "village_version")
        .order_by("seat", "enrolled_at", "pk")
    )


@dataclass(frozen=True)
class SignInPlace:
    """A sitting that is on now and somebody's place in its class; whether she has signed in."""

    sitting: Sitting
    enrolment: Enrolment
    is_signed_in: bool


def sign_in_places(person: Person, now: datetime) -> list[SignInPlace]:
    """Return the sittings that she may sign in to now, by whichever of her records: half an hour around."""
    signed = Attendance.objects.filter(
        enrolment=OuterRef("pk"), sitting=OuterRef("training_class__sittings"), minutes__gt=0
    )
    places = (
        Enrolment.objects.filter(
            person__in=records_of(person),
            withdrawn_at__isnull=True,
            training_class__state=TrainingClass.State.OPEN,
            training_class__sittings__state__in=(Sitting.State.PLANNED, Sitting.State.HELD),
            training_class__sittings__starts_at__lte=now + SIGN_IN_WINDOW,
            training_class__sittings__ends_at__gte=now - SIGN_IN_WINDOW,
        )
        .annotate(on_now=F("training_class__sittings"), is_signed_in=Exists(signed))
        .order_by("training_class__sittings__starts_at", "pk")
    )
    found = list(places)
    sittings = Sitting.objects.select_related("training_class__course").in_bulk(
        [each.on_now for each in found]
    )
    return [SignInPlace(sittings[each.on_now], each, each.is_signed_in) for each in found]
