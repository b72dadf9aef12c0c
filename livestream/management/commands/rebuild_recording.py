"""Make a recording again from its raw parts."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from livestream.models import LiveSession
from livestream.services import build_recording, request_build


class Command(BaseCommand):
    """`manage.py rebuild_recording UID`."""

    help = "Make the recording of a session again from its raw parts, here and now."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the session's uid."""
        parser.add_argument("uid", type=uuid.UUID)

    def handle(self, *args: Any, uid: uuid.UUID, **options: Any) -> None:
        """Build it, and say what came out."""
        session = LiveSession.objects.filter(uid=uid).first()
        if session is None or not session.is_over:
            raise CommandError("There is no such session, or it is still on air.")
        if session.raw_erased_at:
            raise CommandError("Its raw parts have been removed.")
        build = request_build(session=session)
        is_built = build_recording(build=build)
        build.refresh_from_db()
        if not is_built:
            raise CommandError(build.error or "Another worker is building it.")
        session.refresh_from_db()
        self.stdout.write(f"{session.state}: {build.seconds:.1f} s")
