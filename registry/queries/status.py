"""What a person's household was on a day: the answers behind R9, R10 and R11."""

from dataclasses import dataclass
from datetime import date

from registry.models import Membership, Person, StatusPeriod
from registry.queries.people import records_of

_EVER_REGISTERED = (StatusPeriod.Kind.REGISTERED, StatusPeriod.Kind.LIFTED)


@dataclass(frozen=True, slots=True)
class StatusOnDay:
    """R9 `is_registered`, R10 `is_ever_registered`, R11 `is_monitored`; they may overlap."""

    is_registered: bool
    is_ever_registered: bool
    is_monitored: bool


def status_on(person: Person, on: date) -> StatusOnDay:
    """Return the status of `person` on that day, through the household she belonged to then.

    R10 looks back: a household she left earlier counts for the days she belonged to it. What any of her
    records says counts.
    """
    known = _periods_begun(person, on)
    today = [kind for kind, holds_today in known if holds_today]
    return StatusOnDay(
        is_registered=StatusPeriod.Kind.REGISTERED in today,
        is_ever_registered=any(kind in _EVER_REGISTERED for kind, _today in known),
        is_monitored=StatusPeriod.Kind.MONITORED in today,
    )


def _periods_begun(person: Person, on: date) -> list[tuple[int, bool]]:
    """Kind and "holds on that day" of every spell of her households while she was in them."""
    begun = []
    spells = Membership.objects.filter(person__in=records_of(person), valid__startswith__lte=on)
    for membership in spells.select_related("household"):
        is_member = on in membership.valid
        for period in membership.household.status_periods.filter(
            valid__overlap=membership.valid, valid__startswith__lte=on
        ):
            begun.append((period.kind, is_member and on in period.valid))
    return begun
