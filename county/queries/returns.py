"""What the counties' returns state, and what is true by now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from county.facts import refresh_facts
from county.maps import Asked
from county.models import MonthlyReturn, ReturnLine
from county.queries.regions import counties_in
from county.statements import Key, Statement, difference, statement_from
from courses.models import Enrolment, TrainingClass
from registry.masking import mask_name
from registry.models import Membership, Person, RegionVersion, StatusPeriod
from registry.queries.people import root_of
from registry.queries.places import in_any_subtree
from registry.queries.status import status_on


def returns_in(codes: list[str], since: date, until: date) -> QuerySet[MonthlyReturn]:
    """Return the returns of the counties in some regions, from one month to another."""
    found = MonthlyReturn.objects.filter(in_any_subtree(codes, "county_code"), month__range=(since, until))
    return found.select_related("prepared_by", "checked_by", "signed_by")


def stated_of(county_code: str) -> dict[date, dict[Key, Statement]]:
    """Return what the county's signed returns state today, by month: the newest line about each holds."""
    lines = ReturnLine.objects.filter(
        monthly_return__county_code=county_code, monthly_return__state=MonthlyReturn.State.SIGNED
    )
    stated: dict[date, dict[Key, Statement]] = {}
    for row in MonthlyReturn.objects.filter(county_code=county_code, state=MonthlyReturn.State.SIGNED):
        stated[row.month] = {}
    for line in lines.order_by("monthly_return__month"):
        of_month = stated.setdefault(line.of_month, {})
        after = statement_from(line.after)
        if after is None:
            of_month.pop((line.person_id, line.training_class_id), None)
        else:
            of_month[line.person_id, line.training_class_id] = after
    return stated


def counted_of(county_code: str, month: date, today: date) -> dict[Key, Statement]:
    """Return the county's person-times of a month as they are counted now."""
    asked = Asked(county_code, month, month, today=today)
    place, within = asked.columns()
    refresh_facts(today)
    sql = f"""SELECT f.person_id, f.training_class_id, coalesce(f.{place}, f.{within}), f.was_registered,
        f.was_ever_registered, f.was_monitored, f.is_completed, f.is_certified, f.minutes
        FROM county_countedplace f WHERE f.counts AND {asked.condition(within)}"""  # noqa: S608 - constants of `maps`
    with connection.cursor() as cursor:
        cursor.execute(sql, asked.parameters)
        return {(person, of_class): Statement(*facts) for person, of_class, *facts in cursor.fetchall()}


def true_of(county_code: str, month: date, today: date) -> dict[Key, Statement]:
    """Return the county's person-times of a month with the status as it is known by now (E12).

    Figures on the desk keep the status stored at enrolment. Where a spell was taken back for a reason since
    (识别不准清退), a return says what the household really was on that day.
    """
    counted = counted_of(county_code, month, today)
    doubtful = _people_with_spells_taken_back({person for person, _class in counted})
    if not doubtful:
        return counted
    return counted | {
        key: _as_known_now(key, statement) for key, statement in counted.items() if key[0] in doubtful
    }


def _people_with_spells_taken_back(people: Iterable[int]) -> set[int]:
    """Return those of the people in whose households, at any time, a spell was ended for a reason."""
    taken_back = StatusPeriod.objects.exclude(reason="").values("household")
    found = Membership.objects.filter(household__in=taken_back, person__in=_records(people))
    return {root_of(membership.person).pk for membership in found.select_related("person")}


def _records(people: Iterable[int]) -> QuerySet[Person]:
    wanted = list(people)
    return Person.objects.filter(pk__in=wanted) | Person.objects.filter(kept_as__in=wanted)


def _as_known_now(key: Key, statement: Statement) -> Statement:
    person, training_class = key
    places = Enrolment.objects.filter(
        person__in=_records([person]), training_class=training_class, withdrawn_at__isnull=True
    ).select_related("person")
    known = [status_on(place.person, timezone.localdate(place.enrolled_at)) for place in places]
    return replace(
        statement,
        was_registered=statement.was_registered and any(one.is_registered for one in known),
        was_ever_registered=statement.was_ever_registered and any(one.is_ever_registered for one in known),
        was_monitored=statement.was_monitored and any(one.is_monitored for one in known),
    )


def counties_with_returns(codes: list[str], month: date) -> list[tuple[RegionVersion, MonthlyReturn | None]]:
    """Return the counties of some regions as they were that month, each with its return of the month.

    A return is of a whole county: who may read only a part of one has none.
    """
    made = {one.county_code: one for one in returns_in(codes, month, month)}
    return [(county, made.get(county.code)) for county in counties_in(codes, month)]


@dataclass(frozen=True, slots=True)
class Correction:
    """A line about an earlier month as staff may see it: who (masked), in which class, what changes."""

    of_month: date
    training_class: TrainingClass
    masked_name: str
    change: dict[str, int]


def corrections_of(monthly_return: MonthlyReturn) -> list[Correction]:
    """Return what a return states of earlier months, the oldest first; one query."""
    lines = monthly_return.lines.exclude(of_month=monthly_return.month)
    return [
        Correction(
            line.of_month,
            line.training_class,
            mask_name(line.person.name),
            difference(statement_from(line.before), statement_from(line.after)),
        )
        for line in lines.select_related("person", "training_class__course")
    ]
