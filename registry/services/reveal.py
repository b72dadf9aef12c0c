"""Showing an ID or phone number in clear: with a reason, for five minutes, and logged before it is shown."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from registry.capabilities import Capability
from registry.errors import NothingToReveal, RevealLimitReached, RevealNotAllowed, RevealReasonTooShort
from registry.models import AuditAction, Person, RevealGrant, User
from registry.permissions import may
from registry.queries.audit import region_code_of, times_done_since
from registry.services.audit import record

GRANT_LASTS = timedelta(minutes=5)
REASON_LENGTH = 4
LIMIT_PER_HOUR = 30

_ACTIONS = {
    RevealGrant.Field.ID_NUMBER: AuditAction.ID_NUMBER_REVEALED,
    RevealGrant.Field.PHONE: AuditAction.PHONE_REVEALED,
}


def reveal_id_number(
    *,
    actor: User,
    person: Person,
    reason: str,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> str:
    """Return the person's ID number in clear and log who asked for it and why.

    Asked again within five minutes it is shown again without a second entry. Raises
    `RevealReasonTooShort`, `RevealNotAllowed` (not the office of where she lives), `NothingToReveal` or
    `RevealLimitReached` (30 an hour over both kinds of number). A refusal for want of right or over the limit
    is logged too: call this outside a transaction of your own, or the entry goes with it.
    """
    return _reveal(RevealGrant.Field.ID_NUMBER, actor, person, reason, now or timezone.now(), request)


def reveal_phone(
    *,
    actor: User,
    person: Person,
    reason: str,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> str:
    """Return the person's phone number in clear; rules and errors as for `reveal_id_number`."""
    return _reveal(RevealGrant.Field.PHONE, actor, person, reason, now or timezone.now(), request)


def revealed_until(
    *, actor: User, person: Person, field: str, now: datetime | None = None
) -> datetime | None:
    """Return until when `actor` may see that number without a new reason; None when she may not."""
    at = now or timezone.now()
    grant = _open_grants(actor, person, field, at).first()
    return grant.expires_at if grant and can_reveal(actor, person, at) else None


def can_reveal(actor: User, person: Person, now: datetime | None = None) -> bool:
    """Tell whether `actor` may see the numbers of people of the place where the person lives today."""
    today = timezone.localdate(now)
    code = region_code_of(person, today)
    # Without a code `may` would accept an appointment anywhere.
    if not code:
        return actor.is_active and actor.is_superuser
    return may(actor, Capability.REVEAL_NUMBER, code=code, on=today)


def _reveal(
    field: RevealGrant.Field,
    actor: User,
    person: Person,
    reason: str,
    now: datetime,
    request: HttpRequest | None,
) -> str:
    if len("".join(reason.split())) < REASON_LENGTH:
        raise RevealReasonTooShort(length=REASON_LENGTH)
    if not can_reveal(actor, person, now):
        _log_refusal("not allowed", field, actor, person, now, request)
        raise RevealNotAllowed
    number = person.id_number if field == RevealGrant.Field.ID_NUMBER else person.phone
    if not number:
        raise NothingToReveal
    if not _grant(field, actor, person, reason.strip(), now, request):
        _log_refusal("limit reached", field, actor, person, now, request)
        raise RevealLimitReached(limit=LIMIT_PER_HOUR)
    return number


@transaction.atomic
def _grant(
    field: RevealGrant.Field,
    actor: User,
    person: Person,
    reason: str,
    now: datetime,
    request: HttpRequest | None,
) -> bool:
    """Log and open the five minutes, or find them open; False when the hour's number is used up."""
    # One request of an actor at a time, or two would both be the thirtieth.
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if _open_grants(actor, person, field, now).exists():
        return True
    if times_done_since(actor, _ACTIONS.values(), now - timedelta(hours=1)) >= LIMIT_PER_HOUR:
        return False
    entry = record(
        actor=actor,
        action=_ACTIONS[field],
        person=person,
        detail={"reason": reason},
        request=request,
        now=now,
    )
    RevealGrant.objects.create(
        actor=actor, person=person, field=field, entry=entry, expires_at=now + GRANT_LASTS
    )
    return True


def _open_grants(actor: User, person: Person, field: str, now: datetime) -> QuerySet[RevealGrant]:
    return RevealGrant.objects.filter(actor=actor, person=person, field=field, expires_at__gt=now)


def _log_refusal(
    why: str,
    field: RevealGrant.Field,
    actor: User,
    person: Person,
    now: datetime,
    request: HttpRequest | None,
) -> None:
    record(
        actor=actor,
        action=AuditAction.REVEAL_REFUSED,
        person=person,
        detail={"field": field.value, "why": why},
        request=request,
        now=now,
    )
