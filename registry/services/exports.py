"""Lists that leave the system: who took which, for what."""

from datetime import datetime

from django.http import HttpRequest

from registry.models import AuditAction, AuditEntry, User
from registry.services.audit import record


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
