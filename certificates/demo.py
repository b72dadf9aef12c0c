"""The demo's certificates: whatever the demo's trainees completed is issued and printed at once."""

from certificates.models import Certificate
from certificates.services import init_signing, issue_certificate, print_certificates
from courses.models import Enrolment
from registry.demo import COUNTY


def load_certificates() -> None:
    """Issue and print, without a worker, what was completed; a repeat changes nothing."""
    init_signing()
    completed = Enrolment.objects.filter(
        training_class__county_code=COUNTY, completed_at__isnull=False, certificates__isnull=True
    )
    for enrolment in completed.order_by("completed_at", "pk"):
        issue_certificate(enrolment=enrolment, now=enrolment.completed_at)
    waiting = Certificate.objects.filter(rendering=Certificate.Rendering.WAITING)
    print_certificates(certificate_ids=list(waiting.values_list("pk", flat=True)))
