"""The media agent: live pictures for who watches. One process; a second one waits until the first is gone."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from livestream.agent.supervisor import MediaAgent


class Command(BaseCommand):
    """`manage.py run_media_agent`, ended by SIGTERM or SIGINT."""

    help = "Keep an ffmpeg running for each session that is watched live."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        agent = MediaAgent()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: agent.stopping.set())
        agent.run()
