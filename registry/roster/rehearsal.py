"""A roster file read, checked and compared: what importing it would do. Reads, never writes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from registry.errors import RosterUnreadable
from registry.models import Region
from registry.queries.places import version_on
from registry.roster.columns import KEPT_COLUMNS
from registry.roster.known import load_known
from registry.roster.plan import Plan, plan_import
from registry.roster.problems import ERROR, Problem
from registry.roster.reader import RosterSheet, SheetRow, open_roster
from registry.roster.rows import RosterRow, RowChecker
from registry.roster.villages import VillageIndex

_PROGRESS_EVERY = 2_000


@dataclass
class Examination:
    """A file after all its rows were checked, before anything is compared with the database."""

    sheet: RosterSheet
    rows: list[RosterRow] = field(default_factory=list)
    refused: list[tuple[SheetRow, list[Problem]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def columns(self) -> dict[str, str]:
        """Header texts of this file by field."""
        return {name: self.sheet.header_of(name) for name in KEPT_COLUMNS}


@dataclass
class Rehearsal:
    """What an import would do, or did."""

    examination: Examination
    plan: Plan

    @property
    def problems(self) -> list[Problem]:
        """All problems by row."""
        return sorted(self.examination.problems + self.plan.problems, key=lambda problem: problem.row or 0)

    def outcome(self, *, applied: bool) -> dict[str, Any]:
        """The counts of the import contract, without the problems."""
        warnings = sum(problem.severity != ERROR for problem in self.problems)
        return {
            "rows": len(self.examination.rows) + len(self.examination.refused),
            "accepted": len(self.examination.rows),
            "rejected": len(self.examination.refused),
            "warnings": warnings,
            **self.plan.counts(),
            "applied": applied,
        }


def examine(
    path: Path, county: Region, as_of: date, on_progress: Callable[[int, int], None] | None = None
) -> Examination:
    """Read and check every row; `on_progress` hears rows done and rows in all. Raises `RosterUnreadable`."""
    sheet = open_roster(path)
    version = version_on(county, as_of)
    if version is None:
        raise RosterUnreadable(reason=_("the county did not exist on its cut-off date."))
    checker = RowChecker(sheet, county_name=version.name, villages=VillageIndex(version.code, as_of))
    examination = Examination(sheet)
    blank: list[Problem] = []
    for count, source in enumerate(sheet.rows(), start=1):
        if source.is_blank:
            blank.append(Problem(source.number, sheet.header_of("name"), "blank_row"))
        else:
            _take(examination, checker, source, blank)
        if on_progress and count % _PROGRESS_EVERY == 0:
            on_progress(count, sheet.rows_expected)
    examination.problems += checker.finish()
    return examination


def _take(examination: Examination, checker: RowChecker, source: SheetRow, blank: list[Problem]) -> None:
    # Blank rows only matter between rows: sheets trail off into hundreds of them.
    examination.problems += blank
    blank.clear()
    row, problems = checker.check(source)
    examination.problems += problems
    if row is None:
        examination.refused.append((source, problems))
    else:
        examination.rows.append(row)


def rehearse(examination: Examination, county: Region, as_of: date) -> Rehearsal:
    """Compare a checked file with the register."""
    known = load_known(county, examination.rows)
    return Rehearsal(examination, plan_import(examination.rows, known, as_of, examination.columns()))
