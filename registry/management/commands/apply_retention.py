"""Remove what has served its purpose."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from registry.services import apply_retention


class Command(BaseCommand):
    """Applies the retention rules now; beat does it every night."""

    help = "Remove old files, messages and grants by the retention rules; with --dry-run only count them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer the rehearsal and JSON."""
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        """Apply and say how many of what."""
        removed = apply_retention(is_rehearsal=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps({"removed": removed, "applied": not options["dry_run"]}))
            return
        for subject, number in sorted(removed.items()):
            self.stdout.write(f"{subject}: {number}")
