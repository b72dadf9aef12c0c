"""What people ask about their own data, and what the office decides (PIPL 44-50)."""

import json
from datetime import datetime, timedelta
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from registry.errors import (
    RequestDecided,
    RequestEmpty,
    RequestNeedsAnother,
    RequestNeedsReason,
    RequestNotOwn,
)
from registry.models import AuditAction, Person, PrivacyRequest, User
from registry.queries.data_copy import data_of
from registry.services.audit import record
from registry.services.corrections import correct_person
from registry.services.erasure import erase_person

DUE_DAYS = 15  # "without undue delay" (PIPL 50); the office's own term
COPY_LASTS = timedelta(days=7)
PATIENCE = timedelta(minutes=1)
Kind, State = PrivacyRequest.Kind, PrivacyRequest.State


@transaction.atomic
def make_request(
    *,
    person: Person,
    by: User,
    kind: str,
    field: str = "",
    wish: str = "",
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> PrivacyRequest:
    """Keep what she asks; asked again while it is open, the open one is returned.

    A copy is made by a worker at once. Raises RequestNotOwn, RequestEmpty, and ValueError for an unknown
    kind or field.
    """
    at = now or timezone.now()
    if person.user_id != by.pk:
        raise RequestNotOwn
    is_correction = Kind(kind) == Kind.CORRECTION
    if is_correction and not wish.strip():
        raise RequestEmpty
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    asked_field = PrivacyRequest.Field(field).value if is_correction else ""
    existing = PrivacyRequest.objects.filter(person=person, kind=kind, field=asked_field, state=State.OPEN)
    if known := existing.first():
        return known
    made = PrivacyRequest(
        person=person,
        kind=kind,
        field=asked_field,
        asked_at=at,
        due_on=timezone.localdate(at) + timedelta(days=DUE_DAYS),
    )
    made.wish = wish.strip() if is_correction else ""
    made.save()
    if made.kind == Kind.COPY:
        _queue_copy(made)
    _log(AuditAction.REQUEST_MADE, made, by, at, request)
    return made


@transaction.atomic
def grant_request(
    *,
    privacy_request: PrivacyRequest,
    by: User,
    value: str = "",
    reason: str = "",
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> PrivacyRequest:
    """Do what she asked for: write the corrected `value`, or delete her login and contact data.

    Raises RequestDecided, RequestNeedsAnother and what `correct_person` raises.
    """
    at = now or timezone.now()
    locked = _lock_undecided(privacy_request, by)
    _decide(locked, State.GRANTED, by, reason, at)
    if locked.kind == Kind.CORRECTION:
        correct_person(person=locked.person, field=locked.field, value=value, by=by, now=at)
    _log(AuditAction.REQUEST_GRANTED, locked, by, at, request)
    if locked.kind == Kind.DELETION:
        erase_person(person=locked.person, by=by, now=at)
    return locked


@transaction.atomic
def refuse_request(
    *,
    privacy_request: PrivacyRequest,
    by: User,
    reason: str,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> PrivacyRequest:
    """Decide against a request, with the reason she reads.

    Raises RequestNeedsReason, RequestDecided, RequestNeedsAnother.
    """
    at = now or timezone.now()
    if not reason.strip():
        raise RequestNeedsReason
    locked = _lock_undecided(privacy_request, by)
    _decide(locked, State.REFUSED, by, reason, at)
    _log(AuditAction.REQUEST_REFUSED, locked, by, at, request)
    return locked


@transaction.atomic
def make_data_copy(*, request_id: int, now: datetime | None = None) -> bool:
    """Write the copy of a waiting request; True when this call did it. It may run twice without harm."""
    at = now or timezone.now()
    waiting = PrivacyRequest.objects.select_for_update(of=("self",)).select_related("person__user")
    found = waiting.filter(pk=request_id, kind=Kind.COPY, state=State.OPEN).first()
    if found is None:
        return False
    found.copy.save("copy.zip", ContentFile(_zip_of(found.person)), save=False)
    found.copy_expires_at = at + COPY_LASTS
    found.state, found.decided_at = State.GRANTED, at
    found.save()
    _log(AuditAction.REQUEST_GRANTED, found, None, at, None)
    return True


def wake_waiting_copies(*, now: datetime | None = None) -> int:
    """Queue copies whose message was lost again; returns how many."""
    at = now or timezone.now()
    waiting = PrivacyRequest.objects.filter(kind=Kind.COPY, state=State.OPEN, asked_at__lt=at - PATIENCE)
    found = list(waiting)
    for request in found:
        _queue_copy(request)
    return len(found)


def _zip_of(person: Person) -> bytes:
    """Return the copy: a page to read and the same as data, in the site's language."""
    with translation.override("zh-hans"):
        held = data_of(person)
        page = render_to_string("registry/privacy/copy.html", held)
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        archive.writestr("data.html", page)
        archive.writestr("data.json", json.dumps(held, ensure_ascii=False, indent=2))
    return content.getvalue()


def _lock_undecided(privacy_request: PrivacyRequest, by: User) -> PrivacyRequest:
    found = PrivacyRequest.objects.select_for_update(of=("self",)).select_related("person")
    locked = found.get(pk=privacy_request.pk)
    if locked.state != State.OPEN or locked.kind == Kind.COPY:
        raise RequestDecided
    if locked.person.user_id == by.pk:
        raise RequestNeedsAnother
    return locked


def _decide(request: PrivacyRequest, state: str, by: User, reason: str, at: datetime) -> None:
    request.state, request.decided_by, request.decided_at = state, by, at
    request.reason = reason.strip()
    request.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def _log(
    action: AuditAction, made: PrivacyRequest, by: User | None, at: datetime, request: HttpRequest | None
) -> None:
    detail = {"request": str(made.uid), "kind": str(made.kind), "field": str(made.field)}
    record(actor=by, action=action, person=made.person, detail=detail, request=request, now=at)


def _queue_copy(made: PrivacyRequest) -> None:
    from registry.tasks import make_data_copy_task

    transaction.on_commit(lambda: make_data_copy_task.delay(made.pk), robust=True)
