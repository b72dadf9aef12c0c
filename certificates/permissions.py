"""Who may have a certificate's PDF."""

from certificates.models import Certificate
from registry.models import Appointment
from registry.permissions import has_role
from registry.queries.people import is_same_person, person_of

STAFF_ROLES = [Appointment.Role.OFFICE, Appointment.Role.CERTIFICATE_CLERK]


def can_download_certificate(user: object, certificate: Certificate) -> bool:
    """The person it was issued to, and staff whose region holds the county of issue."""
    person = person_of(user)
    if is_same_person(person, certificate.person):
        return True
    return any(has_role(user, role, code=certificate.county_code) for role in STAFF_ROLES)
