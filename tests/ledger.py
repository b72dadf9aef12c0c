"""The ledger of attendance refuses to be changed; a test that begins anew empties it here."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from courses.models import Attendance, SignIn

_KEPT = {"courses_attendance": "attendance_is_kept", "courses_signin": "sign_in_is_kept"}


@contextmanager
def changeable_ledger() -> Iterator[None]:
    """Let rows of the ledger be changed and deleted for once."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come cannot be altered
        for table, trigger in _KEPT.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        yield
        for table, trigger in _KEPT.items():
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def empty_ledger() -> None:
    """Delete every row of the ledger, and the sign-ins behind them."""
    with changeable_ledger():
        Attendance.objects.all().delete()
        SignIn.objects.all().delete()
