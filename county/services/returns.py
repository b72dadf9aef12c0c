"""Filling in, checking and signing the monthly return; what is found out later a later one states (R16)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from county.counting import Count, month_after
from county.errors import (
    EarlierMonthOpen,
    LaterMonthSigned,
    MonthNotOver,
    ReturnExists,
    ReturnNotThere,
    ReturnOutdated,
    SignersMustDiffer,
)
from county.models import MonthlyReturn, ReturnLine
from county.queries.counts import count
from county.queries.regions import newest_version
from county.queries.returns import counted_of, stated_of, true_of
from county.statements import differences, fingerprint, stored
from registry.models import AuditAction, Region, User
from registry.services import record

State = MonthlyReturn.State
Stored = dict[str, Any] | None
Stated = tuple[date, int, int, Stored, Stored]  # month, person, class, before, after


@transaction.atomic
def prepare_return(
    *,
    county_code: str,
    month: date,
    by: User,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> MonthlyReturn:
    """Fill in a county's month from the counts, with a line for whatever earlier months stated wrongly.

    Raises `MonthNotOver`, `ReturnExists`, `LaterMonthSigned` and `EarlierMonthOpen`.
    """
    at = now or timezone.now()
    today = timezone.localdate(at)
    month = month.replace(day=1)
    county = newest_version(county_code)
    Region.objects.select_for_update(no_key=True).get(pk=county.region_id)  # one filling in at a time
    _check_turn(county_code, month, today)
    figures = figures_of(count(county_code, month, month, by="town", today=today))
    lines = [
        ReturnLine(
            of_month=of_month, person_id=person, training_class_id=of_class, before=before, after=after
        )
        for of_month, person, of_class, before, after in _statements(county_code, month, today)
    ]
    made = MonthlyReturn.objects.create(
        county_id=county.region_id,
        county_code=county_code,
        month=month,
        figures=figures,
        sha256=fingerprint(figures, (line.as_fingerprinted for line in lines)),
        prepared_by=by,
        prepared_at=at,
    )
    for line in lines:
        line.monthly_return = made
    ReturnLine.objects.bulk_create(lines, batch_size=1000)
    _log(AuditAction.RETURN_PREPARED, made, by, at, request)
    return made


@transaction.atomic
def check_return(
    *,
    monthly_return: MonthlyReturn,
    by: User,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> MonthlyReturn:
    """Confirm what was filled in. Raises `ReturnNotThere`, `SignersMustDiffer` and `ReturnOutdated`."""
    at = now or timezone.now()
    made = _locked(monthly_return, State.PREPARED, by)
    made.state, made.checked_by, made.checked_at = State.CHECKED, by, at
    made.save(update_fields=["state", "checked_by", "checked_at"])
    _log(AuditAction.RETURN_CHECKED, made, by, at, request)
    return made


@transaction.atomic
def sign_return(
    *,
    monthly_return: MonthlyReturn,
    by: User,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> MonthlyReturn:
    """Freeze what was checked. Raises `ReturnNotThere`, `SignersMustDiffer` and `ReturnOutdated`."""
    at = now or timezone.now()
    made = _locked(monthly_return, State.CHECKED, by)
    made.state, made.signed_by, made.signed_at = State.SIGNED, by, at
    made.save(update_fields=["state", "signed_by", "signed_at"])
    _log(AuditAction.RETURN_FROZEN, made, by, at, request)
    return made


@transaction.atomic
def send_back_return(
    *,
    monthly_return: MonthlyReturn,
    by: User,
    reason: str,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> None:
    """Throw away what was filled in and not signed, so that it is filled in anew; the reason is logged."""
    made = MonthlyReturn.objects.select_for_update().filter(pk=monthly_return.pk).first()
    if made is None or made.is_signed:
        raise ReturnNotThere
    _log(AuditAction.RETURN_SENT_BACK, made, by, now or timezone.now(), request, reason=reason.strip()[:200])
    made.delete()


def figures_of(counted: Count) -> dict[str, object]:
    """Return a count as a return keeps it."""
    return {
        "name": counted.region_name,
        "total": counted.total._asdict(),
        "rows": [row._asdict() for row in counted.rows if not row.is_empty],
    }


def is_intact(monthly_return: MonthlyReturn) -> bool:
    """Whether figures and lines still have the fingerprint they were filled in with."""
    return fingerprint_of(monthly_return) == monthly_return.sha256


def fingerprint_of(monthly_return: MonthlyReturn) -> str:
    """Return the fingerprint of what is stored today."""
    lines = (line.as_fingerprinted for line in monthly_return.lines.all())
    return fingerprint(monthly_return.figures, lines)


def _check_turn(county_code: str, month: date, today: date) -> None:
    if today < month_after(month):
        raise MonthNotOver
    others = MonthlyReturn.objects.filter(county_code=county_code)
    if others.filter(month=month).exists():
        raise ReturnExists
    if others.filter(month__gt=month).exists():
        raise LaterMonthSigned
    if others.exclude(state=State.SIGNED).exists():
        raise EarlierMonthOpen


def _statements(county_code: str, month: date, today: date) -> Iterator[Stated]:
    for (person, of_class), counted in sorted(counted_of(county_code, month, today).items()):
        yield month, person, of_class, None, stored(counted)
    for earlier, stated in sorted(stated_of(county_code).items()):
        for (person, of_class), before, after in differences(stated, true_of(county_code, earlier, today)):
            yield earlier, person, of_class, stored(before), stored(after)


def _locked(monthly_return: MonthlyReturn, state: str, by: User) -> MonthlyReturn:
    made = MonthlyReturn.objects.select_for_update().filter(pk=monthly_return.pk, state=state).first()
    if made is None:
        raise ReturnNotThere
    if by.pk in (made.prepared_by_id, made.checked_by_id):
        raise SignersMustDiffer
    if not is_intact(made):
        raise ReturnOutdated
    return made


def _log(
    action: AuditAction,
    made: MonthlyReturn,
    by: User,
    at: datetime,
    request: HttpRequest | None,
    **more: str,
) -> None:
    detail = {"month": f"{made.month:%Y-%m}", "sha256": made.sha256} | more
    record(actor=by, action=action, region_code=made.county_code, detail=detail, now=at, request=request)
