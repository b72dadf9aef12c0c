"""An uploaded ledger: rehearsed, kept sealed for a day, taken over once."""

import base64
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.utils import timezone

from courses.models import LedgerUpload
from courses.services.old_ledgers import LedgerOutcome, import_ledger
from registry.models import Region, User

KEPT = timedelta(days=1)
MOST_ROWS = 5_000  # what one request can work off; the command takes more
PROBLEMS_KEPT = 2_000


def rehearse_upload(
    *, content: bytes, file_name: str, county: Region, by: User, now: datetime | None = None
) -> LedgerUpload:
    """Say what taking over would do and keep the file for it. Raises `RosterUnreadable`."""
    now = now or timezone.now()
    outcome = _run(content, county, by, now, is_dry_run=True)
    upload = LedgerUpload(
        county=county,
        file_name=file_name[:120],
        outcome={key: value for key, value in outcome.as_contract().items() if key != "problems"},
        problems=[problem.as_stored() for problem in outcome.problems[:PROBLEMS_KEPT]],
        uploaded_by=by,
        uploaded_at=now,
    )
    upload.workbook = base64.b64encode(content).decode()
    upload.save()
    return upload


def take_over_upload(*, upload: LedgerUpload, by: User, now: datetime | None = None) -> LedgerOutcome | None:
    """Take over the classes of an upload and forget the file; None when somebody was faster."""
    with transaction.atomic():
        locked = LedgerUpload.objects.select_for_update().filter(pk=upload.pk).first()
        if locked is None:
            return None
        content = base64.b64decode(locked.workbook)
        outcome = _run(content, locked.county, by, now, is_dry_run=False)
        locked.delete()
    return outcome


def forget_uploads(*, now: datetime | None = None) -> int:
    """Delete uploads nobody took over within a day; return how many."""
    old = LedgerUpload.objects.filter(uploaded_at__lt=(now or timezone.now()) - KEPT)
    return old.delete()[0]


def _run(
    content: bytes, county: Region, by: User, now: datetime | None, *, is_dry_run: bool
) -> LedgerOutcome:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger"
        path.write_bytes(content)
        return import_ledger(
            path=path, county=county, by=by, now=now, is_dry_run=is_dry_run, most_rows=MOST_ROWS
        )
