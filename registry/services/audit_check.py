"""The daily walk of the audit chain: kept for the staff to see, and loud when something is wrong."""

import logging
from datetime import datetime

from django.utils import timezone

from registry.models import AuditAction, AuditCheck
from registry.services.audit import record, verify_log

logger = logging.getLogger(__name__)


def check_log(*, now: datetime | None = None) -> AuditCheck:
    """Verify the chain up from the head of the last sound check, keep what was found, and return it.

    A break is written into the site's log as an error and into the audit log itself, each time anew.
    """
    at = now or timezone.now()
    verdict = verify_log(anchor=_anchor())
    check = AuditCheck.objects.create(
        at=at,
        entries=verdict.entries,
        head=verdict.head,
        broken_at=verdict.broken_at,
        problem=verdict.problem,
    )
    if not verdict.is_intact:
        logger.error("audit log broken at entry %s: %s", verdict.broken_at, verdict.problem)
        detail = {"entry": verdict.broken_at, "problem": verdict.problem}
        record(actor=None, action=AuditAction.AUDIT_BROKEN, detail=detail, now=at)
    return check


def _anchor() -> tuple[int, str] | None:
    """Return the newest entry of the last sound check: a log put back to an older state lacks it."""
    sound = AuditCheck.objects.filter(broken_at__isnull=True, entries__gt=0).first()
    if sound is None:
        return None
    number, _, entry_hash = sound.head.partition(":")
    return int(number), entry_hash
