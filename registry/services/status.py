"""Correcting what a household was: 识别不准清退, found out after the fact."""

from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from registry.errors import StatusEndWrong, StatusReasonMissing
from registry.models import AuditAction, StatusPeriod, User
from registry.queries.places import version_on
from registry.services.audit import record


@transaction.atomic
def end_status(
    *, period: StatusPeriod, on: date, reason: str, by: User, now: datetime | None = None
) -> StatusPeriod:
    """End a spell on `on`, the first day it no longer holds, however long ago; the reason stays with it.

    A spell that should never have begun ends on its first day and then holds on no day. What enrolments
    stored of their day stays as it was: figures that were reported do not change (E12). Repeating it
    changes nothing. Raises `StatusReasonMissing`, or `StatusEndWrong` for a day before the spell's first
    or after its last.
    """
    period = StatusPeriod.objects.select_for_update().select_related("household__village").get(pk=period.pk)
    reason = reason.strip()
    if not reason:
        raise StatusReasonMissing
    if period.reason == reason and (period.valid.isempty or period.valid.upper == on):
        return period
    first, end = period.valid.lower, period.valid.upper
    if period.valid.isempty or (first and on < first) or (end and on > end):
        raise StatusEndWrong
    period.valid = DateRange(empty=True) if on == first else DateRange(first, on)
    period.reason = reason
    period.save(update_fields=["valid", "reason"])
    village = period.household.village
    version = version_on(village, on) if village else None
    record(
        actor=by,
        action=AuditAction.PERSON_CHANGED,
        region_code=version.code if version else "",
        detail={"what": "status_ended", "period": period.pk, "on": on.isoformat()},
        now=now,
    )
    return period
