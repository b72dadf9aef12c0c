"""A roster file read, checked and compared: what importing it would do. Reads, never writes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from registry.errors import RosterUnreadable
from registry.models import Region
from registry.queries.places import version_on
from registry.roster.columns import KEPT_COLUMNS
from registry.roster.error_workbook import RefusedRows
from registry.roster.plan import Plan, plan_import
from registry.roster.problems import ERROR, Problem
from registry.roster.reader import RosterBook, RosterSheet, SheetRow, open_roster
from registry.roster.rows import RosterRow, RowChecker
from registry.roster.staging import Tick, stage
from registry.roster.villages import VillageIndex

_PROGRESS_EVERY = 2_000
Progress = Callable[[int, int], None]


@dataclass
class Examination:
    """A file after all its rows were checked, before anything is compared with the database."""

    columns: dict[str, dict[str, str]]
    rows: list[RosterRow] = field(default_factory=list)
    refused: list[RefusedRows] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def rows_refused(self) -> int:
        """How many rows stay out."""
        return sum(len(each.rows) for each in self.refused)


@dataclass
class Rehearsal:
    """What an import would do, or did."""

    examination: Examination
    plan: Plan

    @cached_property
    def problems(self) -> list[Problem]:
        """All problems by sheet and row."""
        order = {name: place for place, name in enumerate(self.examination.columns)}
        found = self.examination.problems + self.plan.problems
        return sorted(found, key=lambda problem: (order.get(problem.sheet, 0), problem.row or 0))

    def outcome(self, *, applied: bool) -> dict[str, Any]:
        """The counts of the import contract, without the problems."""
        accepted, rejected = len(self.examination.rows), self.examination.rows_refused
        return {
            "rows": accepted + rejected,
            "accepted": accepted,
            "rejected": rejected,
            "warnings": sum(problem.severity != ERROR for problem in self.problems),
            **self.plan.counts(),
            "applied": applied,
        }


def examine(path: Path, county: Region, as_of: date, on_progress: Progress | None = None) -> Examination:
    """Read and check every row of a file. Raises `RosterUnreadable`."""
    return examine_book(open_roster(path), county, as_of, on_progress)


def examine_book(
    book: RosterBook, county: Region, as_of: date, on_progress: Progress | None = None
) -> Examination:
    """Check every row, letting go of what was read; `on_progress` hears rows done and rows in all."""
    version = version_on(county, as_of)
    if version is None:
        raise RosterUnreadable(reason=_("the county did not exist on its cut-off date."))
    checker = RowChecker(county_name=version.name, villages=VillageIndex(version.code, as_of))
    names = {name: book.shown_name(sheet) for name, sheet in enumerate(book.sheets)}
    examination = Examination(
        {
            names[n]: {name: sheet.header_of(name) for name in KEPT_COLUMNS}
            for n, sheet in enumerate(book.sheets)
        }
    )
    done, total = 0, book.rows_waiting
    for n, sheet in enumerate(book.sheets):
        refused = RefusedRows(sheet)
        examination.refused.append(refused)
        for source in sheet.take_rows():
            _take(examination, checker, source, sheet, names[n], refused)
            done += 1
            if on_progress and done % _PROGRESS_EVERY == 0:
                on_progress(done, total)
    examination.problems += checker.finish()
    return examination


def _take(
    examination: Examination,
    checker: RowChecker,
    source: SheetRow,
    sheet: RosterSheet,
    name: str,
    refused: RefusedRows,
) -> None:
    if not source.values:
        code = "merged_row" if source.is_merged else "blank_row"
        examination.problems.append(Problem(source.number, sheet.header_of("name"), code, sheet=name))
        return
    row, problems = checker.check(source, sheet, name)
    examination.problems += problems
    if row is None:
        refused.rows.append((source, problems))
    else:
        examination.rows.append(row)


def rehearse(
    examination: Examination, county: Region, as_of: date, tick: Tick = lambda rows: None
) -> Rehearsal:
    """Compare a checked file with the register; `tick` is called often."""
    with transaction.atomic():
        staged = stage(examination.rows, county, as_of, tick)
        plan = plan_import(examination.rows, staged, as_of, examination.columns, tick)
    return Rehearsal(examination, plan)
