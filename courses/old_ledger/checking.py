"""Puts the rows of a workbook together to classes and checks them against each other and the map of then."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from django.utils import timezone

from courses.models import Course
from courses.old_ledger import columns, rows, words
from courses.old_ledger.cells import ClassNumber, Reading
from courses.old_ledger.drafts import ClassDraft
from courses.old_ledger.reader import LedgerRow, LedgerSheet
from registry.models import Region, RegionVersion
from registry.queries.places import version_on


class Places:
    """Places by code and day, each looked up once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, date], RegionVersion | None] = {}

    def find(self, code: str, day: date) -> RegionVersion | None:
        """Return what bore `code` on that day."""
        if (code, day) not in self._found:
            versions = RegionVersion.objects.filter(code=code, valid__contains=day).select_related("region")
            self._found[code, day] = versions.first()
        return self._found[code, day]


@dataclass
class Checked:
    """A workbook after all its rows were read: classes in the order of 班次, and rows of no class."""

    classes: list[ClassDraft] = field(default_factory=list)
    refused_classes: list[Reading] = field(default_factory=list)
    strays: list[Reading] = field(default_factory=list)


def check_ledger(book: dict[str, LedgerSheet], county: Region, now: datetime) -> Checked:
    """Read every row; what is wrong is noted with the row, nothing is raised."""
    return _Checker(county, now).check(book)


class _Checker:
    def __init__(self, county: Region, now: datetime) -> None:
        self._county = county
        self._today = timezone.localdate(now)
        self._places = Places()
        self._courses = {course.code.casefold(): course for course in Course.objects.all()}
        self._words = rows.Words(
            words.people_words(), words.course_words(), words.evidence_words(), words.red_line_words()
        )
        self._checked = Checked()
        self._by_number: dict[ClassNumber, list[ClassDraft | Reading]] = defaultdict(list)

    def check(self, book: dict[str, LedgerSheet]) -> Checked:
        for row in book[columns.CLASSES].rows:
            self._take_class(Reading(book[columns.CLASSES], row))
        takers: dict[str, Callable[[Reading, ClassDraft], None]] = {
            columns.SITTINGS: lambda reading, draft: rows.take_sitting(reading, draft),
            columns.ROSTER: self._take_place,
            columns.SIGN_INS: lambda reading, draft: rows.take_presence(reading, draft, self._words),
            columns.MARKS: lambda reading, draft: rows.take_mark(reading, draft, self._words),
        }
        for name, take in takers.items():
            for row in book[name].rows:
                self._take_row(book[name], row, take)
        for draft in self._checked.classes:
            _finish(draft)
        return self._checked

    def _take_class(self, reading: Reading) -> None:
        number = reading.class_number()
        draft = rows.read_class(reading, number, self._courses, self._places, self._words, self._today)
        if draft is not None:
            county = version_on(self._county, draft.first)
            if county is None:
                reading.report("first", "county_not_yet")
            else:
                draft.county_code = county.code
            for other in _drafts(self._by_number[draft.year, draft.number]):
                reading.report("class", "class_twice", other=other.reading.row.number)
                other.reading.report("class", "class_twice", other=reading.row.number)
            self._checked.classes.append(draft)
            self._by_number[draft.year, draft.number].append(draft)
            self._by_number[None, draft.number].append(draft)
            return
        self._checked.refused_classes.append(reading)
        if number is not None:
            self._by_number[number].append(reading)

    def _take_row(
        self, sheet: LedgerSheet, row: LedgerRow, take: Callable[[Reading, ClassDraft], None]
    ) -> None:
        reading = Reading(sheet, row)
        number = reading.class_number()
        found = self._by_number.get(number, []) if number else []
        draft = found[0] if found else None
        if isinstance(draft, ClassDraft):
            # A bare 12 that may mean 2019-0012 or 2020-0012 belongs to neither.
            if number and number[0] is None and len({each.year for each in _drafts(found)}) > 1:
                reading.report("class", "class_unknown")
                self._checked.strays.append(reading)
                return
            draft.readings.append(reading)
            take(reading, draft)
            return
        if number is not None and draft is None:
            reading.report("class", "class_unknown")
        self._checked.strays.append(reading)

    def _take_place(self, reading: Reading, draft: ClassDraft) -> None:
        rows.take_place(reading, draft, self._places, self._words, self._today)


def _drafts(found: list[ClassDraft | Reading]) -> list[ClassDraft]:
    return [each for each in found if isinstance(each, ClassDraft)]


def _finish(draft: ClassDraft) -> None:
    """Check what only shows once all rows of a class are known."""
    if not draft.sittings and not any(each.row.sheet == columns.SITTINGS for each in draft.readings):
        draft.reading.report("class", "sittings_missing")
    if not draft.places and not any(each.row.sheet == columns.ROSTER for each in draft.readings):
        draft.reading.report("class", "roster_missing")
    in_order = sorted(draft.sittings.values(), key=lambda sitting: sitting.starts_at)
    for earlier, later in pairwise(in_order):
        if later.starts_at < earlier.ends_at:
            later.reading.report("start", "sitting_overlaps", other=earlier.reading.row.number)
