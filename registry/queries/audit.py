"""Reading the audit log."""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from registry.masking import mask_name
from registry.models import AuditCheck, AuditEntry, Person, User
from registry.queries.places import in_subtree, version_on


def region_code_of(person: Person, on: date) -> str:
    """Return the code of the person's village on that day; the home county's when she has no village.

    Empty when the village had no code that day: then nobody's scope holds it.
    """
    if person.village is None:
        return str(settings.HOME_COUNTY)
    version = version_on(person.village, on)
    return version.code if version else ""


def audit_entries(
    *,
    scopes: Iterable[str],
    actor: User | None = None,
    person: Person | None = None,
    action: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    network: str = "",
) -> QuerySet[AuditEntry]:
    """Return entries of the regions in `scopes` ([""] means everywhere, none means nothing), newest first."""
    inside = Q(pk__in=[])
    for code in scopes:
        inside |= in_subtree(code, "region_code") if code else ~Q(pk__in=[])
    entries = AuditEntry.objects.filter(inside).select_related("actor__person", "person")
    wanted = {
        "actor": actor,
        "person": person,
        "action": action,
        "at__gte": since,
        "at__lt": until,
        "network": network,
    }
    return entries.filter(**{field: value for field, value in wanted.items() if value}).order_by("-seq")


def audit_page(entries: QuerySet[AuditEntry], *, before: int | None, most: int) -> list[AuditEntry]:
    """Return at most `most` entries older than number `before`; the cost does not grow with the page."""
    return list((entries.filter(seq__lt=before) if before else entries)[:most])


def actor_label(entry: AuditEntry) -> str:
    """Return who did it as staff may see it: colleagues by name, people who learn masked."""
    actor = entry.actor
    if actor is None:
        return ""
    return mask_name(str(actor)) if hasattr(actor, "person") else str(actor)


def last_check() -> AuditCheck | None:
    """Return what the newest walk of the chain found."""
    return AuditCheck.objects.first()


def times_done_since(actor: User, actions: Iterable[str], since: datetime) -> int:
    """Return how often `actor` has done any of `actions` after that moment."""
    return AuditEntry.objects.filter(actor=actor, action__in=list(actions), at__gt=since).count()
