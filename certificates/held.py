"""What the certificates hold about a person, for the staff's page about her and for her own copy."""

from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.queries import certificates_of
from registry.held_data import Section
from registry.models import Person


def papers_of(person: Person) -> Section:
    """Return her certificates, the newest first; one query."""
    rows = [
        [
            certificate.number,
            certificate.printed["course_name"],
            certificate.get_state_display(),
            timezone.localdate(certificate.issued_at).isoformat(),
        ]
        for certificate in certificates_of(person)
    ]
    return Section(
        "certificates", _("Certificates"), [_("Number"), _("Course"), _("State"), _("Issued on")], rows
    )
