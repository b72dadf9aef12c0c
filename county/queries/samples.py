"""Phone-audit samples: whom one may be drawn from, how far the calls are, and what they came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from county.facts import refresh_facts
from county.models import AuditCall, AuditCallResult, AuditSample, CountedPlace
from county.queries.regions import place_names
from county.sampling import Candidate
from courses.models import TrainingClass
from registry.masking import mask_name
from registry.models import Person, RegionVersion
from registry.queries.places import TOWN_CODE_LENGTH, in_any_subtree

_NEWEST = AuditCallResult.objects.filter(call=OuterRef("pk")).order_by("-at", "-pk")
Outcome = AuditCallResult.Outcome


def candidates_of(classes: Sequence[TrainingClass]) -> dict[int, list[tuple[Candidate, int]]]:
    """Return by class everybody it counts (R3), with the key of her record; her town as on enrolment."""
    refresh_facts(timezone.localdate())
    counted = CountedPlace.objects.filter(training_class__in=classes, counts=True)
    found: dict[int, list[tuple[Candidate, int]]] = {}
    for class_id, person, uid, place in counted.values_list(
        "training_class", "person", "person__uid", "then_place"
    ).order_by("training_class", "person"):
        found.setdefault(class_id, []).append((Candidate(str(uid), (place or "")[:TOWN_CODE_LENGTH]), person))
    return found


def classes_to_sample(codes: list[str]) -> QuerySet[TrainingClass]:
    """Return the closed classes of some counties that no sample was drawn of yet, newest first."""
    drawn = AuditCall.objects.filter(training_class=OuterRef("pk"))
    closed = TrainingClass.objects.filter(in_any_subtree(codes, "county_code"), state="closed")
    return closed.exclude(Exists(drawn)).select_related("course").order_by("-ends_on", "-number")


def closed_classes_of_month(county_code: str, month: date) -> list[TrainingClass]:
    """Return the classes of a county whose last day lies in that month."""
    inside = {"ends_on__year": month.year, "ends_on__month": month.month}
    return list(
        TrainingClass.objects.filter(county_code=county_code, state="closed", **inside).order_by("pk")
    )


def samples_in(codes: list[str]) -> QuerySet[AuditSample]:
    """Return the samples of some counties with how many calls they have and how many are answered."""
    answered = Q(calls__results__outcome__in=[Outcome.CONFIRMED, Outcome.DENIED])
    return (
        AuditSample.objects.filter(in_any_subtree(codes, "county_code"))
        .select_related("training_class__course", "drawn_by")
        .annotate(
            people=Count("calls", distinct=True),
            answered=Count("calls", filter=answered, distinct=True),
        )
        .order_by("-drawn_at", "-pk")
    )


@dataclass(frozen=True)
class CallRow:
    """One line of a sample: whom to call (masked), from which town, about which class, and what she said."""

    call: AuditCall
    masked_name: str
    town: str
    outcome: str
    note: str
    called_at: datetime | None
    caller: str
    times: int

    @property
    def outcome_label(self) -> str:
        """What she said, in the language in use."""
        return str(Outcome(self.outcome).label) if self.outcome else ""


def call_rows(sample: AuditSample) -> list[CallRow]:
    """Return the lines of a sample in the order of its list; the newest result holds."""
    calls = _calls(sample).select_related("person", "training_class__course")
    newest = AuditCallResult.objects.select_related("by").in_bulk(
        [call.newest for call in calls if call.newest]  # type: ignore[attr-defined]
    )
    towns = place_names({call.town for call in calls if call.town})
    return [_row(call, newest.get(call.newest), towns) for call in calls]  # type: ignore[attr-defined]


def next_call(sample: AuditSample, after: int = 0) -> AuditCall | None:
    """Return the next person of a sample who has not answered, after that number and then from the start."""
    open_calls = _calls(sample).filter(Q(answer__isnull=True) | Q(answer=Outcome.UNREACHABLE))
    return open_calls.filter(number__gt=after).first() or open_calls.exclude(number=after).first()


def _calls(sample: AuditSample) -> QuerySet[AuditCall]:
    return (
        AuditCall.objects.filter(sample=sample)
        .annotate(
            newest=Subquery(_NEWEST.values("pk")[:1]),
            answer=Subquery(_NEWEST.values("outcome")[:1]),
            times=Count("results"),
        )
        .order_by("number")
    )


def _row(call: AuditCall, result: AuditCallResult | None, towns: dict[str, str]) -> CallRow:
    return CallRow(
        call=call,
        masked_name=mask_name(call.person.name),
        town=towns.get(call.town, ""),
        outcome=result.outcome if result else "",
        note=result.note if result else "",
        called_at=result.at if result else None,
        caller=str(result.by) if result else "",
        times=call.times,  # type: ignore[attr-defined]
    )


def standing_for(person: Person) -> Person:
    """Return the record that stands for this human being today: a record may have been merged since."""
    return person.kept_as or person


def counties_to_sample(codes: list[str]) -> list[tuple[str, str]]:
    """Return (code, name) of the counties in some regions, for choosing one."""
    counties = RegionVersion.objects.filter(
        in_any_subtree(codes), level=RegionVersion.Level.COUNTY, valid__contains=timezone.localdate()
    )
    return list(counties.order_by("code").values_list("code", "name"))
