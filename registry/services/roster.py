"""Roster imports: upload, check (the dry run), apply. How they run is in `roster_runs`."""

import hashlib
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.errors import RosterCancelled, RosterUnreadable
from registry.models import AuditAction, Region, RosterImport, User
from registry.queries.places import version_on
from registry.roster.collection import no_cycle_search
from registry.roster.error_workbook import write_error_workbook
from registry.roster.kept_file import read_kept, write_kept
from registry.roster.problems import ERROR
from registry.roster.reader import open_roster
from registry.roster.rehearsal import Examination, Rehearsal, examine, examine_book, rehearse
from registry.roster.writing import write_plan
from registry.services.audit import record
from registry.services.people import next_temporary_number
from registry.services.roster_runs import (
    LEASE,
    Pulse,
    State,
    Step,
    claim,
    failing_visibly,
    finish,
    queue,
    take_import_lock,
)

PROBLEMS_KEPT = 5_000
_OVER = (State.APPLIED, State.FAILED, State.CANCELLED, State.UNDOING, State.UNDONE)


def upload_roster(
    *, file: File, file_name: str, county: Region, as_of: date, by: User | None, now: datetime | None = None
) -> RosterImport:
    """Keep what we may keep of an uploaded file and have it checked; the same file twice is one upload.

    Only an upload that is over may be repeated by the same file. Raises `RosterUnreadable`.
    """
    digest = _sha256(file)
    with transaction.atomic():
        Region.objects.select_for_update(no_key=True).get(pk=county.pk)
        existing = (
            RosterImport.objects.filter(county=county, as_of=as_of, sha256=digest)
            .exclude(state__in=_OVER)
            .first()
        )
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
        _keep_file(roster_import, file)
        queue(roster_import)
    return roster_import


def request_apply(
    *, roster_import: RosterImport, by: User | None = None, now: datetime | None = None
) -> bool:
    """Have a checked import applied in the background; False when it is not waiting for that."""
    with transaction.atomic():
        changed = RosterImport.objects.filter(pk=roster_import.pk, state=State.CHECKED).update(
            state=State.APPLYING, applied_by=by, lease_until=now or timezone.now(), rows_done=0
        )
        if changed:
            queue(RosterImport(pk=roster_import.pk, state=State.APPLYING))
    return bool(changed)


@no_cycle_search()
def rehearse_roster(*, path: Path, county: Region, as_of: date) -> Rehearsal:
    """Return what importing the file would do; writes nothing. Raises `RosterUnreadable`."""
    return rehearse(examine(path, county, as_of), county, as_of)


@no_cycle_search()
def apply_file(
    *, path: Path, county: Region, as_of: date, by: User | None = None, now: datetime | None = None
) -> Rehearsal:
    """Import a file in this process and return what was done.

    Raises `RosterUnreadable`, or `RosterCancelled` when somebody cancels it on the office's page, leaving
    nothing. The file itself is not kept: after a kill nothing is changed, and the command is given again.
    """
    examination = examine(path, county, as_of)
    moment = now or timezone.now()
    with path.open("rb") as opened:
        digest = _sha256(File(opened))
    roster_import = RosterImport.objects.create(
        county=county,
        as_of=as_of,
        file_name=path.name[:200],
        sha256=digest,
        uploaded_by=by,
        applied_by=by,
        state=State.APPLYING,
        lease_until=timezone.now() + LEASE,
    )
    rehearsal = None
    with failing_visibly(roster_import), Pulse(roster_import, State.APPLYING) as pulse:
        rehearsal = _apply(roster_import, examination, moment, pulse)
    if rehearsal is None:
        raise RosterCancelled
    return rehearsal


@no_cycle_search()
def check_roster(roster_import: RosterImport, now: datetime | None = None) -> RosterImport:
    """Check an uploaded file and keep what importing it would do; does nothing in any later state."""
    if claim(roster_import, State.UPLOADED, State.CHECKING, now or timezone.now()):
        with failing_visibly(roster_import), Pulse(roster_import, State.CHECKING) as pulse:
            examination = _examine_import(roster_import, pulse)
            pulse.begin(Step.COMPARING, 3 * len(examination.rows))
            rehearsal = rehearse(examination, roster_import.county, roster_import.as_of, pulse.tick)
            _save_outcome(roster_import, rehearsal, State.CHECKING, State.CHECKED)
    roster_import.refresh_from_db()
    return roster_import


@no_cycle_search()
def apply_roster(roster_import: RosterImport, now: datetime | None = None) -> RosterImport:
    """Apply an uploaded or checked file in one transaction; once, however often it is asked."""
    moment = now or timezone.now()
    if claim(roster_import, State.CHECKED, State.APPLYING, moment) or claim(
        roster_import, State.UPLOADED, State.APPLYING, moment
    ):
        with failing_visibly(roster_import), Pulse(roster_import, State.APPLYING) as pulse:
            _apply(roster_import, _examine_import(roster_import, pulse), moment, pulse)
    roster_import.refresh_from_db()
    return roster_import


def _apply(
    roster_import: RosterImport, examination: Examination, now: datetime, pulse: Pulse
) -> Rehearsal | None:
    """Write what the file says, all or nothing; None when another worker has done it meanwhile."""
    code = _county_code(roster_import)
    with transaction.atomic():
        take_import_lock(pulse)
        if not RosterImport.objects.filter(pk=roster_import.pk, state=State.APPLYING).exists():
            return None
        pulse.begin(Step.COMPARING, 3 * len(examination.rows))
        rehearsal = rehearse(examination, roster_import.county, roster_import.as_of, pulse.tick)
        plan = rehearsal.plan
        pulse.begin(Step.WRITING, 2 * len(plan.new_people) + len(plan.new_memberships))
        write_plan(
            plan,
            roster_import,
            lambda: next_temporary_number(county_code=code, year=plan.as_of.year),
            now,
            pulse.tick,
        )
        roster_import.applied_at = now
        _save_outcome(roster_import, rehearsal, State.APPLYING, State.APPLIED)
        _log_applied(roster_import, code, now)
    return rehearsal


def _log_applied(roster_import: RosterImport, county_code: str, now: datetime) -> None:
    outcome = roster_import.outcome
    record(
        actor=roster_import.applied_by or roster_import.uploaded_by,
        action=AuditAction.ROSTER_APPLIED,
        region_code=county_code,
        detail={
            "roster": str(roster_import.uid),
            "as_of": roster_import.as_of.isoformat(),
            "rows": outcome["rows"],
            "people_created": outcome["persons"]["created"],
            "people_matched": outcome["persons"]["matched"],
        },
        now=now,
    )


def _county_code(roster_import: RosterImport) -> str:
    version = version_on(roster_import.county, roster_import.as_of)
    return version.code if version else ""


def _keep_file(roster_import: RosterImport, file: File) -> None:
    """Store the upload without the columns we may not keep."""
    with TemporaryDirectory() as folder:
        original, kept = Path(folder) / "original", Path(folder) / "kept"
        with original.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        write_kept(open_roster(original), kept)
        original.unlink()
        with kept.open("rb") as opened:
            roster_import.file.save("kept.jsonl.gz", File(opened), save=False)
    roster_import.save()


def _examine_import(roster_import: RosterImport, pulse: Pulse) -> Examination:
    if not roster_import.file:
        raise RosterUnreadable(reason=_("the command that imported it was broken off: give it again."))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "kept"
        with roster_import.file.open("rb") as source, path.open("wb") as target:
            for chunk in source.chunks():
                target.write(chunk)
        book = read_kept(path)
    return examine_book(book, roster_import.county, roster_import.as_of, pulse.read)


def _save_outcome(
    roster_import: RosterImport, rehearsal: Rehearsal, working: RosterImport.State, state: RosterImport.State
) -> None:
    outcome = rehearsal.outcome(applied=state == State.APPLIED)
    by_weight = sorted(rehearsal.problems, key=lambda problem: problem.severity != ERROR)
    if outcome["rejected"]:
        _save_error_workbook(roster_import, rehearsal.examination)
    finish(
        roster_import,
        working,
        state=state,
        outcome=outcome,
        problems=[problem.as_stored() for problem in by_weight[:PROBLEMS_KEPT]],
        rows_total=outcome["rows"],
        rows_done=outcome["rows"],
        error_workbook=roster_import.error_workbook.name or "",
        applied_at=roster_import.applied_at,
    )


def _save_error_workbook(roster_import: RosterImport, examination: Examination) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "errors.xlsx"
        write_error_workbook(path, examination.refused)
        if roster_import.error_workbook:
            roster_import.error_workbook.delete(save=False)
        with path.open("rb") as file:
            roster_import.error_workbook.save("errors.xlsx", File(file), save=False)


def _sha256(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
