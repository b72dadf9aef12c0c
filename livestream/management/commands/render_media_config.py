import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from livestream.engines import engines
from livestream.engines.config_files import files_of


class Command(BaseCommand):
    """Writes what nginx-rtmp and Janus read, readable for nobody else: keys are in it."""

    help = "Write the configuration of the media engines of LIVE_ENGINES, below one folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer another folder."""
        parser.add_argument("--folder", type=Path, default=settings.LIVE_ENGINE_FOLDER)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files of each engine into a folder of its name, and say how it is started."""
        for engine in engines():
            folder = Path(options["folder"]).resolve() / engine.name
            files = files_of(engine, folder)
            for name, content in files.items():
                write_secretly(folder / name, content)
            if files and options["verbosity"]:
                self.stdout.write(start_command(engine.name, folder))


def write_secretly(path: Path, content: str) -> None:
    """Write a file that only we can read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(content)


def start_command(name: str, folder: Path) -> str:
    """Return how an engine is started in the foreground."""
    if name == "janus":
        return f"janus -F {folder} -C {folder / 'janus.jcfg'}"
    return f"nginx -e stderr -p {folder} -c {folder / 'nginx.conf'}"
