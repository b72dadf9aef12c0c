"""The roster of a class as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from courses.hours import hours_of_minutes, shown_hours
from courses.models import Attendance, Enrolment, PracticalMark, TrainingClass
from courses.queries.sittings import roster_of
from registry.masking import mask_name


@dataclass(frozen=True)
class RosterRow:
    """One place of a class: name (masked for whoever has no business with it), village, hours, mark."""

    enrolment: Enrolment
    name: str
    village: str
    hours: Decimal
    mark: Decimal | None
    is_hers: bool  # of the region whose people the reader enrols


def roster_rows(
    training_class: TrainingClass, *, sees_all: bool, scopes: Sequence[str] = ()
) -> list[RosterRow]:
    """Return the places of a class with what each attended; one query, however many."""
    minutes = (
        Attendance.objects.filter(enrolment=OuterRef("pk"))
        .order_by()
        .values("enrolment")
        .annotate(sum=Sum("minutes"))
        .values("sum")
    )
    mark = PracticalMark.objects.filter(enrolment=OuterRef("pk")).order_by("-marked_at", "-pk")
    places = roster_of(training_class).annotate(
        attended=Coalesce(Subquery(minutes), 0), practical=Subquery(mark.values("mark")[:1])
    )
    return [_row(place, sees_all, scopes) for place in places]


def _row(place: Enrolment, sees_all: bool, scopes: Sequence[str]) -> RosterRow:
    code = place.village_version.code if place.village_version else ""
    is_hers = "" in scopes or any(code.startswith(scope) for scope in scopes if code)
    return RosterRow(
        enrolment=place,
        name=place.person.name if sees_all or is_hers else mask_name(place.person.name),
        village=place.village_version.name if place.village_version else "",
        hours=shown_hours(hours_of_minutes(place.attended)),  # type: ignore[attr-defined]
        mark=place.practical,  # type: ignore[attr-defined]
        is_hers=is_hers,
    )
