"""Make and publish the keys that sign certificates."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from certificates import keystore
from certificates.services import init_signing


class Command(BaseCommand):
    """Make what is missing; with --rotate, let new keys take over and keep the old ones published."""

    help = "Make a root and a signing certificate (RSA-3072) and the key of the QR codes, and publish them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rotate", action="store_true", help="new keys; what the old ones signed holds")

    def handle(self, **options: Any) -> None:
        published = init_signing(rotate=options["rotate"])
        for key in published:
            self.stdout.write(f"{key.get_use_display()}: {key.key_id}")
        self.stdout.write(
            f"Keys in {keystore.folder()}; keep the root's key offline." if published else "Nothing to do."
        )
