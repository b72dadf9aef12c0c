"""Taking certificates back: one proposes, another decides, the holder is told and may object for 15 days.

A revoked version stays revoked. An objection that is upheld gives the number its next version.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from certificates.errors import NotInThisState, SecondPersonNeeded
from certificates.models import Certificate, HolderNotice, Revocation
from certificates.models.revocation import OBJECTION_DAYS
from certificates.services.issuing import lock_class
from certificates.services.notices import ask_notices
from certificates.services.reissuing import next_version
from courses.models import TrainingClass
from registry.models import AuditAction, User
from registry.services import record

Reason, Paper = Certificate.Reason, Certificate.State
State = Revocation.State
REVOCATION_REASONS = (Reason.FALSE_ATTENDANCE, Reason.WRONG_PERSON, Reason.RED_LINE)


@transaction.atomic
def propose_revocation(
    *, certificate: Certificate, reason: str, explanation: str, by: User, now: datetime | None = None
) -> Revocation:
    """Propose to take one valid certificate back. Raises `NotInThisState`."""
    if reason not in REVOCATION_REASONS:
        raise NotInThisState
    return _propose([certificate.pk], reason, explanation, by, now or timezone.now())[0]


@transaction.atomic
def propose_annulment(
    *, training_class: TrainingClass, explanation: str, by: User, now: datetime | None = None
) -> list[Revocation]:
    """Propose to take back every valid certificate of a class. Raises `NotInThisState` without one."""
    lock_class(training_class.pk)
    valid = Certificate.objects.filter(training_class=training_class, state=Paper.VALID)
    ids = list(valid.order_by("kind", "seat").values_list("pk", flat=True))
    if not ids:
        raise NotInThisState
    return _propose(ids, Reason.CLASS_ANNULLED, explanation, by, now or timezone.now())


@transaction.atomic
def decide_revocation(
    *, revocation: Revocation, is_granted: bool, by: User, now: datetime | None = None
) -> int:
    """Revoke, or not, what was proposed together; return how many certificates no longer hold.

    Raises `SecondPersonNeeded` for whoever proposed it and `NotInThisState` when it was decided already.
    """
    now = now or timezone.now()
    rows = list(
        Revocation.objects.select_for_update(of=("self",))
        .filter(batch=revocation.batch)
        .select_related("certificate__person")
        .order_by("pk")
    )
    if any(row.state != State.PROPOSED for row in rows):
        raise NotInThisState
    if any(row.proposed_by_id == by.pk for row in rows):
        raise SecondPersonNeeded
    Revocation.objects.filter(batch=revocation.batch).update(
        state=State.DONE if is_granted else State.REFUSED,
        decided_by=by,
        decided_at=now,
        told_at=now if is_granted else None,
    )
    revoked = _revoke(rows, now) if is_granted else 0
    if is_granted:
        ask_notices([row.certificate for row in rows], HolderNotice.Occasion.REVOKED, now=now)
    action = AuditAction.CERTIFICATE_REVOKED if is_granted else AuditAction.CERTIFICATE_REVOCATION_REFUSED
    _log(rows, action, by, now)
    return revoked


@transaction.atomic
def object_to_revocation(*, revocation: Revocation, words: str, now: datetime | None = None) -> Revocation:
    """Note the holder's objection. Raises `NotInThisState` after 15 days or for a second objection."""
    now = now or timezone.now()
    locked = _locked(revocation)
    if locked.state != State.DONE or locked.told_at is None or now > locked.told_at + OBJECTION_DAYS:
        raise NotInThisState
    locked.state, locked.objection, locked.objected_at = State.OBJECTED, words, now
    locked.save(update_fields=["state", "objection", "objected_at"])
    _log([locked], AuditAction.CERTIFICATE_OBJECTED, locked.certificate.person.user, now)
    return locked


@transaction.atomic
def answer_objection(
    *, revocation: Revocation, is_upheld: bool, answer: str, by: User, now: datetime | None = None
) -> Certificate | None:
    """Answer an objection; upheld, the certificate is issued anew and returned.

    Raises `NotInThisState`, and `SecondPersonNeeded` for whoever proposed the revocation.
    """
    now = now or timezone.now()
    lock_class(revocation.certificate.training_class_id)
    locked = _locked(revocation)
    if locked.state != State.OBJECTED:
        raise NotInThisState
    if locked.proposed_by_id == by.pk:
        raise SecondPersonNeeded
    locked.state = State.REINSTATED if is_upheld else State.CONFIRMED
    locked.answered_by, locked.answered_at, locked.answer = by, now, answer
    locked.save(update_fields=["state", "answered_by", "answered_at", "answer"])
    newer = None
    if is_upheld:
        newer = next_version(locked.certificate, by=None, is_corrected=False, now=now, reason="objection")
    else:
        ask_notices([locked.certificate], HolderNotice.Occasion.ANSWERED, now=now)
    _log([locked], AuditAction.CERTIFICATE_OBJECTION_ANSWERED, by, now)
    return newer


def _propose(ids: list[int], reason: str, explanation: str, by: User, now: datetime) -> list[Revocation]:
    locked = list(
        Certificate.objects.select_for_update(of=("self",))
        .filter(pk__in=ids, state=Paper.VALID)
        .select_related("person")
        .order_by("kind", "seat")
    )
    open_ones = Revocation.objects.filter(certificate__in=locked).exclude(state=State.REFUSED)
    taken = set(open_ones.values_list("certificate_id", flat=True))
    wanted = [each for each in locked if each.pk not in taken]
    if not wanted:
        raise NotInThisState
    batch = uuid.uuid4()
    rows = Revocation.objects.bulk_create(
        Revocation(
            batch=batch,
            certificate=each,
            reason=reason,
            explanation=explanation,
            proposed_by=by,
            proposed_at=now,
        )
        for each in wanted
    )
    _log(rows, AuditAction.CERTIFICATE_REVOCATION_PROPOSED, by, now)
    return rows


def _revoke(rows: list[Revocation], now: datetime) -> int:
    valid = Certificate.objects.filter(pk__in=[row.certificate_id for row in rows], state=Paper.VALID)
    count = valid.update(state=Paper.REVOKED, state_reason=rows[0].reason, state_since=now)
    if count != len(rows):  # one was replaced since it was proposed: the newer version needs its own
        raise NotInThisState
    return count


def _log(rows: list[Revocation], action: AuditAction, by: User | None, now: datetime) -> None:
    first = rows[0].certificate
    numbers = [row.certificate.number for row in rows]
    record(
        actor=by,
        action=action,
        person=first.person if len(rows) == 1 else None,
        region_code=first.county_code,
        detail={"number": numbers[0]} if len(rows) == 1 else {"numbers": numbers},
        now=now,
    )


def _locked(revocation: Revocation) -> Revocation:
    rows = Revocation.objects.select_for_update(of=("self",))
    return rows.select_related("certificate__person__kept_as", "certificate__training_class").get(
        pk=revocation.pk
    )
