"""`manage.py import_roster FILE --county CODE --as-of DAY [--dry-run] [--errors OUT] [--json]`."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.errors import RegistryError, RosterCancelled, RosterUnreadable
from registry.models import Region, RegionVersion
from registry.queries.places import version_by_code
from registry.roster.error_workbook import write_error_workbook
from registry.services.roster import Rehearsal, apply_file, rehearse_roster

CLEAN, WITH_REFUSED_ROWS, UNREADABLE = 0, 1, 2


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        raise CommandError(f"{text} is not a day as YYYY-MM-DD.", returncode=UNREADABLE) from None
    if day > timezone.localdate():
        raise CommandError(f"{text} lies in the future.", returncode=UNREADABLE)
    return day


class Command(BaseCommand):
    """Import a registry export. Exit code 0: clean, 1: some rows were refused, 2: nothing could be read."""

    # The site is checked when it starts; a list of a thousand rows takes less time than that.
    requires_system_checks = ()

    help = "Import a registry export (26 columns) into a county's register."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the county and the cut-off date."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--county", required=True, help="six digits, such as 431125")
        parser.add_argument("--as-of", required=True, help="cut-off date of the list, YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")
        parser.add_argument("--errors", type=Path, help="where to write the refused rows")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import or rehearse, report, and exit with the code of the contract."""
        as_of = _day(options["as_of"])
        county = _county(options["county"], as_of)
        run = rehearse_roster if options["dry_run"] else apply_file
        try:
            rehearsal = run(path=Path(options["file"]), county=county, as_of=as_of)
        except (RosterUnreadable, RosterCancelled) as error:
            self._report_nothing_done(error, as_json=options["json"])
            sys.exit(UNREADABLE)
        refused = rehearsal.examination.rows_refused
        if options["errors"] and refused:
            write_error_workbook(options["errors"], rehearsal.examination.refused)
        self._report(rehearsal, applied=not options["dry_run"], as_json=options["json"])
        if refused:
            sys.exit(WITH_REFUSED_ROWS)

    def _report(self, rehearsal: Rehearsal, *, applied: bool, as_json: bool) -> None:
        outcome = rehearsal.outcome(applied=applied)
        problems = [problem.as_contract() for problem in rehearsal.problems]
        if as_json:
            self._print_json({**outcome, "problems": problems})
            return
        for problem in problems:
            self.stdout.write("{row}\t{severity}\t{column}\t{message}".format(**problem))
        self.stdout.write(
            _("%(rows)s rows: %(accepted)s accepted, %(rejected)s refused, %(warnings)s warnings.") % outcome
        )
        if not applied:
            self.stdout.write(_("This was a rehearsal: nothing was changed."))

    def _report_nothing_done(self, error: RegistryError, *, as_json: bool) -> None:
        if not as_json:
            self.stderr.write(str(error))
            return
        problem = {
            "row": None,
            "column": "",
            "code": error.code,
            "severity": "error",
            "message": str(error),
        }
        nothing = {"created": 0, "matched": 0}
        self._print_json(
            {
                **dict.fromkeys(("rows", "accepted", "rejected", "warnings"), 0),
                "persons": {**nothing, "suggested": 0},
                "households": nothing,
                "status_periods": {"opened": 0, "closed": 0, "unchanged": 0},
                "applied": False,
                "problems": [problem],
            }
        )

    def _print_json(self, outcome: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(outcome, ensure_ascii=False))


def _county(code: str, on: date) -> Region:
    try:
        version = version_by_code(code, on)
    except RegionVersion.DoesNotExist:
        version = None
    if version is None or version.level != RegionVersion.Level.COUNTY:
        raise CommandError(f"No county {code} is loaded: see import_regions.", returncode=UNREADABLE)
    return version.region
