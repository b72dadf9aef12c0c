"""The audit log as a list that may leave, for inspections."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.list_kinds import ListKind, ListQuestion, Row, add_kind
from registry.models import AuditEntry
from registry.permissions import log_scopes
from registry.queries.audit import actor_label, audit_entries


def add_audit_list() -> None:
    """Offer the log to the export desk."""
    headings = [_("Number"), _("Time"), _("Who"), _("What"), _("Person"), _("Region"), _("Network")]
    title, note = _("Audit log"), _("Who did what, without names of villagers.")
    add_kind(ListKind("audit_log", title, note, [*headings], True, logged, log_scopes))


def logged(question: ListQuestion) -> Iterable[Row]:
    """Return the entries of the region and days, newest first; people by their uid only."""
    since = _begin(question.since) if question.since else None
    until = _begin(question.until + timedelta(days=1)) if question.until else None
    found = audit_entries(scopes=[question.region_code], since=since, until=until)
    return [(None, _cells(entry)) for entry in found[: question.most]]


def _cells(entry: AuditEntry) -> list[str | int]:
    return [
        entry.seq,
        f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
        actor_label(entry),
        entry.get_action_display(),
        str(entry.person.uid) if entry.person else "",
        entry.region_code,
        entry.network,
    ]


def _begin(day: object) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))  # type: ignore[arg-type]
