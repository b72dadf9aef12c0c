"""Make and publish the keys that sign certificates."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from certificates import keystore
from certificates.badge_keys import badge_keys
from certificates.services import init_signing


class Command(BaseCommand):
    """Make what is missing; with --rotate, let new keys take over and keep the old ones published."""

    help = (
        "Make a root and a signing certificate (RSA-3072), the keys of QR codes and badges, and publish them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rotate", action="store_true", help="new keys; what the old ones signed holds")

    def handle(self, **options: Any) -> None:
        before = badge_keys(keystore.folder())
        published = init_signing(rotate=options["rotate"])
        has_new_badge_keys = badge_keys(keystore.folder()) != before
        for key in published:
            self.stdout.write(f"{key.get_use_display()}: {key.key_id}")
        if has_new_badge_keys:
            self.stdout.write("Badges: new keys, published at /.well-known/did.json.")
        is_changed = published or has_new_badge_keys
        self.stdout.write(
            f"Keys in {keystore.folder()}; keep the root's key offline." if is_changed else "Nothing to do."
        )
