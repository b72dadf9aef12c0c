"""Background work: ids in, one service called. Each task may run twice without harm."""

from celery import shared_task


@shared_task(name="certificates.issue_certificate")
def issue_certificate_task(enrolment_id: int) -> None:
    """Issue the certificate of a completed enrolment."""
    from certificates.services import issue_certificate
    from courses.models import Enrolment

    issue_certificate(enrolment=Enrolment.objects.get(pk=enrolment_id))


@shared_task(name="certificates.render_certificate")
def render_certificate_task(certificate_id: int) -> None:
    """Print the PDF of a certificate."""
    from certificates.services import render_certificate

    render_certificate(certificate_id=certificate_id)


@shared_task(name="certificates.sweep")
def sweep_task() -> None:
    """Wake what got stuck (every minute, from beat)."""
    from certificates.services import sweep

    sweep()
