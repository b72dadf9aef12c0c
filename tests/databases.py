"""Test databases: one template is migrated once, every test process works on a copy of it.

A copy takes well under a second, so a test that commits is followed by a new copy, which also brings back the
rows that migrations make (Wagtail's root page, the locales) and that a flush would lose for good.
"""

import fcntl
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from config import embedded
from config.embedded.places import database_home
from tests.audit_log import allow_emptying_the_log

_PREFIX = "test_cunbo_"
_LAST_USERS_SECONDS = 10  # the servers of the last test take a moment to end


def migrate_template(*, again: bool = False) -> str:
    """Return the name of the migrated template database, made when there is none of these migrations."""
    template = _PREFIX + _fingerprint()
    with _one_process_at_a_time():
        if again or not _exists(template):
            _drop_all()
            making = f"{template}_making"
            _sql(f'CREATE DATABASE "{making}"')
            use(making)
            call_command("migrate", verbosity=0, interactive=False)
            allow_emptying_the_log()
            _furnish()
            connections.close_all()
            _sql(f'ALTER DATABASE "{making}" RENAME TO "{template}"')
    return template


def _furnish() -> None:
    """Put in what most tests need: a county's places, and the groups of whom it appoints."""
    from registry.services import import_regions, sync_admin_groups  # only once Django is set up

    import_regions(county="431125")
    sync_admin_groups()


def copy_template(template: str) -> str:
    """Make this test process's database anew as a copy of `template`, use it and return its name."""
    name = f"{template}_{settings.TEST_PROCESS}"
    connections.close_all()
    with _one_process_at_a_time():  # a template cannot be copied twice at once
        _sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    use(name)
    return name


def use(name: str) -> None:
    """Point Django's connection at the database `name`."""
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def url_of(name: str) -> str:
    """Return the address of the database `name` for other processes (`DATABASE_URL`)."""
    return urlsplit(embedded.database_url())._replace(path=f"/{name}").geturl().replace("?//", "?")


def _fingerprint() -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for app in settings.OUR_APPS:
        for path in sorted((settings.BASE_DIR / app / "migrations").glob("*.py")):
            digest.update(path.read_bytes())
    for path in ("constraints.txt", "registry/data/regions-431125.csv"):
        digest.update((settings.BASE_DIR / path).read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _one_process_at_a_time() -> Iterator[None]:
    path = Path(settings.LOCAL) / "test-databases.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sql(statement: str) -> list[tuple[str]]:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def _exists(name: str) -> bool:
    return (name,) in _sql("SELECT datname FROM pg_database")


def _drop_all() -> None:
    for (name,) in _sql("SELECT datname FROM pg_database"):
        if name.startswith(_PREFIX):
            _sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def main(arguments: list[str]) -> None:
    """Make the template ahead of the tests; with `--stop` stop their servers and free what they hold."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"  # importing `config` has named others
    django.setup()
    if arguments == ["--stop"]:
        _stop()
        return
    embedded.ensure_started()
    migrate_template()


def _stop() -> None:
    """Stop the servers and free the memory the database lies in, once nobody uses it."""
    deadline = time.monotonic() + _LAST_USERS_SECONDS
    while not embedded.stop_if_unused():
        if time.monotonic() > deadline:
            print("The servers of the tests are still in use.", file=sys.stderr)
            return
        time.sleep(0.2)
    if "CUNBO_POSTGRES" in os.environ:
        shutil.rmtree(database_home(), ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
