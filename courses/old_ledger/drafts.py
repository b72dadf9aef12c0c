"""A class as an old ledger tells it, before anything is written."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from courses.models import Course
from courses.old_ledger.cells import Reading
from courses.old_ledger.problems import Problem
from registry.id_numbers import IdNumber
from registry.models import RegionVersion


@dataclass(slots=True)
class SittingDraft:
    """A row of 课次."""

    reading: Reading
    number: int
    starts_at: datetime
    ends_at: datetime
    site: str

    @property
    def minutes(self) -> int:
        """How long it lasted."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


@dataclass(slots=True)
class PlaceDraft:
    """A row of 名册."""

    reading: Reading
    seat: int
    name: str
    id_number: IdNumber | None
    village: RegionVersion
    on: date
    category: str


@dataclass(slots=True)
class PresenceDraft:
    """A row of 签到; nobody is there for no minutes."""

    reading: Reading
    sitting: int
    seat: int
    minutes: int
    evidence: str


@dataclass(slots=True)
class MarkDraft:
    """A row of 考核: a mark, the number of a paper certificate, or both."""

    reading: Reading
    seat: int
    mark: Decimal | None
    has_red_line: bool
    certificate: str


@dataclass
class ClassDraft:
    """A row of 班次 with all rows that belong to it. One of them refused, the class is refused."""

    reading: Reading
    year: int
    number: int
    course: Course
    name: str
    first: date
    last: date
    hours: Decimal
    county_code: str
    venue: RegionVersion
    funding: RegionVersion
    is_for_cadres: bool
    default_category: str
    readings: list[Reading] = field(default_factory=list)
    sittings: dict[int, SittingDraft] = field(default_factory=dict)
    places: dict[int, PlaceDraft] = field(default_factory=dict)
    presences: dict[tuple[int, int], PresenceDraft] = field(default_factory=dict)
    marks: dict[int, MarkDraft] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Year and number as the office writes them."""
        return f"{self.year}-{self.number:04d}"

    @property
    def row_count(self) -> int:
        """How many rows of the workbook are about it."""
        return 1 + len(self.readings)

    @property
    def problems(self) -> Iterable[Problem]:
        """Everything noted about its rows."""
        for reading in (self.reading, *self.readings):
            yield from reading.problems

    @property
    def is_refused(self) -> bool:
        """Whether any of its rows is wrong."""
        return any(problem.is_error for problem in self.problems)

    @property
    def over_at(self) -> datetime:
        """When its last sitting ended: R4 is evaluated as of then."""
        return max(each.ends_at for each in self.sittings.values())

    def fingerprint(self) -> str:
        """Return the SHA-256 of what the ledger says, ID numbers left out."""
        facts = [
            [self.course.code, self.name, str(self.first), str(self.last), f"{self.hours.normalize():f}"],
            [self.venue.code, self.funding.code, self.is_for_cadres],
            sorted(
                [s.number, s.starts_at.isoformat(), s.ends_at.isoformat(), s.site]
                for s in self.sittings.values()
            ),
            sorted([p.seat, p.name, p.village.code, str(p.on), p.category] for p in self.places.values()),
            sorted([p.sitting, p.seat, p.minutes, p.evidence] for p in self.presences.values()),
            sorted(
                [m.seat, "" if m.mark is None else f"{m.mark:f}", m.has_red_line, m.certificate]
                for m in self.marks.values()
            ),
        ]
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()
