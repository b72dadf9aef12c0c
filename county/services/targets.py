"""Setting and correcting what a region plans to reach in a year."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from county.errors import CorrectionNeedsReason
from county.models import Target
from registry.models import AuditAction, Region, RegionVersion, User
from registry.services import record


@transaction.atomic
def set_target(
    *,
    place: RegionVersion,
    year: int,
    measure: str,
    value: int,
    by: User,
    reason: str = "",
    now: datetime | None = None,
) -> Target:
    """Set the target of a place, or correct it by a new line; the same number again changes nothing.

    Raises CorrectionNeedsReason.
    """
    now = now or timezone.now()
    region = Region.objects.select_for_update().get(pk=place.region_id)
    held = Target.objects.filter(region=region, year=year, measure=measure, replaced_at=None).first()
    if held and held.value == value:
        return held
    if held:
        if not reason:
            raise CorrectionNeedsReason
        held.replaced_at = now
        held.save(update_fields=["replaced_at"])
    target = Target.objects.create(
        region=region,
        region_code=place.code,
        year=year,
        measure=measure,
        value=value,
        reason=reason if held else "",
        set_by=by,
        set_at=now,
    )
    detail = {"year": year, "measure": measure, "value": value, "before": held.value if held else 0}
    record(actor=by, action=AuditAction.TARGET_SET, region_code=place.code, detail=detail, now=now)
    return target
