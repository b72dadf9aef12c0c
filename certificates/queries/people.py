"""What a holder sees of her papers, and those to whom she gave her link; nothing here writes."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from certificates.models import Certificate, CertificateShare, Revocation
from certificates.queries.badges import has_badge
from certificates.queries.certificates import PrintedFacts, certificates_of, printed_facts
from registry.models import Person


@dataclass(frozen=True)
class MyPaper:
    """One of her papers, and whether it was taken back."""

    certificate: Certificate
    facts: PrintedFacts
    revocation: Revocation | None
    may_object: bool
    has_badge: bool


def my_papers(person: Person | None, now: datetime | None = None) -> list[MyPaper]:
    """Return a person's papers, the newest first."""
    if person is None:
        return []
    now = now or timezone.now()
    rows = list(certificates_of(person))
    ended = [row for row in rows if row.state == Certificate.State.REVOKED]
    told = Revocation.objects.filter(certificate__in=ended, told_at__isnull=False) if ended else ()
    revocations = {revocation.certificate_id: revocation for revocation in told}
    return [_my_paper(row, revocations.get(row.pk), now) for row in rows]


def revocation_to_object(certificate: Certificate) -> Revocation | None:
    """Return the revocation the holder was told of, whatever became of it."""
    return Revocation.objects.filter(certificate=certificate, told_at__isnull=False).first()


def open_share(certificate: Certificate, now: datetime | None = None) -> CertificateShare | None:
    """Return the link by which a certificate is shown just now."""
    open_ones = CertificateShare.objects.filter(ended_at=None, expires_at__gt=now or timezone.now())
    return open_ones.filter(certificate=certificate).first()


def shared_certificate(token: str, now: datetime | None = None) -> Certificate | None:
    """Return what an open link shows, as long as the certificate is printed."""
    open_ones = CertificateShare.objects.filter(ended_at=None, expires_at__gt=now or timezone.now())
    share = open_ones.filter(token=token).select_related("certificate__design").first()
    return share.certificate if share and share.certificate.is_printed else None


def _my_paper(certificate: Certificate, revocation: Revocation | None, now: datetime) -> MyPaper:
    until = revocation.may_object_until if revocation else None
    is_open = revocation is not None and revocation.state == Revocation.State.DONE
    return MyPaper(
        certificate,
        printed_facts(certificate),
        revocation,
        may_object=is_open and until is not None and now <= until,
        has_badge=has_badge(certificate),
    )
