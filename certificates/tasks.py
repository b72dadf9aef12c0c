"""Background work: ids in, one service called. Each task may run twice without harm."""

from celery import shared_task


@shared_task(name="certificates.issue_certificate")
def issue_certificate_task(enrolment_id: int) -> None:
    """Issue the certificate of a completed enrolment."""
    from certificates.services import issue_on_completion
    from courses.models import Enrolment

    issue_on_completion(enrolment=Enrolment.objects.select_related("person").get(pk=enrolment_id))


@shared_task(name="certificates.issue_to_class")
def issue_to_class_task(run_id: int) -> None:
    """Carry on an order to issue to a class."""
    from certificates.services import issue_to_class

    issue_to_class(run_id=run_id)


@shared_task(name="certificates.print_certificates")
def print_certificates_task(certificate_ids: list[int]) -> None:
    """Print the PDFs of some certificates."""
    from certificates.services import print_certificates

    print_certificates(certificate_ids=certificate_ids)


@shared_task(name="certificates.tell_holders")
def tell_holders_task(notice_ids: list[int]) -> None:
    """Send some messages to holders."""
    from certificates.services import tell_holders

    tell_holders(notice_ids=notice_ids)


@shared_task(name="certificates.make_bundle")
def make_bundle_task(bundle_id: int) -> None:
    """Put the papers of a class together into one file."""
    from certificates.services import make_bundle

    make_bundle(bundle_id=bundle_id)


@shared_task(name="certificates.sweep")
def sweep_task() -> None:
    """Wake what got stuck (every minute, from beat)."""
    from certificates.services import sweep

    sweep()
