"""Work in the background that may be lost or killed: one worker at a time, and a sweep for the forgotten."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet

from courses import transcoding
from courses.models.background import InBackground

LEASE = timedelta(minutes=transcoding.TIME_LIMIT // 60 + 10)
MAX_ATTEMPTS = 3


def take_lease(row: InBackground, now: datetime) -> bool:
    """Take the row for this worker and return True; False when another has it or the work is done."""
    rows = type(row)._default_manager.filter(row.unleased(now), pk=row.pk)
    taken = rows.exclude(state__in=[row.State.READY, row.State.FAILED]).update(
        state=row.State.WORKING, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    row.refresh_from_db()
    return bool(taken)


def give_up(row: InBackground, error: str) -> None:
    """Mark the row as failed for good, and why."""
    row.state, row.error = row.State.FAILED, error
    row.save(update_fields=["state", "error"])


def wake_stuck(rows: QuerySet[Any], queue: Callable[[int], object], now: datetime) -> int:
    """Queue the rows nobody works on any more, give up on the hopeless; return how many were queued."""
    states = rows.model.State
    stuck = rows.filter(rows.model.unleased(now), state__in=[states.WAITING, states.WORKING])
    hopeless = stuck.filter(attempts__gte=MAX_ATTEMPTS)
    rows.model.objects.filter(pk__in=list(hopeless.values_list("pk", flat=True))).update(
        state=states.FAILED, error="gave up after several attempts"
    )
    waiting = list(stuck.filter(attempts__lt=MAX_ATTEMPTS).values_list("pk", flat=True))
    for pk in waiting:
        queue(pk)
    return len(waiting)
