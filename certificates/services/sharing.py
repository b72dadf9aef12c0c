"""A holder shows her certificate by a link: she agrees, it ends by itself, and she may end it before."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from certificates.errors import NotInThisState
from certificates.models import Certificate, CertificateShare
from registry.models import AuditAction, Person, User
from registry.queries.people import records_of
from registry.services import record

TEXT_VERSION = "2026-11"
SHARED_FOR = timedelta(days=90)


@transaction.atomic
def share_certificate(*, certificate: Certificate, by: User, now: datetime | None = None) -> CertificateShare:
    """Open a link for ninety days; one a certificate, a new one ends the old. The form took her consent.

    Raises `NotInThisState` for a paper that does not hold or is not printed.
    """
    now = now or timezone.now()
    locked = (
        Certificate.objects.select_for_update(of=("self",)).select_related("person").get(pk=certificate.pk)
    )
    if locked.state != Certificate.State.VALID or not locked.is_printed:
        raise NotInThisState
    CertificateShare.objects.filter(certificate=locked, ended_at=None).update(ended_at=now)
    share = CertificateShare.objects.create(
        certificate=locked, agreed_at=now, text_version=TEXT_VERSION, expires_at=now + SHARED_FOR
    )
    _log(locked, AuditAction.CERTIFICATE_SHARED, by, now)
    return share


@transaction.atomic
def end_sharing(*, certificate: Certificate, by: User, now: datetime | None = None) -> bool:
    """End the link at once; False when there is none."""
    now = now or timezone.now()
    ended = CertificateShare.objects.filter(certificate=certificate, ended_at=None).update(ended_at=now)
    if ended:
        _log(certificate, AuditAction.CERTIFICATE_SHARE_ENDED, by, now)
    return bool(ended)


def end_sharing_of(person: Person, now: datetime | None = None) -> int:
    """End every link of somebody whose login is deleted; her certificates stay verifiable."""
    rows = CertificateShare.objects.filter(certificate__person__in=records_of(person), ended_at=None)
    return rows.update(ended_at=now or timezone.now())


def _log(certificate: Certificate, action: AuditAction, by: User, now: datetime) -> None:
    record(
        actor=by,
        action=action,
        person=certificate.person,
        region_code=certificate.county_code,
        detail={"number": certificate.number},
        now=now,
    )
