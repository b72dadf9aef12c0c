"""Taking a place in a course: E22's monthly online class of the county."""

from calendar import monthrange
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from courses.models import Course, Enrolment, TrainingClass
from registry.models import Person, Region, RegionVersion
from registry.queries.people import records_of, root_of, village_of
from registry.queries.places import county_of, version_by_code, version_on
from registry.queries.status import status_on


@transaction.atomic
def enrol_person(*, person: Person, course: Course, now: datetime | None = None) -> Enrolment:
    """Give `person` a place in her county's online class of the month, opened if need be (E22).

    Her village and status are stored as they were that day (R8-R11). While she has not completed the
    course she keeps the place she has, whatever the month; asking again returns it (E2).
    A person without a village, or of no county we know, learns in the home county. What another record of
    hers has is hers; a new place is that of the record that stands for her.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    person = root_of(person)
    village = village_of(person)
    county = _county_at(village, today)
    lock_county(county.region)
    existing = _unfinished_enrolment(person, course)
    if existing:
        return existing
    training_class = _online_class(course, county, today)
    taken = Enrolment.objects.filter(person__in=records_of(person), training_class=training_class)
    existing = taken.order_by("-enrolled_at", "-pk").first()
    if existing:
        return existing
    enrolment, _is_new = Enrolment.objects.get_or_create(
        person=person,
        training_class=training_class,
        defaults={"enrolled_at": now, **facts_of_day(person, today)},
    )
    return enrolment


def facts_of_day(person: Person, day: date) -> dict[str, Any]:
    """Return what an enrolment stores of that day: village, its version in force, status (R8-R11)."""
    village = village_of(person)
    status = status_on(person, day)
    return {
        "village": village,
        "village_version": version_on(village, day) if village else None,
        "was_registered": status.is_registered,
        "was_ever_registered": status.is_ever_registered,
        "was_monitored": status.is_monitored,
    }


def lock_county(county: Region) -> None:
    """Take the lock under which a county's classes are opened, numbered, joined and closed."""
    Region.objects.select_for_update(no_key=True).get(pk=county.pk)


def _county_at(village: Region | None, on: date) -> RegionVersion:
    county = county_of(village, on) if village else None
    return county or version_by_code(settings.HOME_COUNTY, on)


def _unfinished_enrolment(person: Person, course: Course) -> Enrolment | None:
    return (
        Enrolment.objects.filter(
            person__in=records_of(person),
            training_class__course=course,
            training_class__kind=TrainingClass.Kind.ONLINE,
            completed_at__isnull=True,
        )
        .select_related("training_class__course")
        .order_by("-enrolled_at", "-pk")
        .first()
    )


def _online_class(course: Course, county: RegionVersion, today: date) -> TrainingClass:
    """Return the open online class `today` falls into, or open one to the month's end, numbered next."""
    classes = TrainingClass.objects.filter(
        county=county.region, kind=TrainingClass.Kind.ONLINE, course=course
    )
    running = classes.filter(state=TrainingClass.State.OPEN, starts_on__lte=today, ends_on__gte=today).first()
    if running:
        return running
    month_begins = today.replace(day=1)
    # The office may have closed the month's class early: the next one begins today, not on the first.
    begins_anew = classes.filter(starts_on__gte=month_begins, starts_on__lte=today).exists()
    return TrainingClass.objects.create(
        course=course,
        county=county.region,
        county_code=county.code,
        year=today.year,
        number=next_number(county.region, today.year),
        kind=TrainingClass.Kind.ONLINE,
        starts_on=today if begins_anew else month_begins,
        ends_on=today.replace(day=monthrange(today.year, today.month)[1]),
    )


def next_number(county: Region, year: int) -> int:
    """Return the next class number of a county and year; under its lock."""
    last = TrainingClass.objects.filter(county=county, year=year).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
