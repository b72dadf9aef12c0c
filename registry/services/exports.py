"""Lists that leave the system: asked for with a purpose, approved by another, made, fetched, gone."""

from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from registry.errors import ExportDecided, ExportNeedsAnother, ExportNotAllowed, ExportTooLong
from registry.export_workbook import Watermark, workbook_of_list
from registry.list_kinds import ListKind, ListQuestion, list_kind
from registry.models import AuditAction, AuditEntry, Export, Person, User
from registry.permissions import can_see_place, office_scopes
from registry.queries.places import version_by_code
from registry.services.audit import record

MOST_ROWS = 5_000
LINK_LASTS = timedelta(days=3)
PATIENCE = timedelta(minutes=1)
State = Export.State


@transaction.atomic
def ask_for_list(
    *,
    kind: str,
    region_code: str,
    by: User,
    purpose: str,
    purpose_text: str,
    since: date | None = None,
    until: date | None = None,
    with_id_numbers: bool = False,
    with_phones: bool = False,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> Export:
    """Ask for a list; one without people is made at once, any other waits for somebody else's approval.

    ID and phone numbers are left out unless asked for. Raises ExportNotAllowed (the region is not hers, or
    the kind unknown) and ValueError for an unknown purpose.
    """
    at = now or timezone.now()
    wanted = _kind_for(kind, region_code, by)
    export = Export.objects.create(
        kind=wanted.key,
        region_code=region_code,
        since=since,
        until=until,
        has_people=wanted.has_people,
        with_id_numbers=with_id_numbers and wanted.has_people,
        with_phones=with_phones and wanted.has_people,
        purpose=Export.Purpose(purpose).value,
        purpose_text=purpose_text.strip(),
        asked_by=by,
        asked_at=at,
        state=State.ASKED if wanted.has_people else State.APPROVED,
    )
    if not wanted.has_people:
        _queue(export)
    _log(AuditAction.EXPORT_ASKED, export, by, at, request)
    return export


@transaction.atomic
def approve_export(
    *, export: Export, by: User, now: datetime | None = None, request: HttpRequest | None = None
) -> Export:
    """Let a list be made. Raises ExportDecided, ExportNeedsAnother, ExportNotAllowed."""
    at = now or timezone.now()
    locked = _lock_undecided(export, by)
    _decide(locked, State.APPROVED, by, at)
    _queue(locked)
    _log(AuditAction.EXPORT_APPROVED, locked, by, at, request)
    return locked


@transaction.atomic
def refuse_export(
    *, export: Export, by: User, reason: str, now: datetime | None = None, request: HttpRequest | None = None
) -> Export:
    """Decide against a list, with a word why. Raises what `approve_export` raises."""
    at = now or timezone.now()
    locked = _lock_undecided(export, by)
    _decide(locked, State.REFUSED, by, at, refusal=reason.strip())
    _log(AuditAction.EXPORT_REFUSED, locked, by, at, request)
    return locked


@transaction.atomic
def make_export(*, export_id: int, now: datetime | None = None) -> bool:
    """Write the workbook of an approved list; True when this call did it. It may run twice without harm."""
    at = now or timezone.now()
    found = Export.objects.select_for_update(of=("self",)).select_related("asked_by", "decided_by")
    export = found.filter(pk=export_id, state=State.APPROVED).first()
    if export is None:
        return False
    try:
        with translation.override("zh-hans"):
            content, export.rows = _workbook(export, at)
    except (ExportTooLong, ExportNotAllowed) as refusal:
        export.state, export.failure = State.FAILED, str(refusal)
        export.save(update_fields=["state", "failure"])
        return False
    export.file.save("list.xlsx", ContentFile(content), save=False)
    export.state, export.expires_at = State.READY, at + LINK_LASTS
    export.save()
    _log(AuditAction.EXPORTED, export, export.asked_by, at, None)
    return True


@transaction.atomic
def record_download(
    *, export: Export, by: User, now: datetime | None = None, request: HttpRequest | None = None
) -> None:
    """Log that a list was fetched. Raises ExportNotAllowed once its link has ended, or for somebody else."""
    at = now or timezone.now()
    is_open = export.state == State.READY and export.expires_at is not None and export.expires_at > at
    if not is_open or export.asked_by_id != by.pk:
        raise ExportNotAllowed
    _kind_for(export.kind, export.region_code, by)
    _log(AuditAction.EXPORT_DOWNLOADED, export, by, at, request)


def wake_waiting_exports(*, now: datetime | None = None) -> int:
    """Queue approved lists whose message was lost again; returns how many."""
    at = now or timezone.now()
    waiting = list(Export.objects.filter(state=State.APPROVED, asked_at__lt=at - PATIENCE))
    for export in waiting:
        _queue(export)
    return len(waiting)


def record_direct_export(
    *,
    actor: User,
    kind: str,
    region_code: str,
    rows: int,
    request: HttpRequest | None = None,
    now: datetime | None = None,
) -> AuditEntry:
    """Log a table without people that was handed out at once: which, of where, how many rows."""
    return record(
        actor=actor,
        action=AuditAction.EXPORTED,
        region_code=region_code,
        detail={"kind": kind, "rows": rows},
        request=request,
        now=now,
    )


def _workbook(export: Export, at: datetime) -> tuple[bytes, int]:
    kind = _kind_for(export.kind, export.region_code, export.asked_by)
    question = ListQuestion(export.region_code, export.since, export.until, MOST_ROWS + 1)
    rows = list(kind.rows(question))
    if len(rows) > MOST_ROWS:
        raise ExportTooLong(most=MOST_ROWS)
    place = version_by_code(export.region_code).name if export.region_code else ""
    mark = Watermark(
        taker=str(export.asked_by),
        approver=str(export.decided_by or ""),
        at=at,
        purpose=f"{export.get_purpose_display()}: {export.purpose_text}",
        place=f"{place} {export.region_code}".strip(),
        number=str(export.uid),
    )
    headings = [*(str(heading) for heading in kind.headings), *_number_headings(export)]
    cells = [[*row, *_numbers(export, person)] for person, row in rows]
    return workbook_of_list(str(kind.title), headings, cells, mark), len(rows)


def _number_headings(export: Export) -> list[str]:
    asked = [(export.with_id_numbers, _("ID number")), (export.with_phones, _("Phone"))]
    return [heading for is_wanted, heading in asked if is_wanted]


def _numbers(export: Export, person: Person | None) -> list[str]:
    if person is None:
        return [""] * len(_number_headings(export))
    asked = [(export.with_id_numbers, "id_number"), (export.with_phones, "phone")]
    return [getattr(person, name).removeprefix("+86") for is_wanted, name in asked if is_wanted]


def _kind_for(key: str, region_code: str, user: User) -> ListKind:
    """Return the kind of list if `user` may have it of that region."""
    try:
        kind = list_kind(key)
    except KeyError:
        raise ExportNotAllowed from None
    if not user.is_active or not can_see_place(kind.scopes_of(user), region_code):
        raise ExportNotAllowed
    return kind


def _lock_undecided(export: Export, by: User) -> Export:
    locked = Export.objects.select_for_update().get(pk=export.pk)
    if locked.state != State.ASKED:
        raise ExportDecided
    if locked.asked_by_id == by.pk:
        raise ExportNeedsAnother
    if not can_see_place(office_scopes(by), locked.region_code):
        raise ExportNotAllowed
    return locked


def _decide(export: Export, state: str, by: User, at: datetime, refusal: str = "") -> None:
    export.state, export.decided_by, export.decided_at, export.refusal = state, by, at, refusal
    export.save(update_fields=["state", "decided_by", "decided_at", "refusal"])


def _log(action: AuditAction, export: Export, actor: User, at: datetime, request: HttpRequest | None) -> None:
    detail = {
        "export": str(export.uid),
        "kind": export.kind,
        "purpose": str(export.purpose),
        "rows": export.rows,
        "id_numbers": export.with_id_numbers,
        "phones": export.with_phones,
    }
    record(actor=actor, action=action, region_code=export.region_code, detail=detail, request=request, now=at)


def _queue(export: Export) -> None:
    from registry.tasks import make_export_task

    transaction.on_commit(lambda: make_export_task.delay(export.pk), robust=True)
