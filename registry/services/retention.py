"""Removing what has served its purpose, by rules that are rows; counts, certificates and the log stay.

Not here: the network in an audit entry. It is no address but a /24 or /48 and the chain's hash covers it, so
it lives as long as the log does. Sign-in photos have their rule; the app that keeps them adds its cleaner.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import FileField, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from registry.models import (
    AuditAction,
    Export,
    PrivacyRequest,
    RetentionRule,
    RevealGrant,
    RosterImport,
    SentMessage,
    User,
)
from registry.services.audit import record

Cleaner = Callable[[datetime, bool], int]
Subject = RetentionRule.Subject
_CLEANERS: dict[str, Cleaner] = {}


def add_cleaner(subject: str, cleaner: Cleaner) -> None:
    """Have `cleaner(older than, is_rehearsal)` remove what a rule names and return how many it was."""
    _CLEANERS[Subject(subject).value] = cleaner


@transaction.atomic
def apply_retention(*, is_rehearsal: bool = False, now: datetime | None = None) -> dict[str, int]:
    """Remove what every rule without a hold lets go; returns how many by subject, logged if it was any.

    A rehearsal only counts. Running it again removes nothing more. Files go once the transaction holds.
    """
    at = now or timezone.now()
    removed = {}
    for rule in RetentionRule.objects.select_for_update():
        cleaner = _CLEANERS.get(rule.subject)
        if cleaner and not rule.is_held:
            removed[rule.subject] = cleaner(at - timedelta(days=rule.keep_days), is_rehearsal)
    if any(removed.values()) and not is_rehearsal:
        detail = {subject: number for subject, number in removed.items() if number}
        record(actor=None, action=AuditAction.RETENTION_APPLIED, detail=detail, now=at)
    return removed


@transaction.atomic
def hold_retention(
    *,
    rule: RetentionRule,
    by: User,
    reason: str,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> None:
    """Stop a rule, such as during an inspection or a lawsuit; a second hold keeps the first."""
    at = now or timezone.now()
    if not reason.strip():
        raise ValueError("A hold needs its reason.")
    locked = RetentionRule.objects.select_for_update().get(pk=rule.pk)
    if locked.is_held:
        return
    locked.hold_reason, locked.held_by, locked.held_since = reason.strip()[:300], by, at
    locked.save()
    _log(AuditAction.RETENTION_HELD, locked, by, at, request)


@transaction.atomic
def release_retention(
    *, rule: RetentionRule, by: User, now: datetime | None = None, request: HttpRequest | None = None
) -> None:
    """Let a held rule go on."""
    locked = RetentionRule.objects.select_for_update().get(pk=rule.pk)
    if not locked.is_held:
        return
    locked.hold_reason, locked.held_by, locked.held_since = "", None, None
    locked.save()
    _log(AuditAction.RETENTION_RELEASED, locked, by, now or timezone.now(), request)


def _log(
    action: AuditAction, rule: RetentionRule, by: User, at: datetime, request: HttpRequest | None
) -> None:
    record(actor=by, action=action, detail={"subject": rule.subject}, request=request, now=at)


def _drop_file(row: Any, name: str) -> None:
    """Forget a file now, and delete it when the transaction holds: a rollback must find it in place."""
    file = getattr(row, name)
    if file:
        transaction.on_commit(partial(file.storage.delete, file.name), robust=True)
        setattr(row, name, "")


def _drop_files(rows: QuerySet[Any], is_rehearsal: bool, *, state: str = "") -> int:
    """Take the files off the rows, which stay; returns how many rows had one."""
    names = [field.name for field in rows.model._meta.get_fields() if isinstance(field, FileField)]
    found = [row for row in rows.select_for_update(of=("self",)) if any(getattr(row, n) for n in names)]
    if is_rehearsal:
        return len(found)
    for row in found:
        for name in names:
            _drop_file(row, name)
        if state:
            row.state = state
        row.save(update_fields=[*names, *(["state"] if state else [])])
    return len(found)


def _delete(rows: QuerySet[Any], is_rehearsal: bool) -> int:
    return rows.count() if is_rehearsal else rows.delete()[0]


def _rosters(before: datetime, is_rehearsal: bool) -> int:
    return _drop_files(RosterImport.objects.filter(applied_at__lt=before), is_rehearsal)


def _abandoned_rosters(before: datetime, is_rehearsal: bool) -> int:
    state = RosterImport.State
    waiting = [state.UPLOADED, state.CHECKED, state.FAILED]
    rows = RosterImport.objects.filter(applied_at__isnull=True, created_at__lt=before, state__in=waiting)
    return _drop_files(rows, is_rehearsal, state=state.FAILED)


def _messages(before: datetime, is_rehearsal: bool) -> int:
    return _delete(SentMessage.objects.filter(sent_at__lt=before), is_rehearsal)


def _grants(before: datetime, is_rehearsal: bool) -> int:
    return _delete(RevealGrant.objects.filter(expires_at__lt=before), is_rehearsal)


def _exports(before: datetime, is_rehearsal: bool) -> int:
    rows = Export.objects.filter(expires_at__lt=before, state=Export.State.READY)
    return _drop_files(rows, is_rehearsal, state=Export.State.EXPIRED)


def _copies(before: datetime, is_rehearsal: bool) -> int:
    return _drop_files(PrivacyRequest.objects.filter(copy_expires_at__lt=before), is_rehearsal)


def _wishes(before: datetime, is_rehearsal: bool) -> int:
    rows = PrivacyRequest.objects.filter(decided_at__lt=before, wish_sealed__isnull=False)
    return rows.count() if is_rehearsal else rows.update(wish_sealed=None)


for _subject, _cleaner in (
    (Subject.ROSTER_FILES, _rosters),
    (Subject.ABANDONED_ROSTERS, _abandoned_rosters),
    (Subject.SENT_MESSAGES, _messages),
    (Subject.REVEAL_GRANTS, _grants),
    (Subject.EXPORT_FILES, _exports),
    (Subject.DATA_COPIES, _copies),
    (Subject.WISHES, _wishes),
):
    add_cleaner(_subject, _cleaner)
