"""Signing in to sittings: evidence is kept as it came, the ledger gets what it adds (E4)."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from courses.errors import (
    ClassNotJoinable,
    CourseError,
    MinutesOutOfRange,
    NoPlaceInClass,
    SittingFixed,
    SittingNotBegun,
)
from courses.models import (
    Attendance,
    ClassDuty,
    Enrolment,
    Evidence,
    SignIn,
    Sitting,
    SittingSite,
    TrainingClass,
)
from courses.queries.sittings import SIGN_IN_WINDOW
from courses.services.classes import asked_reason
from courses.services.duties import take_duty
from registry.models import AuditAction, User
from registry.services import record

_OPEN_STATES = (Sitting.State.PLANNED, Sitting.State.HELD)


@dataclass(frozen=True)
class Proof:
    """What somebody's sign-in rests on: kind, when by the site's clock, on which device."""

    evidence: str
    minutes: int | None = None  # None is the whole sitting
    client_token: uuid.UUID | None = None
    signed_at: datetime | None = None
    clock_offset: int | None = None
    device: str = ""
    is_station: bool = False


@transaction.atomic
def sign_in(
    *,
    enrolment: Enrolment,
    sitting: Sitting,
    proof: Proof,
    site: SittingSite | None = None,
    by: User | None = None,
    now: datetime | None = None,
) -> SignIn:
    """Keep one sign-in and add to the ledger the minutes it proves beyond those proven before (E4).

    The same `client_token` again returns the same sign-in. `by` is the tutor, nobody when she signs in
    herself; a tutor enters data of the class (A14). What was corrected stays corrected: only longer evidence
    adds. Raises NoPlaceInClass, SittingFixed, SittingNotBegun, ClassNotJoinable, DutiesMustDiffer.
    """
    now = now or timezone.now()
    token = proof.client_token or uuid.uuid4()
    locked = lock_open_sitting(sitting)
    sent = SignIn.objects.filter(client_token=token).first()
    if sent is not None:
        return sent
    _refuse(locked, enrolment, site, now)
    if by is not None:
        take_duty(training_class=locked.training_class, duty=ClassDuty.Duty.ENTER, by=by, now=now)
    kept = SignIn.objects.create(
        enrolment=enrolment,
        sitting=locked,
        site=site,
        evidence=proof.evidence,
        minutes=min(locked.planned_minutes, proof.minutes or locked.planned_minutes),
        client_token=token,
        signed_at=proof.signed_at or now,
        clock_offset=proof.clock_offset,
        device=proof.device,
        is_station=proof.is_station,
        received_at=now,
        recorded_by=by,
    )
    _add_minutes(kept, now)
    if locked.state == Sitting.State.PLANNED:
        Sitting.objects.filter(pk=locked.pk).update(state=Sitting.State.HELD)
    return kept


@dataclass(frozen=True)
class Tap:
    """A tutor's tap on somebody's name, made offline perhaps: `signed_at` is the device's own time."""

    enrolment: uuid.UUID
    client_token: uuid.UUID
    signed_at: datetime


def sync_taps(
    *,
    site: SittingSite,
    taps: list[Tap],
    device: str,
    device_time: datetime,
    by: User,
    is_station: bool = False,
    now: datetime | None = None,
) -> dict[uuid.UUID, str]:
    """Keep what a phone collected, tap by tap; return by token why each could not be kept, "" if it was.

    `device_time` is what the device's clock says now: its error is taken off every tap, and kept (A4).
    """
    now = now or timezone.now()
    offset = device_time - now
    places = {place.uid: place for place in site.sitting.training_class.enrolments.all()}
    outcome: dict[uuid.UUID, str] = {}
    for tap in taps:
        proof = Proof(
            Evidence.TUTOR,
            client_token=tap.client_token,
            signed_at=min(tap.signed_at - offset, now),
            clock_offset=round(offset.total_seconds()),
            device=device,
            is_station=is_station,
        )
        place = places.get(tap.enrolment)
        try:
            if place is None:
                raise NoPlaceInClass
            sign_in(enrolment=place, sitting=site.sitting, site=site, proof=proof, by=by, now=now)
            outcome[tap.client_token] = ""
        except CourseError as refusal:
            outcome[tap.client_token] = str(refusal)
    return outcome


@transaction.atomic
def correct_minutes(
    *,
    enrolment: Enrolment,
    sitting: Sitting,
    minutes: int,
    reason: str,
    by: User,
    now: datetime | None = None,
) -> Attendance:
    """Let somebody's minutes of a sitting be `minutes` from now on, by a row of the difference.

    Also after the sitting is confirmed and the class closed: nothing is overwritten, the reason stays.
    Raises MinutesOutOfRange, ReasonMissing, NoPlaceInClass, DutiesMustDiffer (A14).
    """
    now = now or timezone.now()
    locked = _lock_sitting(sitting)
    if enrolment.training_class_id != locked.training_class_id:
        raise NoPlaceInClass
    take_duty(training_class=locked.training_class, duty=ClassDuty.Duty.ENTER, by=by, now=now)
    rows = Attendance.objects.filter(enrolment=enrolment, sitting=locked)
    known = rows.aggregate(sum=Sum("minutes"))["sum"] or 0
    if not 0 <= minutes <= locked.planned_minutes or minutes == known:
        raise MinutesOutOfRange
    first = rows.order_by("pk").first()
    correction = Attendance.objects.create(
        enrolment=enrolment,
        sitting=locked,
        site=first.site if first else locked.sites.first(),
        on_date=locked.on_date,
        minutes=minutes - known,
        evidence=first.evidence if first else Evidence.TUTOR,
        recorded_at=now,
        recorded_by=by,
        reason=asked_reason(reason),
    )
    record(
        actor=by,
        action=AuditAction.ATTENDANCE_CORRECTED,
        person=enrolment.person,
        region_code=locked.training_class.county_code,
        detail={
            "class": locked.training_class.label,
            "sitting": locked.number,
            "minutes": correction.minutes,
            "reason": correction.reason,
        },
        now=now,
    )
    return correction


def lock_open_sitting(sitting: Sitting) -> Sitting:
    """Return a sitting of a running class under its lock; raises SittingFixed, ClassNotJoinable."""
    locked = _lock_sitting(sitting)
    if locked.training_class.state != TrainingClass.State.OPEN:
        raise ClassNotJoinable
    if locked.state not in _OPEN_STATES:
        raise SittingFixed
    return locked


def sign_in_herself(
    *,
    enrolment: Enrolment,
    sitting: Sitting,
    proof: Proof,
    site: SittingSite | None = None,
    now: datetime | None = None,
) -> SignIn:
    """Keep a sign-in of her own; however often she presses, it is one. Without a site it is the first room's.

    Raises as `sign_in` does.
    """
    token = uuid.uuid5(sitting.uid, f"{enrolment.uid}.{proof.evidence}")
    return sign_in(
        enrolment=enrolment,
        sitting=sitting,
        proof=replace(proof, client_token=token),
        site=site or sitting.sites.first(),
        now=now,
    )


def _lock_sitting(sitting: Sitting) -> Sitting:
    return (
        Sitting.objects.select_for_update(no_key=True, of=("self",))
        .select_related("training_class__course")
        .get(pk=sitting.pk)
    )


def _refuse(sitting: Sitting, enrolment: Enrolment, site: SittingSite | None, now: datetime) -> None:
    if enrolment.training_class_id != sitting.training_class_id or enrolment.withdrawn_at is not None:
        raise NoPlaceInClass
    if site is not None and site.sitting_id != sitting.pk:
        raise SittingFixed
    if now < sitting.starts_at - SIGN_IN_WINDOW:
        raise SittingNotBegun


def _add_minutes(kept: SignIn, now: datetime) -> None:
    """Book what this evidence proves beyond the longest before it."""
    proven = Attendance.objects.filter(
        Q(minutes__gt=0), enrolment=kept.enrolment_id, sitting=kept.sitting_id
    ).aggregate(sum=Sum("minutes"))
    minutes = kept.minutes - (proven["sum"] or 0)
    if minutes <= 0:
        return
    Attendance.objects.create(
        enrolment=kept.enrolment,
        sitting=kept.sitting,
        site=kept.site,
        on_date=kept.sitting.on_date,
        minutes=minutes,
        evidence=kept.evidence,
        recorded_at=now,
        recorded_by=kept.recorded_by,
    )
