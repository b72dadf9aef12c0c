"""Who was in a live class and for how many minutes, from signs of life."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from courses.models import Attendance, Enrolment
from courses.queries.sittings import live_sitting_at
from livestream.models import LiveClass, ViewerPerson, ViewerSession
from livestream.presence import Span, is_gone, joined, minutes, within
from registry.masking import mask_name
from registry.models import Person


@dataclass(frozen=True)
class Attended:
    """One human being in one live class."""

    person: Person
    first_at: datetime
    last_at: datetime
    minutes: int
    was_at_station: bool


def attended(live_class: LiveClass, now: datetime) -> list[Attended]:
    """Return who followed the class while it was on, by name; several devices and tabs of one count once."""
    session = live_class.session
    if session.started_at is None:
        return []
    begin, end = session.started_at, session.ended_at or now
    people, spans, at_station = _gathered(live_class, end)
    result = []
    for key, person in people.items():
        inside = joined(within(spans[key], begin, end))
        if inside:
            here = key in at_station
            result.append(Attended(person, inside[0][0], inside[-1][1], minutes(inside), here))
    return sorted(result, key=lambda each: (each.person.name, each.person.pk))


def _gathered(
    live_class: LiveClass, end: datetime
) -> tuple[dict[int, Person], dict[int, list[Span]], set[int]]:
    """Return people, their times and who of them sat at a station, by the record that stands for each."""
    people: dict[int, Person] = {}
    spans: dict[int, list[Span]] = defaultdict(list)
    on_device: dict[int, list[Span]] = defaultdict(list)
    for visit in live_class.viewer_sessions.select_related("person__kept_as"):
        span = (visit.joined_at, visit.last_seen_at)
        if visit.device_id:
            on_device[visit.device_id].append(span)
        if visit.person:
            spans[_keep(people, visit.person)].append(span)
    at_station: set[int] = set()
    for sitting in live_class.viewer_people.select_related("person__kept_as"):
        key = _keep(people, sitting.person)
        at_station.add(key)
        shown = on_device[sitting.device_id]
        spans[key].extend(within(shown, sitting.since, sitting.until or end))
    return people, spans, at_station


def _keep(people: dict[int, Person], person: Person) -> int:
    root = person.kept_as or person
    people[root.pk] = root
    return root.pk


def present_now(live_class: LiveClass, now: datetime) -> int:
    """Return how many people are there: by signs of life, each once, those at stations too."""
    visits = live_class.viewer_sessions.filter(left_at__isnull=True, person__isnull=False)
    alive = _alive(visits.select_related("person"), now)
    people = {visit.person.kept_as_id or visit.person_id for visit in alive if visit.person}
    seated = live_class.viewer_people.filter(until__isnull=True).select_related("person")
    return len(people | {sitting.person.kept_as_id or sitting.person_id for sitting in seated})


def _alive(visits: Iterable[ViewerSession], now: datetime) -> list[ViewerSession]:
    return [visit for visit in visits if not is_gone(visit.last_seen_at, now)]


def seated_at(live_class: LiveClass, device_id: int) -> list[ViewerPerson]:
    """Return who sits at a station's screen now, in the order they came."""
    seated = live_class.viewer_people.filter(device=device_id, until__isnull=True)
    return list(seated.select_related("person", "confirmed_by"))


@dataclass(frozen=True)
class AttendanceRow:
    """One line of the list: a name as the reader may see it, minutes, and what the ledger holds of them."""

    name: str
    attended: Attended
    is_enrolled: bool
    booked: int | None


def attendance_rows(live_class: LiveClass, now: datetime, *, with_names: bool) -> list[AttendanceRow]:
    """Return who followed, in a few queries however many they are."""
    places: dict[int, bool] = {}
    for place in Enrolment.objects.filter(training_class=live_class.training_class_id).select_related(
        "person"
    ):
        places[place.person.kept_as_id or place.person_id] = True
    booked: dict[int, int] = defaultdict(int)
    for line in Attendance.objects.filter(_in_ledger(live_class, now)).select_related("enrolment__person"):
        booked[line.enrolment.person.kept_as_id or line.enrolment.person_id] += line.minutes
    return [
        AttendanceRow(
            each.person.name if with_names else mask_name(each.person.name),
            each,
            each.person.pk in places,
            booked.get(each.person.pk),
        )
        for each in attended(live_class, now)
    ]


def _in_ledger(live_class: LiveClass, now: datetime) -> Q:
    """Return what the ledger holds of a class: lines of its own, or those of the live hour it was held in."""
    session, lines = live_class.session, Q(lesson_key=live_class.uid)
    if session.started_at is None:
        return lines
    sitting = live_sitting_at(live_class.training_class, session.started_at, session.ended_at or now)
    return lines | Q(sitting=sitting) if sitting else lines


def people_to_seat(live_class: LiveClass, scopes: list[str], without: list[int]) -> list[Person]:
    """Return the people of the class who live where a keeper helps, by name; those seated left out."""
    places = Enrolment.objects.filter(training_class=live_class.training_class_id)
    people = {}
    for place in places.select_related("person__kept_as", "village_version", "training_class"):
        code = place.village_version.code if place.village_version else place.training_class.county_code
        root = place.person.kept_as or place.person
        if root.pk not in without and any(code.startswith(scope) for scope in scopes):
            people[root.pk] = root
    return sorted(people.values(), key=lambda person: (person.name, person.pk))
