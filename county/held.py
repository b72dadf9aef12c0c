"""What the county's desk holds about a person: that she was called, and what she answered."""

from django.utils import timezone
from django.utils.translation import gettext as _

from county.models import AuditCallResult
from registry.held_data import Section
from registry.models import Person
from registry.queries.people import records_of


def calls_about(person: Person) -> Section:
    """Return the audit calls to her, the oldest first."""
    results = AuditCallResult.objects.filter(call__person__in=records_of(person))
    rows = [
        [
            timezone.localdate(result.at).isoformat(),
            result.call.training_class.label,
            result.get_outcome_display(),
            result.note,
        ]
        for result in results.select_related("call__training_class")
    ]
    return Section(
        "audit_calls", _("Audit calls"), [_("Called on"), _("Class"), _("Outcome"), _("Note")], rows
    )
