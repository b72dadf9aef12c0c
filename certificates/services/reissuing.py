"""Issuing anew: the same number, the next version, 补 printed on it; the paper before it is replaced."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from certificates.errors import NotInThisState, UnprintableText
from certificates.models import Certificate, HolderNotice, Revocation
from certificates.services.designs import design_in_force
from certificates.services.issuing import lock_class
from certificates.services.notices import ask_notices
from certificates.services.printing import queue_printing
from courses.models import ClassDuty
from courses.services import take_duty
from registry.models import AuditAction, User
from registry.queries.people import root_of
from registry.services import record
from registry.typesetting import unprintable_characters

Reason, State = Certificate.Reason, Certificate.State
REISSUE_REASONS = (Reason.LOST, Reason.CORRECTED)


@transaction.atomic
def reissue_certificate(
    *, certificate: Certificate, reason: str, by: User, now: datetime | None = None
) -> Certificate:
    """Replace a valid certificate by its next version, after a loss or with the name as corrected since.

    What was earned stays as it was printed; only the name is taken from the person's record, when the
    reason says so. Raises `NotInThisState` (also while its revocation is proposed), `UnprintableText`,
    and `DutiesMustDiffer` (A14).
    """
    now = now or timezone.now()
    lock_class(certificate.training_class_id)
    locked = _locked(certificate)
    is_proposed = locked.revocations.filter(state=Revocation.State.PROPOSED).exists()
    if locked.state != State.VALID or reason not in REISSUE_REASONS or is_proposed:
        raise NotInThisState
    take_duty(training_class=locked.training_class, duty=ClassDuty.Duty.ISSUE, by=by, now=now)
    Certificate.objects.filter(pk=locked.pk).update(
        state=State.REPLACED, state_reason=reason, state_since=now
    )
    return next_version(locked, by=by, is_corrected=reason == Reason.CORRECTED, now=now, reason=reason)


def next_version(
    before: Certificate, *, by: User | None, is_corrected: bool, now: datetime, reason: str
) -> Certificate:
    """Add the version after `before`, which must hold no longer; call it under the lock of its class."""
    printed: dict[str, Any] = {**before.printed, "reissued_on": timezone.localdate(now).isoformat()}
    if is_corrected:
        printed["name"] = root_of(before.person).name
    missing = unprintable_characters(printed["name"])
    if missing:
        raise UnprintableText(missing)
    newer = Certificate.objects.create(
        number=before.number,
        version=before.version + 1,
        kind=before.kind,
        enrolment=before.enrolment,
        person=before.person,
        training_class=before.training_class,
        county_code=before.county_code,
        seat=before.seat,
        design=design_in_force(before.county_code, before.kind, now=now),
        printed=printed,
        state_since=now,
        issued_at=now,
        issued_by=by,
    )
    queue_printing([newer.pk])
    ask_notices([newer], HolderNotice.Occasion.REISSUED, now=now)
    record(
        actor=by,
        action=AuditAction.CERTIFICATE_REISSUED,
        person=newer.person,
        region_code=newer.county_code,
        detail={"number": newer.number, "version": newer.version, "reason": reason},
        now=now,
    )
    return newer


def _locked(certificate: Certificate) -> Certificate:
    locked = Certificate.objects.select_for_update(of=("self",))
    return locked.select_related("training_class", "person__kept_as", "enrolment").get(pk=certificate.pk)
