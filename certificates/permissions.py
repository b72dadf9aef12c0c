"""Who may have a certificate's PDF, and who may issue one."""

from certificates.models import Certificate
from courses.models import TrainingClass
from registry.capabilities import Capability
from registry.permissions import may
from registry.queries.people import is_same_person, person_of


def is_holder(user: object, certificate: Certificate) -> bool:
    """The person it was issued to, by whichever of her records."""
    return is_same_person(person_of(user), certificate.person)


def can_download_certificate(user: object, certificate: Certificate) -> bool:
    """The person it was issued to, and staff whose region holds the county of issue."""
    if is_holder(user, certificate):
        return True
    return may(user, Capability.READ_CERTIFICATES, code=certificate.county_code)


def can_issue_certificate(user: object, training_class: TrainingClass) -> bool:
    """Clerks of the class's county; whether she has another duty in the class, the service looks."""
    return may(user, Capability.ISSUE_CERTIFICATE, code=training_class.county_code)
