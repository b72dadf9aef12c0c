"""Brings the site up to date before it serves: tables, the demo county, static files.

Each step is skipped when nothing it depends on has changed, so that a second start is quick.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def prepare_site(say: Callable[[str], None]) -> None:
    """Migrate, load the demo county and collect static files, as far as needed; `say` hears each step."""
    _migrate(say)
    _load_demo(say)
    _collect_static(say)


def _migrate(say: Callable[[str], None]) -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Making the tables …")
        call_command("migrate", interactive=False, verbosity=0)


def _load_demo(say: Callable[[str], None]) -> None:
    if not settings.DEMO or "load_demo" not in get_commands():
        return
    code = (path for app in settings.OUR_APPS for path in (settings.BASE_DIR / app).rglob("*"))
    sources = (
        path for path in code if path.is_file() and path.suffix not in {".pyc", ".po", ".mo", ".css", ".js"}
    )
    # The county has "a class tomorrow", and another database knows nothing of this one's demo.
    state = _fingerprint(sources, date.today().isoformat(), _database_identity())  # noqa: DTZ011
    stamp = settings.LOCAL / "demo.stamp"
    if _reads(stamp, state):
        return
    say("Loading the demo county …")
    logging.disable(logging.INFO)  # a line for each of thousands of things that are as they should be
    try:
        call_command("load_demo", verbosity=0)
    finally:
        logging.disable(logging.NOTSET)
    stamp.write_text(state)


def _collect_static(say: Callable[[str], None]) -> None:
    sources = (Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([]))
    state = _fingerprint(sources)
    root = Path(settings.STATIC_ROOT)
    stamp = settings.LOCAL / "static.stamp"
    if _reads(stamp, state) and (root / "staticfiles.json").exists():
        return
    say("Collecting static files …")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(state)


def _database_identity() -> str:
    """Return what only this very database has: the cluster's number and the database's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier, oid FROM pg_control_system(), pg_database"
            " WHERE datname = current_database()"
        )
        return str(cursor.fetchone())


def _fingerprint(files: Iterable[Path], *extra: str) -> str:
    lines = []
    for path in files:
        status = path.stat()
        lines.append(f"{path} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join([*sorted(lines), *extra]).encode()).hexdigest()


def _reads(stamp: Path, state: str) -> bool:
    return stamp.exists() and stamp.read_text() == state
