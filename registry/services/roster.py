"""Roster imports: upload, check (the dry run), apply.

The `RosterImport` row holds state, progress and lease. A worker that dies leaves nothing half-applied (one
transaction) and is followed by another once its lease has run out (`waiting_imports`).
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files import File
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.errors import RosterUnreadable
from registry.models import AuditAction, Region, RosterImport, User
from registry.queries.places import version_on
from registry.roster.error_workbook import write_error_workbook
from registry.roster.problems import ERROR
from registry.roster.rehearsal import Examination, Rehearsal, examine, rehearse
from registry.roster.writing import write_plan
from registry.services.audit import record

State = RosterImport.State
LEASE = timedelta(minutes=10)
PROBLEMS_KEPT = 5_000
# One import writes at a time, in all counties: a person may stand on two rosters.
_IMPORT_LOCK = 2026_0301


def upload_roster(
    *, file: File, file_name: str, county: Region, as_of: date, by: User | None, now: datetime | None = None
) -> RosterImport:
    """Keep an uploaded file and have it checked; the same file sent twice is one upload.

    Only an upload that was applied or failed may be repeated by the same file.
    """
    digest = _sha256(file)
    with transaction.atomic():
        Region.objects.select_for_update(no_key=True).get(pk=county.pk)
        waiting = RosterImport.objects.filter(county=county, as_of=as_of, sha256=digest).exclude(
            state__in=[State.APPLIED, State.FAILED]
        )
        existing = waiting.first()
        if existing:
            return existing
        roster_import = RosterImport(
            county=county,
            as_of=as_of,
            file_name=file_name[:200],
            sha256=digest,
            uploaded_by=by,
            lease_until=now or timezone.now(),
        )
        roster_import.file.save("roster.xlsx", file, save=False)
        roster_import.save()
        _queue_check(roster_import)
    return roster_import


def request_apply(*, roster_import: RosterImport, now: datetime | None = None) -> bool:
    """Have a checked import applied in the background; False when it is not waiting for that."""
    with transaction.atomic():
        changed = RosterImport.objects.filter(pk=roster_import.pk, state=State.CHECKED).update(
            state=State.APPLYING, lease_until=now or timezone.now(), rows_done=0
        )
        if changed:
            _queue_apply(roster_import)
    return bool(changed)


def rehearse_roster(*, path: Path, county: Region, as_of: date) -> Rehearsal:
    """Return what importing the file would do; writes nothing. Raises `RosterUnreadable`."""
    return rehearse(examine(path, county, as_of), county, as_of)


def apply_file(
    *, path: Path, county: Region, as_of: date, by: User | None = None, now: datetime | None = None
) -> Rehearsal:
    """Import a file in this process and return what was done. Raises `RosterUnreadable`, leaving nothing."""
    examination = examine(path, county, as_of)
    with path.open("rb") as opened:
        file = File(opened)
        roster_import = RosterImport(
            county=county,
            as_of=as_of,
            file_name=path.name[:200],
            sha256=_sha256(file),
            uploaded_by=by,
            state=State.APPLYING,
        )
        roster_import.file.save("roster.xlsx", file, save=True)
    rehearsal = _apply(roster_import, examination, now or timezone.now())
    assert rehearsal is not None  # noqa: S101 - nobody else knows this row
    return rehearsal


def check_roster(roster_import: RosterImport, now: datetime | None = None) -> RosterImport:
    """Check an uploaded file and keep what importing it would do; does nothing in any later state."""
    if _claim(roster_import, State.UPLOADED, State.CHECKING, now):
        with _failing_visibly(roster_import):
            examination = _examine_import(roster_import)
            rehearsal = rehearse(examination, roster_import.county, roster_import.as_of)
            _save_outcome(roster_import, rehearsal, State.CHECKED, applied=False)
    roster_import.refresh_from_db()
    return roster_import


def apply_roster(roster_import: RosterImport, now: datetime | None = None) -> RosterImport:
    """Apply an uploaded or checked file in one transaction; once, however often it is asked."""
    moment = now or timezone.now()
    if _claim(roster_import, State.CHECKED, State.APPLYING, now) or _claim(
        roster_import, State.UPLOADED, State.APPLYING, now
    ):
        with _failing_visibly(roster_import):
            examination = _examine_import(roster_import)
            _apply(roster_import, examination, moment)
    roster_import.refresh_from_db()
    return roster_import


def waiting_imports(now: datetime | None = None) -> list[tuple[int, str]]:
    """Return id and state of imports whose worker is gone or whose message was lost."""
    waiting = RosterImport.objects.filter(
        state__in=[State.UPLOADED, State.CHECKING, State.APPLYING], lease_until__lt=now or timezone.now()
    )
    return list(waiting.values_list("pk", "state"))


def wake_waiting_imports(now: datetime | None = None) -> int:
    """Queue every waiting import again; returns how many."""
    waiting = waiting_imports(now)
    for pk, state in waiting:
        roster_import = RosterImport(pk=pk)
        if state == State.APPLYING:
            _queue_apply(roster_import)
        else:
            _queue_check(roster_import)
    return len(waiting)


def _apply(roster_import: RosterImport, examination: Examination, now: datetime) -> Rehearsal | None:
    """Write what the file says, all or nothing; None when another worker has done it meanwhile."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])
        if not RosterImport.objects.filter(pk=roster_import.pk, state=State.APPLYING).exists():
            return None
        rehearsal = rehearse(examination, roster_import.county, roster_import.as_of)
        write_plan(rehearsal.plan, roster_import, _county_code(roster_import), now)
        roster_import.applied_at = now
        _save_outcome(roster_import, rehearsal, State.APPLIED, applied=True)
        _log_applied(roster_import, now)
    return rehearsal


def _log_applied(roster_import: RosterImport, now: datetime) -> None:
    """Say which list came in and how much of it; its name may hold anything and stays out."""
    outcome = roster_import.outcome
    record(
        actor=roster_import.uploaded_by,
        action=AuditAction.ROSTER_APPLIED,
        region_code=_county_code(roster_import),
        detail={
            "roster": str(roster_import.uid),
            "as_of": roster_import.as_of.isoformat(),
            "accepted": outcome["accepted"],
            "rejected": outcome["rejected"],
        },
        now=now,
    )


def _county_code(roster_import: RosterImport) -> str:
    version = version_on(roster_import.county, roster_import.as_of)
    return version.code if version else ""


def _examine_import(roster_import: RosterImport) -> Examination:
    def on_progress(done: int, total: int) -> None:
        RosterImport.objects.filter(pk=roster_import.pk).update(
            rows_done=done, rows_total=total, lease_until=timezone.now() + LEASE
        )

    with TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        with roster_import.file.open("rb") as source, path.open("wb") as target:
            for chunk in source.chunks():
                target.write(chunk)
        return examine(path, roster_import.county, roster_import.as_of, on_progress)


def _save_outcome(
    roster_import: RosterImport, rehearsal: Rehearsal, state: RosterImport.State, *, applied: bool
) -> None:
    roster_import.outcome = rehearsal.outcome(applied=applied)
    by_weight = sorted(rehearsal.problems, key=lambda problem: problem.severity != ERROR)
    roster_import.problems = [problem.as_stored() for problem in by_weight[:PROBLEMS_KEPT]]
    roster_import.rows_total = roster_import.rows_done = roster_import.outcome["rows"]
    roster_import.state = state
    roster_import.lease_until = None
    if rehearsal.examination.refused:
        _save_error_workbook(roster_import, rehearsal.examination)
    roster_import.save()


def _save_error_workbook(roster_import: RosterImport, examination: Examination) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "errors.xlsx"
        write_error_workbook(path, examination.sheet, examination.refused)
        if roster_import.error_workbook:
            roster_import.error_workbook.delete(save=False)
        with path.open("rb") as file:
            roster_import.error_workbook.save("errors.xlsx", File(file), save=False)


def _claim(
    roster_import: RosterImport, start: RosterImport.State, working: RosterImport.State, now: datetime | None
) -> bool:
    """Take the import for this worker, unless another one holds a lease that has not run out."""
    moment = now or timezone.now()
    free = Q(state=start) | Q(state=working, lease_until__lte=moment)
    return bool(
        RosterImport.objects.filter(free, pk=roster_import.pk).update(
            state=working, lease_until=moment + LEASE
        )
    )


@contextmanager
def _failing_visibly(roster_import: RosterImport) -> Iterator[None]:
    """Show on the row that an import failed: why, for a bad file; without details, for a fault of ours."""
    roster_import.refresh_from_db()
    try:
        yield
    except RosterUnreadable as error:
        _fail(roster_import, str(error))
    except Exception:
        _fail(roster_import, _("The import stopped with a fault. Nothing was changed."))
        raise


def _fail(roster_import: RosterImport, failure: str) -> None:
    RosterImport.objects.filter(pk=roster_import.pk).update(
        state=State.FAILED, failure=failure[:300], lease_until=None
    )


def _sha256(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _queue_check(roster_import: RosterImport) -> None:
    from registry.tasks import check_roster_task

    transaction.on_commit(lambda: check_roster_task.delay(roster_import.pk))


def _queue_apply(roster_import: RosterImport) -> None:
    from registry.tasks import apply_roster_task

    transaction.on_commit(lambda: apply_roster_task.delay(roster_import.pk))
