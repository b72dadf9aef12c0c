"""`manage.py import_regions --county 431125`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.errors import RegionDataMissing
from registry.services import import_regions


class Command(BaseCommand):
    """Load a county's places; running it again changes nothing."""

    help = "Load a county with its towns and villages from the data files of the registry app."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the county's code."""
        parser.add_argument("--county", required=True, help="six digits, such as 431125")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say how many places were new."""
        try:
            result = import_regions(county=options["county"])
        except RegionDataMissing as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{result.created} places added, {result.unchanged} were there already.")
