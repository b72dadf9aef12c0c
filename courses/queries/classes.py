"""Classes as their desk lists them, and the ones people may join."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet

from courses.models import TrainingClass, WaitingPlace
from registry.models import Person, RegionVersion
from registry.queries.people import records_of, village_of
from registry.queries.places import county_of, in_any_subtree

_PLACED = Q(enrolments__isnull=False, enrolments__withdrawn_at__isnull=True)


def classes_within(codes: Sequence[str], training_bodies: Sequence[int] = ()) -> QuerySet[TrainingClass]:
    """Return the taught classes held in these regions ("" is everywhere) or by these bodies, with places."""
    within = (
        Q(training_body__in=training_bodies)
        | in_any_subtree(codes, "place_code")
        | (Q(place_code="") & in_any_subtree(codes, "county_code"))
    )
    taught = TrainingClass.objects.filter(within, kind=TrainingClass.Kind.TAUGHT).select_related("course")
    return with_places(taught).order_by("-starts_on", "-number", "pk")


def with_places(classes: QuerySet[TrainingClass]) -> QuerySet[TrainingClass]:
    """Add how many places are taken and how many people wait."""
    return classes.annotate(
        taken=Count("enrolments", filter=_PLACED, distinct=True),
        waiting=Count(
            "waiting_places", filter=Q(waiting_places__state=WaitingPlace.State.WAITING), distinct=True
        ),
    )


def joinable_classes(person: Person, today: date) -> QuerySet[TrainingClass]:
    """Return the open taught classes of her county that are not over, the next first."""
    village = village_of(person)
    county = county_of(village, today) if village else None
    classes = TrainingClass.objects.filter(
        kind=TrainingClass.Kind.TAUGHT, state=TrainingClass.State.OPEN, ends_on__gte=today
    )
    if county is not None:
        classes = classes.filter(county=county.region)
    return with_places(classes.select_related("course")).order_by("starts_on", "number")


def my_class_places(person: Person) -> dict[int, str]:
    """Return by class "placed" or "waiting" for what she has in classes."""
    mine = {"person__in": records_of(person)}
    waiting = WaitingPlace.objects.filter(**mine, state=WaitingPlace.State.WAITING)
    placed = TrainingClass.objects.filter(
        enrolments__person__in=records_of(person), enrolments__withdrawn_at__isnull=True
    )
    return dict.fromkeys(waiting.values_list("training_class", flat=True), "waiting") | dict.fromkeys(
        placed.values_list("pk", flat=True), "placed"
    )


def places_to_choose(codes: Sequence[str], today: date) -> QuerySet[RegionVersion]:
    """Return the towns and villages of these regions where a class may be held, by code."""
    levels = (RegionVersion.Level.COUNTY, RegionVersion.Level.TOWN, RegionVersion.Level.VILLAGE)
    places = RegionVersion.objects.filter(in_any_subtree(codes), level__in=levels, valid__contains=today)
    return places.order_by("code")
