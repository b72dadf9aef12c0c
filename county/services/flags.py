"""Settling a flagged fact with a reason, and taking a settlement back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from county.errors import FlagNotThere, OwnEntries
from county.models import FlagSettlement
from county.queries.flags import FlagRow, Looked, flag_rows
from courses.models import ClassDuty, TrainingClass
from registry.models import AuditAction, User
from registry.services import record


@transaction.atomic
def settle_flag(
    *, looked: Looked, flag: str, key: str, reason: str, by: User, now: datetime | None = None
) -> FlagSettlement:
    """Say why a flagged fact stands; it must be flagged and open where `by` may look.

    Raises FlagNotThere, and OwnEntries for who entered data of the class (A14).
    """
    now = now or timezone.now()
    found = flag_rows(looked, flag, key=key, most=1)
    if not found:
        raise FlagNotThere
    row = found[0]
    if row.training_class and _entered(row.training_class, by):
        raise OwnEntries
    settlement, is_new = FlagSettlement.objects.get_or_create(
        flag=flag,
        key=key,
        taken_back_at=None,
        defaults={
            "training_class": row.training_class,
            "region_code": _region(row, looked),
            "reason": reason,
            "by": by,
            "at": now,
        },
    )
    if not is_new:
        raise FlagNotThere
    _log(AuditAction.FLAG_SETTLED, settlement, by, now)
    return settlement


@transaction.atomic
def reopen_flag(*, settlement: FlagSettlement, by: User, now: datetime | None = None) -> FlagSettlement:
    """Take a settlement back: the fact is open again, and both steps stay on record. Raises FlagNotThere."""
    now = now or timezone.now()
    locked = FlagSettlement.objects.select_for_update().get(pk=settlement.pk)
    if locked.taken_back_at is not None:
        raise FlagNotThere
    locked.taken_back_at, locked.taken_back_by = now, by
    locked.save(update_fields=["taken_back_at", "taken_back_by"])
    _log(AuditAction.FLAG_REOPENED, locked, by, now)
    return locked


def _entered(training_class: TrainingClass, by: User) -> bool:
    duties = ClassDuty.objects.filter(training_class=training_class, user=by, duty=ClassDuty.Duty.ENTER)
    return duties.exists()


def _region(row: FlagRow, looked: Looked) -> str:
    """The class's county; a roster has no class and was found in the reach itself."""
    return row.training_class.county_code if row.training_class else looked.codes[0]


def _log(action: AuditAction, settlement: FlagSettlement, by: User, now: datetime) -> None:
    record(
        actor=by,
        action=action,
        region_code=settlement.region_code,
        detail={"flag": settlement.flag, "key": settlement.key, "reason": settlement.reason},
        now=now,
    )
