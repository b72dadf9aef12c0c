"""Making and revoking tokens of the interface, and noting what they read."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from county.errors import TokenTooLong
from county.models import ApiToken, ApiTokenUse
from county.queries.api_tokens import token_hash
from registry.models import AuditAction, Region, User
from registry.queries.places import COUNTY_CODE_LENGTH, version_on
from registry.services import record

LONGEST = timedelta(days=366)
_PREFIX = "cunbo_"  # so that scanners of leaked secrets know it
_BYTES = 32


@transaction.atomic
def make_api_token(
    *,
    name: str,
    region: Region,
    reads: Iterable[str],
    last_day: date,
    by: User,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> tuple[ApiToken, str]:
    """Return a new token and what is sent with each request, which is kept nowhere. Raises `TokenTooLong`."""
    at = now or timezone.now()
    today = timezone.localdate(at)
    if not today < last_day <= today + LONGEST:
        raise TokenTooLong
    secret = f"{_PREFIX}{secrets.token_urlsafe(_BYTES)}"
    token = ApiToken.objects.create(
        name=name,
        owner=by,
        region=region,
        reads=sorted(ApiToken.Reads(each).value for each in reads),
        token_hash=token_hash(secret),
        ending=secret[-4:],
        made_at=at,
        expires_at=timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time.min)),
    )
    _log(AuditAction.API_TOKEN_MADE, token, by, at, request, reads=token.reads, until=f"{last_day}")
    return token, secret


@transaction.atomic
def revoke_api_token(
    *, token: ApiToken, by: User, now: datetime | None = None, request: HttpRequest | None = None
) -> None:
    """Let a token read nothing more from this moment on."""
    at = now or timezone.now()
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at, revoked_by=by):
        _log(AuditAction.API_TOKEN_REVOKED, token, by, at, request)


@transaction.atomic
def note_use(
    *,
    token: ApiToken,
    reads: str,
    region_code: str,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> int:
    """Count a request and return the how-manieth of the day it is.

    The first of a day, kind and county goes into the audit log: a platform asks a thousand times a night,
    and a log of that would hide what people do.
    """
    at = now or timezone.now()
    county = region_code[:COUNTY_CODE_LENGTH]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {ApiTokenUse._meta.db_table} AS used
            (token_id, day, reads, region_code, requests, last_at) VALUES (%s, %s, %s, %s, 1, %s)
            ON CONFLICT (token_id, day, reads, region_code)
            DO UPDATE SET requests = used.requests + 1, last_at = excluded.last_at
            RETURNING requests""",  # noqa: S608 - the name of our table
            [token.pk, timezone.localdate(at), reads, county, at],
        )
        times: int = cursor.fetchone()[0]
    if times == 1:
        detail = {"token": str(token.uid), "reads": reads}
        record(
            actor=token.owner,
            action=AuditAction.API_READ,
            region_code=county,
            detail=detail,
            now=at,
            request=request,
        )
    return times


def _log(
    action: AuditAction,
    token: ApiToken,
    by: User,
    at: datetime,
    request: HttpRequest | None,
    **more: object,
) -> None:
    version = version_on(token.region, timezone.localdate(at))
    record(
        actor=by,
        action=action,
        region_code=version.code if version else "",
        detail={"token": str(token.uid), "name": token.name} | more,
        now=at,
        request=request,
    )
