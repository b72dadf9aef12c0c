"""What each sheet's row says: read into the draft of its class, or refused with its problems."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from django.utils import timezone

from courses.models import Course, Enrolment, Evidence, Sitting
from courses.old_ledger.cells import ClassNumber, Reading
from courses.old_ledger.drafts import ClassDraft, MarkDraft, PlaceDraft, PresenceDraft, SittingDraft
from courses.old_ledger.words import CADRES
from registry.models import RegionVersion

_MAX_MINUTES = 720


class Places(Protocol):
    """Finds what bore a code on a day."""

    def find(self, code: str, day: date) -> RegionVersion | None:
        """Return the place, or None."""


@dataclass(frozen=True)
class Words:
    """The words of the office by what they mean."""

    people: dict[str, str]
    courses: dict[str, str]
    evidence: dict[str, str]
    red_line: dict[str, str]


def read_class(
    reading: Reading,
    number: ClassNumber | None,
    courses: Mapping[str, Course],
    places: Places,
    words: Words,
    today: date,
) -> ClassDraft | None:
    """Read a row of 班次; None when it says too little to go on."""
    name = reading.text("name", most=80, is_required=True)
    course = _course(reading, courses)
    first, last = _days(reading, number, today)
    hours = reading.decimal("hours", most=999)
    if hours is not None and hours <= 0:
        reading.report("hours", "number_unreadable", least=1, most=999)
    venue = _place(reading, "venue", places, first)
    funding = _place(reading, "funding", places, first)
    category = reading.choice("category", words.people | words.courses, "category_unknown", "villager")
    if course and category in words.courses.values() and category != course.category:
        reading.report("category", "category_differs", label=reading.text("category")[:30])
    if not (number and course and first and last and hours and venue and funding):
        return None
    is_of_people = category in Enrolment.Category.values
    return ClassDraft(
        reading=reading,
        year=first.year,
        number=number[1],
        course=course,
        name=name,
        first=first,
        last=last,
        hours=hours,
        county_code="",
        venue=venue,
        funding=funding,
        is_for_cadres=category in CADRES,
        default_category=category if is_of_people else Enrolment.Category.VILLAGER,
    )


def _course(reading: Reading, courses: Mapping[str, Course]) -> Course | None:
    code = reading.text("course", is_required=True)
    course = courses.get(code.casefold())
    if code and course is None:
        reading.report("course", "course_unknown", label=code[:30])
    return course


def _days(reading: Reading, number: ClassNumber | None, today: date) -> tuple[date | None, date | None]:
    first, last = reading.day("first"), reading.day("last")
    if first and last and last < first:
        reading.report("last", "days_reversed")
    if last and last >= today:
        reading.report("last", "class_not_over")
    if first and number and number[0] not in (None, first.year):
        reading.report("class", "number_year_differs")
    return first, last


def _place(reading: Reading, column: str, places: Places, day: date | None) -> RegionVersion | None:
    code = reading.text(column, is_required=True)
    if not code or day is None:
        return None
    place = places.find(code, day)
    if place is None:
        reading.report(column, "region_unknown", label=code[:12], day=day.isoformat())
    return place


def take_sitting(reading: Reading, draft: ClassDraft) -> None:
    """Read a row of 课次 into its class."""
    number = reading.whole("sitting")
    day, start, end = reading.day(), reading.clock("start"), reading.clock("end")
    site = reading.text("site", most=120, is_required=True)
    if number in draft.sittings:
        reading.report("sitting", "sitting_twice", other=draft.sittings[number].reading.row.number)
    if day and not draft.first <= day <= draft.last:
        reading.report("date", "sitting_outside_class")
    if number is None or day is None or start is None or end is None:
        return
    zone = timezone.get_default_timezone()
    sitting = SittingDraft(
        reading=reading,
        number=number,
        starts_at=datetime.combine(day, start, zone),
        ends_at=datetime.combine(day, end, zone),
        site=site,
    )
    if not 0 < sitting.minutes <= _MAX_MINUTES:
        reading.report("end", "sitting_times_wrong")
    draft.sittings.setdefault(number, sitting)


def kind_of_day(moment: datetime) -> Sitting.Kind:
    """Return the part of the day a sitting begins in."""
    hour = timezone.localtime(moment, timezone.get_default_timezone()).hour
    if hour < 12:
        return Sitting.Kind.MORNING
    return Sitting.Kind.AFTERNOON if hour < 18 else Sitting.Kind.EVENING


def take_place(reading: Reading, draft: ClassDraft, places: Places, words: Words, today: date) -> None:
    """Read a row of 名册 into its class; the village is that of the map on the day of enrolment."""
    seat = reading.whole("seat")
    name, id_number = reading.name(), reading.id_number(today)
    on = reading.day()
    if on and on > draft.last:
        reading.report("date", "enrolled_late")
    village = _village(reading, places, on)
    category = reading.choice("category", words.people, "category_unknown", draft.default_category)
    if seat in draft.places:
        reading.report("seat", "seat_twice", other=draft.places[seat].reading.row.number)
    if id_number:
        for other in draft.places.values():
            if other.id_number and other.id_number.number == id_number.number:
                reading.report("id_number", "duplicate", other=other.reading.row.number)
    if seat is not None and on is not None and village is not None:
        place = PlaceDraft(reading, seat, name, id_number, village, on, category)
        draft.places.setdefault(seat, place)


def _village(reading: Reading, places: Places, on: date | None) -> RegionVersion | None:
    code = reading.text("village", is_required=True)
    if not code or on is None:
        return None
    village = places.find(code, on)
    if village is None or village.level != RegionVersion.Level.VILLAGE:
        reading.report("village", "village_unknown", label=code[:12], day=on.isoformat())
        return None
    return village


def take_presence(reading: Reading, draft: ClassDraft, words: Words) -> None:
    """Read a row of 签到 into its class."""
    number, seat = reading.whole("sitting"), reading.whole("seat")
    minutes = reading.whole("minutes", least=0, most=_MAX_MINUTES)
    sitting = _known_sitting(reading, draft, number)
    _refuse_unknown_seat(reading, draft, seat)
    # Who was not there has no way of having signed.
    evidence = reading.choice("kind", words.evidence, "kind_unknown", Evidence.PEN if minutes == 0 else "")
    if sitting and minutes is not None and minutes > sitting.minutes:
        reading.report("minutes", "minutes_beyond_sitting", most=sitting.minutes)
    if number is None or seat is None or minutes is None:
        return
    earlier = draft.presences.get((number, seat))
    if earlier:
        reading.report("seat", "sign_in_twice", other=earlier.reading.row.number)
        return
    draft.presences[number, seat] = PresenceDraft(reading, number, seat, minutes, evidence)


def _known_sitting(reading: Reading, draft: ClassDraft, number: int | None) -> SittingDraft | None:
    sitting = draft.sittings.get(number) if number is not None else None
    if number is not None and sitting is None:
        reading.report("sitting", "sitting_unknown")
    return sitting


def _refuse_unknown_seat(reading: Reading, draft: ClassDraft, seat: int | None) -> None:
    if seat is not None and seat not in draft.places:
        reading.report("seat", "seat_unknown")


def take_mark(reading: Reading, draft: ClassDraft, words: Words) -> None:
    """Read a row of 考核 into its class; nothing is worked out from it here (R4)."""
    seat = reading.whole("seat")
    _refuse_unknown_seat(reading, draft, seat)
    mark: Decimal | None = reading.decimal("mark", is_required=False)
    red_line = reading.choice("red_line", words.red_line, "red_line_unknown", "no")
    if red_line == "yes" and not reading.text("mark"):
        reading.report("mark", "mark_missing")
    certificate = reading.text("certificate", most=60)
    for other in draft.marks.values():
        if other.seat == seat:
            reading.report("seat", "mark_twice", other=other.reading.row.number)
        if certificate and other.certificate == certificate:
            reading.report("certificate", "certificate_twice", other=other.reading.row.number)
    if seat is not None:
        draft.marks.setdefault(seat, MarkDraft(reading, seat, mark, red_line == "yes", certificate))
