"""The signed sheet of a site: its scan and head count, the people on it keyed in, the sitting confirmed."""

import hashlib
import uuid
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.errors import HeadsDiffer, SheetMissing, SittingNotBegun
from courses.models import Attendance, ClassDuty, Enrolment, Evidence, Sitting, SittingSite
from courses.queries.sittings import heads_at, overlapping_minutes
from courses.services.classes import log_step
from courses.services.duties import take_duty
from courses.services.sign_in import Proof, lock_open_sitting, sign_in
from registry.models import AuditAction, User
from registry.services import record


def note_printing(
    *,
    site: SittingSite,
    by: User,
    people: int,
    request: HttpRequest | None = None,
    now: datetime | None = None,
) -> None:
    """Log that somebody printed a sheet with the last four of so many people."""
    training_class = site.sitting.training_class
    record(
        actor=by,
        action=AuditAction.SHEET_PRINTED,
        region_code=training_class.county_code,
        detail={"class": training_class.label, "sitting": site.sitting.number, "people": people},
        request=request,
        now=now,
    )


@transaction.atomic
def receive_sheet(
    *, site: SittingSite, heads: int, scan: ContentFile, by: User, now: datetime | None = None
) -> SittingSite:
    """Keep the scan of a signed sheet with the heads it says; a better scan replaces it until confirmed.

    `scan` is what `registry.scans.check_scan` returned. Raises SittingFixed, ClassNotJoinable.
    """
    now = now or timezone.now()
    sitting = lock_open_sitting(site.sitting)
    take_duty(training_class=sitting.training_class, duty=ClassDuty.Duty.ENTER, by=by, now=now)
    site.sheet_sha256 = hashlib.sha256(scan.read()).hexdigest()
    scan.seek(0)
    site.heads_on_sheet, site.sheet_by, site.sheet_at = heads, by, now
    site.sheet.save("sheet", scan, save=False)
    site.save(update_fields=["sheet", "sheet_sha256", "heads_on_sheet", "sheet_by", "sheet_at"])
    return site


@transaction.atomic
def key_in_sheet(
    *, site: SittingSite, signed: dict[Enrolment, str], by: User, now: datetime | None = None
) -> int:
    """Sign in everybody on the sheet, by pen or thumb; keyed in again they stay one sign-in. Return how many.

    Raises NoPlaceInClass, SittingFixed, SittingNotBegun, ClassNotJoinable, DutiesMustDiffer.
    """
    for enrolment, evidence in signed.items():
        token = uuid.uuid5(site.uid, f"{enrolment.uid}.{evidence}")
        proof = Proof(Evidence(evidence), client_token=token, signed_at=site.sitting.starts_at)
        sign_in(enrolment=enrolment, sitting=site.sitting, site=site, proof=proof, by=by, now=now)
    return len(signed)


@transaction.atomic
def confirm_sitting(*, sitting: Sitting, by: User, now: datetime | None = None) -> Sitting:
    """Confirm a sitting: at every site as many people are keyed in as its sheet has heads.

    Somebody who was in an overlapping sitting that is confirmed already has her minutes here taken off by a
    new row: nobody is in two places, the first confirmed counts (E5). A live hour has no sheet.
    Raises SheetMissing, HeadsDiffer, SittingFixed, SittingNotBegun, DutiesMustDiffer.
    """
    now = now or timezone.now()
    locked = lock_open_sitting(sitting)
    if now < locked.starts_at:
        raise SittingNotBegun
    take_duty(training_class=locked.training_class, duty=ClassDuty.Duty.ENTER, by=by, now=now)
    if locked.kind != Sitting.Kind.LIVE:
        for site in locked.sites.all():
            _compare(site)
    take_off_overlaps(sitting=locked, by=by, now=now)
    locked.state, locked.confirmed_by, locked.confirmed_at = Sitting.State.CONFIRMED, by, now
    locked.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    log_step(locked.training_class, AuditAction.SITTING_CONFIRMED, by, now, sitting=locked.number)
    return locked


def _compare(site: SittingSite) -> None:
    if not site.sheet_sha256 or site.heads_on_sheet is None:
        raise SheetMissing(site.name)
    keyed = heads_at(site)
    if keyed != site.heads_on_sheet:
        raise HeadsDiffer(site.name, keyed, site.heads_on_sheet)


def take_off_overlaps(*, sitting: Sitting, by: User | None, now: datetime) -> list[Enrolment]:
    """Take off by a new row what somebody attended elsewhere at that time (E5); return whose minutes."""
    taken_off = []
    for place in Enrolment.objects.filter(attendances__sitting=sitting).distinct().select_related("person"):
        mine = Attendance.objects.filter(enrolment=place, sitting=sitting)
        minutes = mine.aggregate(sum=Sum("minutes"))["sum"] or 0
        other = overlapping_minutes(place, sitting)
        if minutes <= 0 or other is None:
            continue
        first = mine.order_by("pk")[0]
        Attendance.objects.create(
            enrolment=place,
            sitting=sitting,
            site=first.site,
            on_date=sitting.on_date,
            minutes=-minutes,
            evidence=first.evidence,
            recorded_at=now,
            recorded_by=by,
            reason=_elsewhere(other),
        )
        taken_off.append(place)
    return taken_off


def _elsewhere(other: Sitting) -> str:
    """Say in the office's language where she was: the reason stays in the ledger."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("at the same time in class %(class)s, sitting %(number)s") % {
            "class": other.training_class.label,
            "number": other.number,
        }
