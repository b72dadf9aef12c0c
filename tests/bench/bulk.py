"""Tables that take in millions of rows made by the server."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from county.indexes import bare


@contextmanager
def in_bulk(table: str) -> Iterator[None]:
    """Let rows in without triggers, references checked and indexes; all is as before afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [table],
        )
        triggers = cursor.fetchall()
        for name, _enabled in triggers:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        with bare(cursor, table):
            yield
        for name, enabled in triggers:
            how = {"A": "ENABLE ALWAYS", "O": "ENABLE", "R": "ENABLE REPLICA", "D": "DISABLE"}[enabled]
            cursor.execute(f"ALTER TABLE {table} {how} TRIGGER {name}")
        cursor.execute("SET LOCAL session_replication_role = origin")
