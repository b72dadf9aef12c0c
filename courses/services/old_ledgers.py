"""Taking over old ledgers: classes that were run on paper, each all or nothing, once."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import TrainingClass
from courses.old_ledger.checking import Checked, check_ledger
from courses.old_ledger.columns import SHEETS
from courses.old_ledger.drafts import ClassDraft
from courses.old_ledger.problems import Problem
from courses.old_ledger.reader import open_ledger
from courses.services.enrolment import lock_county
from courses.services.paper_classes import ClassRefused, Written, write_class
from registry.errors import RosterUnreadable
from registry.models import Region, User


@dataclass
class LedgerOutcome:
    """What taking over a ledger did, or would do."""

    applied: bool
    rows: int = 0
    accepted: int = 0
    created: int = 0
    unchanged: int = 0
    refused: int = 0
    written: Written = field(default_factory=Written)
    problems: list[Problem] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """Rows that stay out, with their class."""
        return self.rows - self.accepted

    def as_contract(self) -> dict[str, Any]:
        """The form the import contract prints."""
        return {
            "rows": self.rows,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "warnings": sum(not problem.is_error for problem in self.problems),
            "classes": {"created": self.created, "unchanged": self.unchanged, "refused": self.refused},
            "persons": {"created": self.written.people_created, "matched": self.written.people_matched},
            "enrolments": self.written.enrolments,
            "attendances": self.written.attendances,
            "completed": self.written.completed,
            "paper_certificates": self.written.certificates,
            "applied": self.applied,
            "problems": [problem.as_contract() for problem in self.problems],
        }


def import_ledger(
    *,
    path: Path,
    county: Region,
    by: User | None = None,
    now: datetime | None = None,
    is_dry_run: bool = False,
    most_rows: int | None = None,
) -> LedgerOutcome:
    """Take over the classes of a workbook that have no error; a class that is here already stays as it is.

    A dry run does all of it and takes it back, so it says exactly what would happen.
    Raises `RosterUnreadable`.
    """
    moment = now or timezone.now()
    book = open_ledger(path)
    if most_rows and sum(len(sheet.rows) for sheet in book.values()) > most_rows:
        raise RosterUnreadable(reason=_("it holds more than %(limit)s rows.") % {"limit": most_rows})
    if not is_dry_run:
        return _take_over(check_ledger(book, county, moment), county, by, moment, applied=True)
    with transaction.atomic():
        outcome = _take_over(check_ledger(book, county, moment), county, by, moment, applied=False)
        transaction.set_rollback(True)
    return outcome


def _take_over(
    checked: Checked, county: Region, by: User | None, now: datetime, *, applied: bool
) -> LedgerOutcome:
    outcome = LedgerOutcome(applied)
    late: list[Problem] = []
    for draft in checked.classes:
        outcome.rows += draft.row_count
        late += _take_over_class(draft, outcome, county, by, now)
    lost = [*checked.refused_classes, *checked.strays]
    outcome.rows += len(lost)
    outcome.refused += len(checked.refused_classes)
    found = [problem for reading in lost for problem in reading.problems]
    found += [problem for draft in checked.classes for problem in draft.problems]
    order = {name: place for place, name in enumerate(SHEETS)}
    outcome.problems = sorted(found + late, key=lambda problem: (order[problem.sheet], problem.row))
    return outcome


def _take_over_class(
    draft: ClassDraft, outcome: LedgerOutcome, county: Region, by: User | None, now: datetime
) -> list[Problem]:
    """Write one class unless it is refused or here already; return what only shows while writing."""
    if draft.is_refused:
        outcome.refused += 1
        return []
    try:
        with transaction.atomic():
            lock_county(county)
            if _is_here(draft, county):
                outcome.unchanged += 1
                outcome.accepted += draft.row_count
                return []
            written = write_class(draft=draft, county=county, by=by, now=now)
    except ClassRefused as refusal:
        outcome.refused += 1
        return refusal.problems
    outcome.created += 1
    outcome.accepted += draft.row_count
    outcome.written.add(written)
    return written.problems


def _is_here(draft: ClassDraft, county: Region) -> bool:
    """Tell whether the class was taken over before; raises ClassRefused if its number is another's."""
    other = TrainingClass.objects.filter(county=county, year=draft.year, number=draft.number).first()
    if other is None:
        return False
    if other.ledger_sha256 == draft.fingerprint():
        return True
    code = "class_differs" if other.ledger_sha256 else "number_taken"
    raise ClassRefused([draft.reading.problem("class", code, label=draft.label)])
