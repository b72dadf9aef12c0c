"""Bring every sealed column under the key in use."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.errors import IndexKeyMissing
from registry.services.keys import RotationReport, SealedColumn, rotate_keys


class Command(BaseCommand):
    """Exit 0 when nothing is left under another key, 1 when something is."""

    help = "Seal every sealed value anew under the key in use; may be run, killed and run again at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=_batch, default=1000, help="rows a transaction")
        parser.add_argument("--index", action="store_true", help="the hashes for looking up, too")
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        try:
            reports = rotate_keys(
                batch=options["batch"], is_index_wanted=options["index"], progress=self._show_progress
            )
        except IndexKeyMissing as error:
            raise CommandError(str(error), returncode=2) from error
        self._show(reports, as_json=options["json"])
        if not all(report.is_complete for report in reports):
            raise SystemExit(1)

    def _show_progress(self, column: SealedColumn, done: int, total: int) -> None:
        self.stderr.write(f"{column} {done} / {total}", ending="\n" if done >= total else "\r")
        self.stderr.flush()

    def _show(self, reports: list[RotationReport], *, as_json: bool) -> None:
        if as_json:
            columns = [{**asdict(report), "complete": report.is_complete} for report in reports]
            complete = all(report.is_complete for report in reports)
            self.stdout.write(json.dumps({"columns": columns, "complete": complete}, default=str))
            return
        for report in reports:
            self.stdout.write(
                f"{report.column}: {report.resealed} sealed anew, {report.reindexed} indexed anew, "
                f"unreadable {report.unreadable}, conflicts {report.conflicts}, busy {report.busy}, "
                f"values by key {report.under}"
            )


def _batch(text: str) -> int:
    rows = int(text)
    if not 1 <= rows <= 100_000:
        raise ValueError
    return rows
