"""Writes one class of an old ledger as it was held: closed, its sittings confirmed, R4 evaluated once."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, time

from django.utils import timezone

from courses.models import (
    Attendance,
    Enrolment,
    OldCertificate,
    PracticalMark,
    SignIn,
    Sitting,
    SittingSite,
    TrainingClass,
)
from courses.old_ledger.drafts import ClassDraft, PlaceDraft, SittingDraft
from courses.old_ledger.problems import Problem
from courses.old_ledger.rows import kind_of_day
from courses.services.classes import log_step
from courses.services.completion import complete_class
from courses.services.sheets import take_off_overlaps
from registry.models import AuditAction, Person, Region, User
from registry.names import compare_key
from registry.queries.people import person_by_id_number
from registry.queries.status import status_on
from registry.services import register_listed


class ClassRefused(Exception):
    """A class that cannot be taken over, for reasons the workbook alone does not show."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass
class Written:
    """How much was written, and what the office should look at."""

    people_created: int = 0
    people_matched: int = 0
    enrolments: int = 0
    attendances: int = 0
    completed: int = 0
    certificates: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, other: "Written") -> None:
        """Add the figures of another class."""
        for name in (
            "people_created",
            "people_matched",
            "enrolments",
            "attendances",
            "completed",
            "certificates",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def write_class(*, draft: ClassDraft, county: Region, by: User | None, now: datetime) -> Written:
    """Write a checked class in the caller's transaction, under the county's lock.

    Status and village are those of each enrolment's day; certificates on paper are noted, none is made.
    The steps were nobody's here (A14): the log says who took the class over, the papers who held it.
    Raises ClassRefused, and then the caller's transaction is to be taken back.
    """
    written = Written()
    training_class = _write_plan(draft, county, now)
    places = _write_places(training_class, draft, written)
    sittings = _write_sittings(training_class, draft, now)
    _write_attendance(draft, places, sittings, written, now)
    for number, sitting in sorted(sittings.items()):
        _leave_out_overlaps(draft, sitting, draft.sittings[number], written, now)
    _write_marks(draft, places, written, county)
    written.completed = complete_class(training_class=training_class, now=draft.over_at)
    log_step(training_class, AuditAction.CLASS_IMPORTED, by, now, people=written.enrolments)
    return written


def _write_plan(draft: ClassDraft, county: Region, now: datetime) -> TrainingClass:
    return TrainingClass.objects.create(
        course=draft.course,
        county=county,
        county_code=draft.county_code,
        year=draft.year,
        number=draft.number,
        kind=TrainingClass.Kind.TAUGHT,
        state=TrainingClass.State.CLOSED,
        starts_on=draft.first,
        ends_on=draft.last,
        planned_hours=draft.hours,
        is_for_cadres=draft.is_for_cadres,
        venue=min(draft.sittings.values(), key=lambda sitting: sitting.starts_at).site,
        place_region=draft.venue.region,
        place_code=draft.venue.code,
        funding_region=draft.funding.region,
        closed_at=now,
        imported_at=now,
        ledger_name=draft.name,
        ledger_sha256=draft.fingerprint(),
    )


def _write_places(training_class: TrainingClass, draft: ClassDraft, written: Written) -> dict[int, Enrolment]:
    places: dict[int, Enrolment] = {}
    rows_by_person: dict[int, int] = {}
    for seat, place in sorted(draft.places.items()):
        person = _person(place, draft, training_class, written)
        if person.pk in rows_by_person:
            # Two ID numbers that a merge has made one human being.
            other = rows_by_person[person.pk]
            raise ClassRefused([place.reading.problem("id_number", "duplicate", other=other)])
        rows_by_person[person.pk] = place.reading.row.number
        status = status_on(person, place.on)
        places[seat] = Enrolment(
            person=person,
            training_class=training_class,
            seat=seat,
            category=place.category,
            enrolled_at=datetime.combine(place.on, time(), timezone.get_default_timezone()),
            village=place.village.region,
            village_version=place.village,
            was_registered=status.is_registered,
            was_ever_registered=status.is_ever_registered,
            was_monitored=status.is_monitored,
        )
    Enrolment.objects.bulk_create(places.values())
    written.enrolments = len(places)
    return places


def _person(place: PlaceDraft, draft: ClassDraft, training_class: TrainingClass, written: Written) -> Person:
    """Find her by her ID number, else put her on record; a name alone is nobody."""
    number = place.id_number
    known = person_by_id_number(number.number) if number else None
    if known is not None:
        written.people_matched += 1
        if known.name_key != compare_key(place.name):
            written.problems.append(place.reading.problem("name", "name_differs"))
        return known
    namesakes = Person.objects.filter(name_key=compare_key(place.name), village=place.village.region)
    if namesakes.exists():
        written.problems.append(place.reading.problem("name", "maybe_known"))
    written.people_created += 1
    return register_listed(
        name=place.name,
        id_number=number,
        village=place.village.region,
        county_code=draft.county_code,
        now=training_class.imported_at or timezone.now(),
    )


def _write_sittings(training_class: TrainingClass, draft: ClassDraft, now: datetime) -> dict[int, Sitting]:
    sittings = {
        number: Sitting(
            training_class=training_class,
            number=number,
            kind=kind_of_day(each.starts_at),
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            planned_minutes=each.minutes,
            state=Sitting.State.CONFIRMED,
            confirmed_at=now,
        )
        for number, each in sorted(draft.sittings.items())
    }
    Sitting.objects.bulk_create(sittings.values())
    SittingSite.objects.bulk_create(
        SittingSite(sitting=sitting, name=draft.sittings[number].site, region=draft.venue.region)
        for number, sitting in sittings.items()
    )
    return sittings


def _write_attendance(
    draft: ClassDraft,
    places: dict[int, Enrolment],
    sittings: dict[int, Sitting],
    written: Written,
    now: datetime,
) -> None:
    sites = {site.sitting_id: site for site in SittingSite.objects.filter(sitting__in=sittings.values())}
    signed, attended = [], []
    for each in draft.presences.values():
        if not each.minutes:
            continue
        sitting = sittings[each.sitting]
        fact = {
            "enrolment": places[each.seat],
            "sitting": sitting,
            "site": sites[sitting.pk],
            "minutes": each.minutes,
            "evidence": each.evidence,
        }
        token = uuid.uuid5(sitting.uid, str(each.seat))
        signed.append(SignIn(**fact, client_token=token, signed_at=sitting.starts_at, received_at=now))
        attended.append(Attendance(**fact, on_date=sitting.on_date, recorded_at=now))
    SignIn.objects.bulk_create(signed)
    Attendance.objects.bulk_create(attended)
    written.attendances = len(attended)


def _leave_out_overlaps(
    draft: ClassDraft,
    sitting: Sitting,
    told: SittingDraft,
    written: Written,
    now: datetime,
) -> None:
    """Nobody is in two places: what is confirmed already counts (E5)."""
    others = Sitting.objects.filter(
        state=Sitting.State.CONFIRMED, starts_at__lt=sitting.ends_at, ends_at__gt=sitting.starts_at
    )
    if not others.exclude(training_class=sitting.training_class_id).exists():
        return
    for place in take_off_overlaps(sitting=sitting, by=None, now=now):
        presence = draft.presences[told.number, place.seat or 0]
        written.problems.append(presence.reading.problem("sitting", "elsewhere"))


def _write_marks(draft: ClassDraft, places: dict[int, Enrolment], written: Written, county: Region) -> None:
    marks, certificates, taken = [], [], []
    numbers = [each.certificate for each in draft.marks.values() if each.certificate]
    known = set(
        OldCertificate.objects.filter(county=county, number__in=numbers).values_list("number", flat=True)
    )
    for seat, each in sorted(draft.marks.items()):
        if each.mark is not None:
            marks.append(
                PracticalMark(
                    enrolment=places[seat],
                    mark=each.mark,
                    has_red_line=each.has_red_line,
                    marked_at=draft.over_at,
                )
            )
        if each.certificate in known:
            taken.append(each.reading.problem("certificate", "certificate_taken"))
        elif each.certificate:
            certificates.append(
                OldCertificate(enrolment=places[seat], county=county, number=each.certificate)
            )
    if taken:
        raise ClassRefused(taken)
    PracticalMark.objects.bulk_create(marks)
    OldCertificate.objects.bulk_create(certificates)
    written.certificates = len(certificates)
