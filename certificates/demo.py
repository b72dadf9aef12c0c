"""The demo's certificates: whatever the demo's trainees completed is issued and printed at once."""

from certificates.models import Certificate
from certificates.services import init_signing, issue_certificate, print_certificates
from courses.models import Enrolment


def load_certificates() -> None:
    """Issue and print, without a worker, what was completed; a repeat changes nothing."""
    init_signing()
    for enrolment in Enrolment.objects.filter(completed_at__isnull=False, certificates__isnull=True).order_by(
        "completed_at", "pk"
    ):
        issue_certificate(enrolment=enrolment, now=enrolment.completed_at)
    waiting = Certificate.objects.filter(rendering=Certificate.Rendering.WAITING)
    print_certificates(certificate_ids=list(waiting.values_list("pk", flat=True)))
