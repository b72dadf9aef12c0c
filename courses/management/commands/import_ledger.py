"""`manage.py import_ledger FILE --county CODE [--dry-run] [--json]`."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from courses.services import LedgerOutcome, import_ledger
from registry.errors import RosterUnreadable
from registry.models import Region, RegionVersion
from registry.queries.places import version_by_code

CLEAN, WITH_REFUSED_ROWS, UNREADABLE = 0, 1, 2


class Command(BaseCommand):
    """Take over an old ledger. Exit code 0: clean, 1: some classes were refused, 2: nothing could be read."""

    help = "Take over classes that were run on paper, from a workbook of five sheets."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and the county."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--county", required=True, help="six digits, such as 431125")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take over or rehearse, report, and exit with the code of the contract."""
        try:
            outcome = import_ledger(
                path=Path(options["file"]), county=_county(options["county"]), is_dry_run=options["dry_run"]
            )
        except RosterUnreadable as error:
            self._report_nothing_done(error, as_json=options["json"])
            sys.exit(UNREADABLE)
        self._report(outcome, as_json=options["json"])
        if outcome.rejected:
            sys.exit(WITH_REFUSED_ROWS)

    def _report(self, outcome: LedgerOutcome, *, as_json: bool) -> None:
        told = outcome.as_contract()
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for problem in told["problems"]:
            self.stdout.write("{sheet} {row}\t{severity}\t{column}\t{message}".format(**problem))
        self.stdout.write(
            _("%(rows)s rows: %(accepted)s accepted, %(rejected)s refused, %(warnings)s warnings.") % told
        )
        self.stdout.write(
            _("Classes: %(created)s taken over, %(unchanged)s here already, %(refused)s refused.")
            % told["classes"]
        )
        if not outcome.applied:
            self.stdout.write(_("This was a rehearsal: nothing was changed."))

    def _report_nothing_done(self, error: RosterUnreadable, *, as_json: bool) -> None:
        if not as_json:
            self.stderr.write(str(error))
            return
        problem = {
            "sheet": "",
            "row": None,
            "column": "",
            "code": error.code,
            "severity": "error",
            "message": str(error),
        }
        nothing = LedgerOutcome(applied=False).as_contract()
        self.stdout.write(json.dumps({**nothing, "problems": [problem]}, ensure_ascii=False))


def _county(code: str) -> Region:
    try:
        version = version_by_code(code)
    except RegionVersion.DoesNotExist:
        version = None
    if version is None or version.level != RegionVersion.Level.COUNTY:
        raise CommandError(f"No county {code} is loaded: see import_regions.", returncode=UNREADABLE)
    return version.region
