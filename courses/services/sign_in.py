"""Signing in to sittings: evidence is kept as it came, the ledger gets what it adds (E4)."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
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
    kept = _sign_in_of(enrolment, locked, replace(proof, client_token=token), site, by, now)
    _keep(locked, [kept], now)
    return kept


@dataclass(frozen=True)
class Tap:
    """A tutor's tap on somebody's name, made offline perhaps: `signed_at` is the device's own time."""

    enrolment: uuid.UUID
    client_token: uuid.UUID
    signed_at: datetime


@transaction.atomic
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
    """Keep what a phone collected; return by token why each tap could not be kept, "" if it was.

    As many queries for forty taps as for one: after an outage many devices come at once. `device_time` is
    what the device's clock says now: its error is taken off every tap, and kept (A4).
    """
    now = now or timezone.now()
    offset = device_time - now
    proof = Proof(
        Evidence.TUTOR, clock_offset=round(offset.total_seconds()), device=device, is_station=is_station
    )
    outcome = dict.fromkeys((tap.client_token for tap in taps), "")
    try:
        locked = lock_open_sitting(site.sitting)
    except CourseError as refusal:
        return dict.fromkeys(outcome, str(refusal))
    places = {place.uid: place for place in locked.training_class.enrolments.all()}
    sent = set(SignIn.objects.filter(client_token__in=outcome).values_list("client_token", flat=True))
    fresh: dict[uuid.UUID, SignIn] = {}
    for tap in taps:
        if tap.client_token in sent or tap.client_token in fresh:
            continue
        signed = replace(proof, client_token=tap.client_token, signed_at=min(tap.signed_at - offset, now))
        try:
            place = _place_among(places, tap)
            _refuse(locked, place, site, now)
        except CourseError as refusal:
            outcome[tap.client_token] = str(refusal)
        else:
            fresh[tap.client_token] = _sign_in_of(place, locked, signed, site, by, now)
    if fresh:
        try:
            take_duty(training_class=locked.training_class, duty=ClassDuty.Duty.ENTER, by=by, now=now)
        except CourseError as refusal:
            return outcome | dict.fromkeys(fresh, str(refusal))
        _keep(locked, list(fresh.values()), now)
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


def _place_among(places: dict[uuid.UUID, Enrolment], tap: Tap) -> Enrolment:
    if tap.enrolment not in places:
        raise NoPlaceInClass
    return places[tap.enrolment]


def _sign_in_of(
    enrolment: Enrolment,
    sitting: Sitting,
    proof: Proof,
    site: SittingSite | None,
    by: User | None,
    now: datetime,
) -> SignIn:
    """Return a sign-in that is not kept yet."""
    return SignIn(
        enrolment=enrolment,
        sitting=sitting,
        site=site,
        evidence=proof.evidence,
        minutes=min(sitting.planned_minutes, proof.minutes or sitting.planned_minutes),
        client_token=proof.client_token or uuid.uuid4(),
        signed_at=proof.signed_at or now,
        clock_offset=proof.clock_offset,
        device=proof.device,
        is_station=proof.is_station,
        received_at=now,
        recorded_by=by,
    )


def _keep(sitting: Sitting, fresh: list[SignIn], now: datetime) -> None:
    """Keep new evidence of a locked sitting and book what it proves beyond the longest before it (E4)."""
    proven = dict(
        Attendance.objects.filter(
            minutes__gt=0, sitting=sitting, enrolment__in=[each.enrolment_id for each in fresh]
        )
        .values("enrolment")
        .annotate(sum=Sum("minutes"))
        .values_list("enrolment", "sum")
    )
    added = []
    for each in SignIn.objects.bulk_create(fresh):
        minutes = each.minutes - proven.get(each.enrolment_id, 0)
        if minutes > 0:
            added.append(_minutes_of(each, minutes, now))
            proven[each.enrolment_id] = each.minutes
    Attendance.objects.bulk_create(added)
    if sitting.state == Sitting.State.PLANNED:
        Sitting.objects.filter(pk=sitting.pk).update(state=Sitting.State.HELD)


def _minutes_of(kept: SignIn, minutes: int, now: datetime) -> Attendance:
    return Attendance(
        enrolment=kept.enrolment,
        sitting=kept.sitting,
        site=kept.site,
        on_date=kept.sitting.on_date,
        minutes=minutes,
        evidence=kept.evidence,
        recorded_at=now,
        recorded_by=kept.recorded_by,
    )
