"""How an import runs in the background: who works on it, how far it is, and how it is stopped.

The `RosterImport` row holds state, progress and lease. A worker that dies leaves nothing half-applied (one
transaction) and is followed by another once its lease has run out. Whoever cancels only changes the state:
the worker sees it at its next beat, at the latest when it wants to finish.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.errors import RosterCancelled, RosterUnreadable
from registry.models import RosterImport

State = RosterImport.State
Step = RosterImport.Step
LEASE = timedelta(minutes=5)
WORKING = (State.UPLOADED, State.CHECKING, State.APPLYING, State.UNDOING)
CANCELLABLE = (State.UPLOADED, State.CHECKING, State.CHECKED, State.APPLYING)
# One import writes at a time, in all counties: a person may stand on two rosters.
_IMPORT_LOCK = 2026_0301
_BEAT_SECONDS = 0.25


def cancel_roster(*, roster_import: RosterImport) -> bool:
    """Stop an import before it is applied; False when it is over already."""
    return bool(
        RosterImport.objects.filter(pk=roster_import.pk, state__in=CANCELLABLE).update(
            state=State.CANCELLED, lease_until=None
        )
    )


def waiting_imports(now: datetime | None = None) -> list[tuple[int, str]]:
    """Return id and state of imports whose worker is gone or whose message was lost."""
    waiting = RosterImport.objects.filter(state__in=WORKING, lease_until__lt=now or timezone.now())
    return list(waiting.values_list("pk", "state"))


def wake_waiting_imports(now: datetime | None = None) -> int:
    """Queue every waiting import again; returns how many."""
    waiting = waiting_imports(now)
    for pk, state in waiting:
        queue(RosterImport(pk=pk, state=state))
    return len(waiting)


def queue(roster_import: RosterImport) -> None:
    """Have a worker do what the import's state asks for, once the transaction is through."""
    from registry.tasks import apply_roster_task, check_roster_task, undo_roster_task

    tasks = {State.APPLYING: apply_roster_task, State.UNDOING: undo_roster_task}
    task = tasks.get(State(roster_import.state), check_roster_task)
    transaction.on_commit(lambda: task.delay(roster_import.pk))


def claim(
    roster_import: RosterImport, start: RosterImport.State, working: RosterImport.State, now: datetime
) -> bool:
    """Take the import for this worker, unless another one holds a lease that has not run out."""
    free = Q(state=start) if start != working else Q(pk=None)
    return bool(
        RosterImport.objects.filter(
            free | Q(state=working, lease_until__lte=now), pk=roster_import.pk
        ).update(state=working, lease_until=now + LEASE)
    )


def finish(roster_import: RosterImport, working: RosterImport.State, **values: Any) -> None:
    """Write an import's end state, unless it was cancelled meanwhile: then raises `RosterCancelled`."""
    values = {"step": "", "lease_until": None, **values}
    if not RosterImport.objects.filter(pk=roster_import.pk, state=working).update(**values):
        raise RosterCancelled
    for name, value in values.items():
        setattr(roster_import, name, value)


@contextmanager
def failing_visibly(roster_import: RosterImport) -> Iterator[None]:
    """Show on the row that an import failed: why, for a bad file; without details, for a fault of ours."""
    roster_import.refresh_from_db()
    try:
        yield
    except RosterCancelled:
        pass
    except RosterUnreadable as error:
        _fail(roster_import, str(error))
    except Exception:
        _fail(roster_import, _("The import stopped with a fault. Nothing was changed."))
        raise


def _fail(roster_import: RosterImport, failure: str) -> None:
    # An undo that failed leaves the import applied, as it was.
    state = State.APPLIED if roster_import.state == State.UNDOING else State.FAILED
    RosterImport.objects.filter(pk=roster_import.pk, state__in=WORKING).update(
        state=state, failure=failure[:300], lease_until=None, step=""
    )


class Pulse:
    """Shows an import's progress while its transaction is open, through a connection of its own.

    Each beat prolongs the lease, and raises `RosterCancelled` when somebody cancelled.
    """

    def __init__(self, roster_import: RosterImport, working: RosterImport.State) -> None:
        self._pk = roster_import.pk
        self._working = working
        self._values: dict[str, Any] = {}
        self._last = 0.0

    def __enter__(self) -> Self:
        self._connection = connection.copy()
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def begin(self, step: RosterImport.Step, total: int = 0) -> None:
        """Go on to another step of `total` rows."""
        self._values = {"step": step.value, "rows_done": 0, "rows_total": total}
        self._beat()

    def read(self, done: int, total: int) -> None:
        """Tell how many rows were read."""
        self._values = {"step": Step.READING.value, "rows_done": done, "rows_total": total}
        self._beat_now_and_then()

    def tick(self, rows: int) -> None:
        """Tell how many rows are done since the last time."""
        done, total = self._values.get("rows_done", 0) + rows, self._values.get("rows_total", 0)
        self._values["rows_done"] = min(done, total)
        self._beat_now_and_then()

    def _beat_now_and_then(self) -> None:
        if time.monotonic() - self._last > _BEAT_SECONDS:
            self._beat()

    def _beat(self) -> None:
        self._last = time.monotonic()
        values = {**self._values, "lease_until": timezone.now() + LEASE}
        settings = ", ".join(f"{name} = %s" for name in values)
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE registry_rosterimport SET {settings} WHERE id = %s AND state = %s",  # noqa: S608
                [*values.values(), self._pk, self._working.value],
            )
            if cursor.rowcount:
                return
            cursor.execute("SELECT state FROM registry_rosterimport WHERE id = %s", [self._pk])
            if cursor.fetchone():  # none: the row itself is not committed yet
                raise RosterCancelled


def take_import_lock(pulse: Pulse) -> None:
    """Wait for the one place to write, for as long as nobody cancels."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_IMPORT_LOCK])
            if cursor.fetchone()[0]:
                return
        pulse.tick(0)
        time.sleep(_BEAT_SECONDS)
