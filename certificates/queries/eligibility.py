"""Who earned which paper in a class, and who has it already; nothing here writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce

from certificates.models import Certificate, PaperKind, Revocation
from courses.hours import PASS_MARK, SHARE_OF_PLAN, hours_of_minutes, shown_hours
from courses.models import Attendance, Enrolment, TrainingClass
from courses.queries import graded_tasks_of, practical_tests_of, practicals_of

# R4, the figures that were stored when the course was completed.
COMPLETED_SHARE = Decimal(SHARE_OF_PLAN) / 100


@dataclass(frozen=True)
class Earned:
    """One person's claim to a paper, with the figures it will print."""

    enrolment: Enrolment
    hours: Decimal
    practical: Decimal | None


def completed_enrolments() -> QuerySet[Enrolment]:
    """Return the enrolments for which R4 held, in classes that were not cancelled."""
    return Enrolment.objects.filter(
        completed_at__isnull=False,
        completed_hours__gte=Coalesce("training_class__planned_hours", "training_class__course__hours")
        * COMPLETED_SHARE,
        completed_practical__gte=PASS_MARK,
    ).exclude(training_class__state=TrainingClass.State.CANCELLED)


def earned_in(
    training_class: TrainingClass, kind: str, enrolment_ids: Iterable[int] | None = None
) -> list[Earned]:
    """Return who earned this paper in the class, in the order of their seats; one claim a person.

    Somebody with several records (merged) counts once, with the place she took first.
    """
    if training_class.state == TrainingClass.State.CANCELLED or is_annulled(training_class):
        return []
    places = Enrolment.objects.filter(training_class=training_class, withdrawn_at__isnull=True)
    if enrolment_ids is not None:
        places = places.filter(pk__in=list(enrolment_ids))
    ways = {PaperKind.ATTENDANCE: _attended, PaperKind.COMPLETION: _completed, PaperKind.PASS: _passed}
    found = places.select_related("person__kept_as").order_by("enrolled_at", "pk")
    return _one_a_person(ways[PaperKind(kind)](training_class, found))


def holders_of(training_class: TrainingClass, kind: str) -> set[int]:
    """Return the ids of the people (their standing records) who hold this paper of the class."""
    rows = Certificate.objects.filter(training_class=training_class, kind=kind, version=1)
    return {kept or own for kept, own in rows.values_list("person__kept_as_id", "person_id")}


def person_id_of(enrolment: Enrolment) -> int:
    """Return the id of the record that stands for the person; the enrolment brings both along."""
    return enrolment.person.kept_as_id or enrolment.person_id


def is_annulled(training_class: TrainingClass) -> bool:
    """Tell whether the class was annulled: it gives no papers any more."""
    return (
        Revocation.objects.filter(
            certificate__training_class=training_class,
            reason=Certificate.Reason.CLASS_ANNULLED,
            decided_at__isnull=False,
        )
        .exclude(state=Revocation.State.REFUSED)
        .exists()
    )


def _attended(training_class: TrainingClass, places: QuerySet[Enrolment]) -> list[Earned]:
    minutes, attending = _minutes_of(training_class), _attending(training_class)
    return [
        Earned(place, shown_hours(hours_of_minutes(minutes[place.pk])), None)
        for place in places
        if place.pk in attending
    ]


def _completed(training_class: TrainingClass, places: QuerySet[Enrolment]) -> list[Earned]:
    least = training_class.plan_hours * COMPLETED_SHARE
    earned = []
    for place in places.filter(completed_at__isnull=False):
        hours, practical = place.completed_hours, place.completed_practical
        if hours is not None and practical is not None and hours >= least and practical >= PASS_MARK:
            earned.append(Earned(place, hours, practical))
    return earned


def _passed(training_class: TrainingClass, places: QuerySet[Enrolment]) -> list[Earned]:
    minutes, attending = _minutes_of(training_class), _attending(training_class)
    tasks = [(lesson_key, task.key) for lesson_key, task in graded_tasks_of(training_class.course)]
    rows = list(places)
    ids = [place.pk for place in rows]
    marks = practicals_of(ids, tasks) | practical_tests_of(ids)
    return [
        Earned(place, shown_hours(hours_of_minutes(minutes[place.pk])), mark)
        for place in rows
        if place.pk in attending
        and (mark := marks[place.pk].mark) is not None
        and mark >= PASS_MARK
        and not marks[place.pk].has_red_line
    ]


def _minutes_of(training_class: TrainingClass) -> dict[int, int]:
    rows = Attendance.objects.filter(enrolment__training_class=training_class).values("enrolment")
    return dict(rows.annotate(total=Sum("minutes")).values_list("enrolment", "total"))


def _attending(training_class: TrainingClass) -> set[int]:
    """Return the places with a valid sitting: half of its minutes or more (R3); online any minutes do."""
    if not training_class.is_taught:
        return {pk for pk, minutes in _minutes_of(training_class).items() if minutes > 0}
    rows = Attendance.objects.filter(enrolment__training_class=training_class, sitting__isnull=False)
    sums = rows.values("enrolment", "sitting").annotate(total=Sum("minutes"))
    return set(
        sums.filter(total__gte=F("sitting__planned_minutes") / 2.0).values_list("enrolment", flat=True)
    )


def _one_a_person(claims: list[Earned]) -> list[Earned]:
    first: dict[int, Earned] = {}
    for claim in claims:
        first.setdefault(person_id_of(claim.enrolment), claim)
    return list(first.values())
