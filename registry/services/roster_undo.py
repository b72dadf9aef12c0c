"""Undoing a whole import: previewed, in the background, once, logged."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from registry.models import AuditAction, RosterImport, User
from registry.queries.places import version_on
from registry.queries.rosters import imports_to_undo
from registry.roster.undoing import UndoCounts, take_back, weigh
from registry.services.audit import record
from registry.services.roster_runs import (
    Pulse,
    State,
    Step,
    claim,
    failing_visibly,
    finish,
    queue,
    take_import_lock,
)


@transaction.atomic
def preview_undo(roster_import: RosterImport) -> UndoCounts:
    """Return what undoing the import would take back and what would stay; changes nothing."""
    return weigh(roster_import)


def request_undo(*, roster_import: RosterImport, by: User | None, now: datetime | None = None) -> bool:
    """Have an applied import undone in the background; False when it cannot be."""
    with transaction.atomic():
        changed = (
            imports_to_undo()
            .filter(pk=roster_import.pk)
            .update(
                state=State.UNDOING, undone_by=by, failure="", lease_until=now or timezone.now(), rows_done=0
            )
        )
        if changed:
            queue(RosterImport(pk=roster_import.pk, state=State.UNDOING))
    return bool(changed)


def undo_roster(roster_import: RosterImport, now: datetime | None = None) -> RosterImport:
    """Undo an import that waits for it, in one transaction; once, however often it is asked."""
    moment = now or timezone.now()
    if claim(roster_import, State.UNDOING, State.UNDOING, moment):
        with failing_visibly(roster_import), Pulse(roster_import, State.UNDOING) as pulse:
            _undo(roster_import, moment, pulse)
    roster_import.refresh_from_db()
    return roster_import


def _undo(roster_import: RosterImport, now: datetime, pulse: Pulse) -> None:
    with transaction.atomic():
        take_import_lock(pulse)
        if not RosterImport.objects.filter(pk=roster_import.pk, state=State.UNDOING).exists():
            return
        pulse.begin(Step.COMPARING)
        counts = asdict(weigh(roster_import))
        pulse.begin(Step.WRITING)
        take_back(roster_import)
        finish(roster_import, State.UNDOING, state=State.UNDONE, undone_at=now, undo_outcome=counts)
        version = version_on(roster_import.county, roster_import.as_of)
        record(
            actor=roster_import.undone_by,
            action=AuditAction.ROSTER_UNDONE,
            region_code=version.code if version else "",
            detail={
                "roster": str(roster_import.uid),
                **{name: value for name, value in counts.items() if name != "staying"},
            },
            now=now,
        )
