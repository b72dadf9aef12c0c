"""Making the ledger of a class: asked for once at a time, packed by one worker, taken with a log entry."""

import hashlib
import shutil
import tempfile
import zipfile
from datetime import datetime, timedelta
from functools import partial
from typing import IO

from django.core.files import File
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from county.ledger_workbooks import table
from county.models import LedgerBundle
from county.queries.ledger import PARTS, LedgerFile, LedgerPart, ledger_parts
from county.tasks import make_ledger_task
from courses.models import TrainingClass
from registry.models import AuditAction, User
from registry.services import record

LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 3
PARTS_IN_ALL = len(PARTS)
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # zip knows no earlier day: the same papers give the same archive
State = LedgerBundle.State


@transaction.atomic
def ask_for_ledger(*, training_class: TrainingClass, by: User, now: datetime | None = None) -> LedgerBundle:
    """Have the ledger of a class made; while one is being made, that one is returned."""
    now = now or timezone.now()
    TrainingClass.objects.select_for_update(no_key=True).get(pk=training_class.pk)
    waiting = LedgerBundle.objects.filter(training_class=training_class, state=State.WAITING).first()
    if waiting:
        return waiting
    bundle = LedgerBundle.objects.create(training_class=training_class, asked_by=by, asked_at=now)
    record(
        actor=by,
        action=AuditAction.LEDGER_TAKEN,
        region_code=training_class.county_code,
        detail={"class": training_class.label},
        now=now,
    )
    transaction.on_commit(partial(make_ledger_task.delay, bundle.pk), robust=True)
    return bundle


def make_ledger(*, bundle_id: int, now: datetime | None = None) -> bool:
    """Pack the archive of a waiting row; return whether this call did it.

    One worker holds the lease, and its progress shows in the row. A paper that is missing is listed in the
    index, a paper whose file is gone from the disk too.
    """
    now = now or timezone.now()
    free = LedgerBundle.objects.filter(pk=bundle_id, state=State.WAITING).exclude(lease_until__gte=now)
    if not free.update(lease_until=now + LEASE, attempts=F("attempts") + 1, parts_done=0):
        return False
    bundle = LedgerBundle.objects.select_related("training_class__course").get(pk=bundle_id)
    with tempfile.TemporaryFile() as archive:
        missing = _pack(bundle, archive)
        _keep(bundle, archive, missing, now)
    return True


def sweep_ledgers(*, now: datetime | None = None) -> int:
    """Wake ledgers whose worker is gone, give up after several attempts; return how many were woken."""
    now = now or timezone.now()
    stuck = LedgerBundle.objects.filter(state=State.WAITING).filter(
        Q(lease_until__lt=now) | Q(lease_until__isnull=True, asked_at__lt=now - timedelta(minutes=1))
    )
    stuck.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=State.FAILED, error=f"stopped after {MOST_ATTEMPTS} attempts"
    )
    waiting = list(stuck.values_list("pk", flat=True))
    for pk in waiting:
        make_ledger_task.delay(pk)
    return len(waiting)


def _pack(bundle: LedgerBundle, archive: IO[bytes]) -> list[str]:
    root = f"{bundle.training_class.label}-{bundle.training_class.course.code}"
    parts: list[tuple[LedgerPart, dict[str, str]]] = []
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in ledger_parts(bundle.training_class):
            hashes = {}
            for file in part.files:
                digest = _add(packed, f"{root}/{part.folder}/{file.name}", file)
                if digest:
                    hashes[file.name] = digest
                else:
                    part.missing.append(f"{file.name}（文件丢失）")
            parts.append((part, hashes))
            LedgerBundle.objects.filter(pk=bundle.pk).update(parts_done=part.number)
        index = LedgerFile("00-目录.xlsx", table("目录", _INDEX_HEADINGS, _index_rows(parts)))
        _add(packed, f"{root}/{index.name}", index)
    return [f"{part.title}：{what}" for part, _hashes in parts for what in part.missing]


_INDEX_HEADINGS = ["编号", "材料", "文件", "SHA-256", "缺"]


def _index_rows(parts: list[tuple[LedgerPart, dict[str, str]]]) -> list[list[str | int | float]]:
    rows: list[list[str | int | float]] = []
    for part, hashes in parts:
        rows += [[part.number, part.title, name, digest, ""] for name, digest in hashes.items()]
        rows += [[part.number, part.title, "", "", what] for what in part.missing]
    return rows


def _add(packed: zipfile.ZipFile, name: str, file: LedgerFile) -> str:
    """Write one file into the archive; return the hash of its content, or nothing when it is gone."""
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    if isinstance(file.content, bytes):
        packed.writestr(entry, file.content)
        return hashlib.sha256(file.content).hexdigest()
    try:
        source = file.content.open("rb")
    except FileNotFoundError:
        return ""
    with source, packed.open(entry, "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target, 1 << 20)
        source.seek(0)
        return hashlib.file_digest(source, "sha256").hexdigest()


@transaction.atomic
def _keep(bundle: LedgerBundle, archive: IO[bytes], missing: list[str], now: datetime) -> None:
    """Store the archive under the row's lock, so that a worker whose lease ran out stores no second."""
    locked = LedgerBundle.objects.select_for_update().get(pk=bundle.pk)
    if locked.state != State.WAITING:
        return
    archive.seek(0)
    locked.sha256 = hashlib.file_digest(archive, "sha256").hexdigest()  # type: ignore[arg-type]
    locked.bytes = archive.tell()
    archive.seek(0)
    locked.file.storage.delete(f"ledgers/{locked.uid}.zip")  # left by a worker that died before the row
    locked.file.save("ledger.zip", File(archive), save=False)
    locked.state, locked.made_at, locked.missing, locked.lease_until = State.READY, now, missing, None
    locked.save()
