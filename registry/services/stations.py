"""Devices of village stations, and sign-ins with a keeper's help."""

import secrets
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from registry.models import AssistedSignIn, AuditAction, Person, Region, StationDevice, User
from registry.queries.audit import region_code_of
from registry.queries.places import version_on
from registry.queries.sign_in import token_hash
from registry.services.audit import record
from registry.services.logins import login_for

_TOKEN_BYTES = 16


@transaction.atomic
def register_device(
    *, name: str, region: Region, by: User, request: HttpRequest | None = None, now: datetime | None = None
) -> tuple[StationDevice, str]:
    """Return a new station device and the token that its cookie holds; only a hash of it is kept."""
    at = now or timezone.now()
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    device = StationDevice.objects.create(
        name=name, region=region, token_hash=token_hash(token), registered_by=by, registered_at=at
    )
    _log(device, AuditAction.STATION_REGISTERED, by, request, at)
    return device, token


@transaction.atomic
def revoke_device(
    *, device: StationDevice, by: User, request: HttpRequest | None = None, now: datetime | None = None
) -> None:
    """End a device's being a station's; whoever is signed in there is signed out by her next page."""
    at = now or timezone.now()
    found = StationDevice.objects.filter(pk=device.pk, revoked_at=None)
    if found.update(revoked_at=at, revoked_by=by):
        _log(device, AuditAction.STATION_REVOKED, by, request, at)


@transaction.atomic
def assist_sign_in(
    *,
    person: Person,
    by: User,
    reason: str,
    note: str = "",
    device: StationDevice | None = None,
    request: HttpRequest | None = None,
    now: datetime | None = None,
) -> AssistedSignIn:
    """Note that `by` signs `person` in, and why; the caller opens the session of its `user`.

    Raises `StaffSignsInHerself` when she holds a role.
    """
    at = now or timezone.now()
    user = login_for(person=person)
    assisted = AssistedSignIn.objects.create(
        user=user,
        person=person,
        helper=by,
        device=device,
        reason=AssistedSignIn.Reason(reason),
        note=note,
        at=at,
    )
    record(
        actor=by,
        action=AuditAction.SIGN_IN_ASSISTED,
        person=person,
        region_code=region_code_of(person, timezone.localdate(at)),
        detail={"reason": assisted.reason, "note": note},
        request=request,
        now=at,
    )
    return assisted


def _log(device: StationDevice, action: str, by: User, request: HttpRequest | None, at: datetime) -> None:
    version = version_on(device.region, timezone.localdate(at))
    record(
        actor=by,
        action=action,
        region_code=version.code if version else "",
        detail={"device": str(device.uid)},
        request=request,
        now=at,
    )
