"""Prove that the audit log is whole."""

import argparse
import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from registry.services.audit import verify_log


class Command(BaseCommand):
    """Exit 0 when every entry stands as it was written, 1 when one does not."""

    help = "Walk the audit log's chain and name the first entry that was changed, removed or moved."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--anchor",
            type=_anchor,
            help="NUMBER:HASH noted earlier, e.g. from the site's log (audit head …)",
        )

    def handle(self, **options: Any) -> None:
        verdict = verify_log(anchor=options["anchor"])
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(verdict), "intact": verdict.is_intact}))
        elif verdict.is_intact:
            self.stdout.write(f"Intact: {verdict.entries} entries, head {verdict.head}")
        else:
            self.stdout.write(f"Broken at entry {verdict.broken_at}: {verdict.problem}")
        if not verdict.is_intact:
            raise SystemExit(1)


def _anchor(text: str) -> tuple[int, str]:
    number, _, entry_hash = text.partition(":")
    if not number.isdecimal() or len(entry_hash) != 64:
        raise argparse.ArgumentTypeError("expected NUMBER:HASH")
    return int(number), entry_hash.lower()
