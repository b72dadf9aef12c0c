"""Setting the audit log's triggers aside in a test database.

Django empties every table with TRUNCATE after a test that commits, which the log refuses by design.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_ON_TRUNCATE = [
    ("registry_auditentry", "audit_log_is_not_emptied"),
    ("registry_audithead", "audit_head_is_not_emptied"),
]
_ON_CHANGE = [
    ("registry_auditentry", "audit_entry_is_kept"),
    ("registry_audithead", "audit_head_is_kept"),
    ("registry_audithead", "audit_head_moves_on"),
]


def allow_emptying_the_log() -> None:
    """Let the test runner truncate; call it once the test database stands."""
    _switch("DISABLE", _ON_TRUNCATE)


def refuse_emptying_the_log() -> None:
    """Make the test database as strict as a real one again (until the test's transaction rolls back)."""
    _switch("ENABLE ALWAYS", _ON_TRUNCATE)


@contextmanager
def tampering() -> Iterator[None]:
    """Do what a database owner could: change the log with its triggers off."""
    _switch("DISABLE", _ON_CHANGE)
    yield
    _switch("ENABLE ALWAYS", _ON_CHANGE)


def _switch(how: str, triggers: list[tuple[str, str]]) -> None:
    with connection.cursor() as cursor:
        # PostgreSQL alters no table that still waits for the checks of its foreign keys.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, trigger in triggers:
            cursor.execute(f"ALTER TABLE {table} {how} TRIGGER {trigger}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
