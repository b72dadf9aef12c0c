"""Printing: from the frozen row to its signed PDF, once, by whichever worker holds the lease."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone

from certificates import codes
from certificates.addresses import code_address, verify_page
from certificates.errors import UnprintableText
from certificates.keystore import load_code_key
from certificates.models import Certificate, CertificateDesign
from certificates.rendering import Look, Sheet, render_pdf
from certificates.signing import sign_pdf
from certificates.tasks import print_certificates_task
from certificates.wording import DEFAULTS
from registry.typesetting import named

LEASE = timedelta(minutes=2)
PRINTED_AT_ONCE = 25


def queue_printing(certificate_ids: Sequence[int]) -> None:
    """Have workers print these once the transaction holds."""
    ids = list(certificate_ids)
    transaction.on_commit(lambda: print_certificates_task.delay(ids), robust=True)


def print_certificates(*, certificate_ids: Sequence[int], now: datetime | None = None) -> int:
    """Print and sign the waiting ones among these; return how many this call did.

    One worker holds the lease of a row; another that comes meanwhile leaves it. A character without a glyph
    marks the row as failed and names it; other errors leave it to the sweep, five times at most.
    """
    taken = _take_leases(certificate_ids, now or timezone.now())
    rows = Certificate.objects.filter(pk__in=taken).select_related("design").order_by("seat", "pk")
    looks: dict[int | str, Look] = {}
    return sum(_print(certificate, looks) for certificate in rows)


def render_certificate(*, certificate_id: int, now: datetime | None = None) -> bool:
    """Print one certificate; return whether this call did it."""
    return bool(print_certificates(certificate_ids=[certificate_id], now=now))


def render_again(*, certificate: Certificate) -> None:
    """Try a failed certificate once more, for example after a font was installed."""
    failed = Certificate.objects.filter(pk=certificate.pk, rendering=Certificate.Rendering.FAILED)
    if failed.update(
        rendering=Certificate.Rendering.WAITING, rendering_error="", attempts=0, lease_until=None
    ):
        queue_printing([certificate.pk])


def look_of(design: CertificateDesign) -> Look:
    """Return a design's wording and pictures as the rendering takes them."""
    pictures = {}
    for name in ("seal", "background"):
        stored = getattr(design, name)
        if stored:
            with stored.open("rb") as file:
                pictures[name] = file.read()
    return Look(design.wording(), **pictures)


def sheet_of(certificate: Certificate, look: Look, code: str) -> Sheet:
    """Return what the certificate's sheet is made of."""
    return Sheet(
        printed=certificate.printed,
        number=certificate.number,
        verify_page=verify_page(),
        verify_address=code_address(certificate.number, certificate.version, code),
        look=look,
    )


def _print(certificate: Certificate, looks: dict[int | str, Look]) -> bool:
    key: int | str = certificate.design_id or certificate.kind
    if key not in looks:
        design = certificate.design
        looks[key] = look_of(design) if design else Look(DEFAULTS[certificate.kind])
    code = codes.signed_code(
        certificate.printed, number=certificate.number, version=certificate.version, key=load_code_key()
    )
    try:
        unsigned = render_pdf(sheet_of(certificate, looks[key], code))
    except UnprintableText as refusal:
        _mark_failed(certificate, named(refusal.characters))
        return False
    _keep_pdf(certificate, unsigned, sign_pdf(unsigned), code)
    return True


def _take_leases(certificate_ids: Sequence[int], now: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE certificates_certificate SET lease_until = %s, attempts = attempts + 1
               WHERE id = ANY(%s) AND rendering = 'waiting' AND (lease_until IS NULL OR lease_until < %s)
               RETURNING id""",
            [now + LEASE, list(certificate_ids), now],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _mark_failed(certificate: Certificate, why: str) -> None:
    Certificate.objects.filter(pk=certificate.pk, rendering=Certificate.Rendering.WAITING).update(
        rendering=Certificate.Rendering.FAILED, rendering_error=why[:300], lease_until=None
    )


@transaction.atomic
def _keep_pdf(certificate: Certificate, unsigned: bytes, signed: bytes, code: str) -> None:
    """Store the file under the row's lock, so that a worker whose lease ran out cannot store a second."""
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if locked.is_printed:
        return
    name = locked.pdf.field.generate_filename(locked, "certificate.pdf")
    locked.pdf.storage.delete(name)  # left by a worker that died between the file and the row
    locked.pdf.save("certificate.pdf", ContentFile(signed), save=False)
    locked.pdf_sha256 = hashlib.sha256(signed).hexdigest()
    locked.unsigned_sha256 = hashlib.sha256(unsigned).hexdigest()
    locked.code = code
    locked.rendering = Certificate.Rendering.DONE
    locked.lease_until = None
    locked.save(update_fields=["pdf", "pdf_sha256", "unsigned_sha256", "code", "rendering", "lease_until"])
