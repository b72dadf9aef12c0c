"""`manage.py make_demo_roster FILE [--people 200] [--households 65] [--seed 2] [--bad]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from registry.demo_roster import BAD_KINDS, write_demo_roster


class Command(BaseCommand):
    """Write a registry export of fictional people to try the import with."""

    help = "Write a made-up registry export; --bad adds one row of each kind that an import refuses."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and its size."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--people", type=int, default=200)
        parser.add_argument("--households", type=int, default=65)
        parser.add_argument("--seed", type=int, default=2)
        parser.add_argument("--bad", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and say where."""
        write_demo_roster(
            options["file"],
            people=options["people"],
            households=options["households"],
            seed=options["seed"],
            bad_rows=len(BAD_KINDS) if options["bad"] else 0,
        )
        self.stdout.write(str(options["file"]))
