"""The verbs: issue a certificate, print it, wake what got stuck."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from certificates.addresses import verify_address, verify_page
from certificates.errors import NotCompleted, UnprintableText
from certificates.models import Certificate
from certificates.numbering import format_number
from certificates.queries import COMPLETED_SHARE, PASS_MARK, unissued_enrolments, unprinted_certificates
from certificates.rendering import render_pdf
from certificates.tasks import issue_certificate_task, render_certificate_task
from courses.models import ClassDuty, Enrolment, TrainingClass
from courses.services import take_duty
from registry.models import AuditAction, User
from registry.queries.people import root_of
from registry.queries.places import version_on
from registry.services import record

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5
SWEPT_AT_ONCE = 500
# A message that no worker took before the next sweep is dropped, so that they cannot pile up.
SWEEP_SECONDS = 55


@transaction.atomic
def issue_certificate(
    *, enrolment: Enrolment, by: User | None = None, now: datetime | None = None
) -> Certificate:
    """Give `enrolment` its certificate of completion, or return the one it has.

    The seat is the next of the class, without gaps, under a lock on the class. The printed fields are
    frozen here; the PDF is queued. Raises `NotCompleted` where R4 does not hold (A13) or the class was
    cancelled, and `NumberOutOfRange`. Issued `by` a person, that is her duty in the class (A14): raises
    `courses.errors.DutiesMustDiffer` if she has another there. The site itself is no person.
    """
    now = now or timezone.now()
    training_class = TrainingClass.objects.select_for_update(no_key=True).get(pk=enrolment.training_class_id)
    enrolment = Enrolment.objects.select_related("person").get(pk=enrolment.pk)
    _check_completed(enrolment, training_class)
    existing = _first_version(enrolment)
    if existing is not None:
        return existing
    if by is not None:
        take_duty(training_class=training_class, duty=ClassDuty.Duty.ISSUE, by=by, now=now)
    certificate = _create(enrolment, training_class, by, now)
    queue_rendering(certificate)
    _log_issue(certificate, by, now)
    return certificate


def _log_issue(certificate: Certificate, by: User | None, now: datetime) -> None:
    record(
        actor=by,
        action=AuditAction.CERTIFICATE_ISSUED,
        person=certificate.person,
        region_code=certificate.county_code,
        detail={"number": certificate.number},
        now=now,
    )


def queue_issue(enrolment: Enrolment) -> None:
    """Have a worker issue the certificate once this transaction holds; the sweep repeats a lost message."""
    transaction.on_commit(lambda: issue_certificate_task.delay(enrolment.pk), robust=True)


def queue_rendering(certificate: Certificate) -> None:
    """Have a worker print the certificate once this transaction holds."""
    transaction.on_commit(lambda: render_certificate_task.delay(certificate.pk), robust=True)


def render_certificate(*, certificate_id: int, now: datetime | None = None) -> bool:
    """Print the PDF of a waiting certificate; return whether this call did it.

    One worker holds the lease; another that comes meanwhile leaves at once. A character without a glyph
    marks the row as failed and names it; other errors leave it to the sweep, five times at most.
    """
    certificate = _take_lease(certificate_id, now or timezone.now())
    if certificate is None:
        return False
    try:
        pdf = render_pdf(
            certificate.printed,
            number=certificate.number,
            verify_page=verify_page(),
            verify_address=verify_address(certificate.number, certificate.version),
        )
    except UnprintableText as refusal:
        _mark_failed(certificate, _named(refusal.characters))
        return False
    _keep_pdf(certificate, pdf)
    return True


def render_again(*, certificate: Certificate) -> None:
    """Try a failed certificate once more, for example after a font was installed."""
    failed = Certificate.objects.filter(pk=certificate.pk, rendering=Certificate.Rendering.FAILED)
    if failed.update(
        rendering=Certificate.Rendering.WAITING, rendering_error="", attempts=0, lease_until=None
    ):
        queue_rendering(certificate)


def sweep(*, now: datetime | None = None) -> int:
    """Wake completions without a certificate and certificates without a PDF; return how many."""
    now = now or timezone.now()
    unprinted = unprinted_certificates(now)
    unprinted.filter(attempts__gte=MOST_ATTEMPTS).update(
        rendering=Certificate.Rendering.FAILED, rendering_error=f"stopped after {MOST_ATTEMPTS} attempts"
    )
    unissued = list(unissued_enrolments(now).values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    waiting = list(unprinted.values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    for enrolment_id in unissued:
        issue_certificate_task.apply_async((enrolment_id,), expires=SWEEP_SECONDS)
    for certificate_id in waiting:
        render_certificate_task.apply_async((certificate_id,), expires=SWEEP_SECONDS)
    return len(unissued) + len(waiting)


def printed_fields(enrolment: Enrolment, training_class: TrainingClass, now: datetime) -> dict[str, Any]:
    """Return what the paper will say, as JSON; never poverty status, never an ID number."""
    person, course = root_of(enrolment.person), training_class.course
    body, body_en = _issuing_body(training_class, now)
    return {
        "name": person.name,
        "sex": person.sex,
        "birth_year": person.birth_year,
        "course_code": course.code,
        "course_name": course.name,
        "course_name_en": course.name_en,
        "class_label": training_class.label,
        "class_starts_on": training_class.starts_on.isoformat(),
        "class_ends_on": training_class.ends_on.isoformat(),
        "studied_from": timezone.localdate(enrolment.enrolled_at).isoformat(),
        "studied_until": timezone.localdate(enrolment.completed_at).isoformat(),
        "hours": str(enrolment.completed_hours),
        "planned_hours": str(enrolment.training_class.plan_hours),
        "practical": str(enrolment.completed_practical),
        "result": "completed",
        "body": body,
        "body_en": body_en,
        "county_code": training_class.county_code,
        "issued_on": timezone.localdate(now).isoformat(),
    }


def _check_completed(enrolment: Enrolment, training_class: TrainingClass) -> None:
    hours, practical = enrolment.completed_hours, enrolment.completed_practical
    if (
        enrolment.completed_at is None
        or hours is None
        or practical is None
        or hours < COMPLETED_SHARE * training_class.plan_hours
        or practical < PASS_MARK
        or training_class.state == TrainingClass.State.CANCELLED
    ):
        raise NotCompleted(f"enrolment {enrolment.pk}")


def _first_version(enrolment: Enrolment) -> Certificate | None:
    return Certificate.objects.filter(
        enrolment=enrolment, kind=Certificate.Kind.COMPLETION, version=1
    ).first()


def _create(
    enrolment: Enrolment, training_class: TrainingClass, by: User | None, now: datetime
) -> Certificate:
    kind = Certificate.Kind.COMPLETION
    taken = Certificate.objects.filter(training_class=training_class, kind=kind)
    seat = (taken.aggregate(last=Max("seat"))["last"] or 0) + 1
    number = format_number(
        kind=kind,
        county_code=training_class.county_code,
        year=training_class.year,
        class_number=training_class.number,
        seat=seat,
    )
    return Certificate.objects.create(
        number=number,
        kind=kind,
        enrolment=enrolment,
        person=enrolment.person,
        training_class=training_class,
        county_code=training_class.county_code,
        seat=seat,
        printed=printed_fields(enrolment, training_class, now),
        state_since=now,
        issued_at=now,
        issued_by=by,
    )


def _issuing_body(training_class: TrainingClass, now: datetime) -> tuple[str, str]:
    named: tuple[str, str] | None = settings.ISSUING_BODIES.get(training_class.county_code)
    if named:
        return named
    county = version_on(training_class.county, timezone.localdate(now))
    name = county.name if county else training_class.county_code
    code = training_class.county_code
    return f"{name}电子商务公共服务中心", f"County E-commerce Public Service Centre ({code})"


def _take_lease(certificate_id: int, now: datetime) -> Certificate | None:
    free = Certificate.objects.filter(pk=certificate_id, rendering=Certificate.Rendering.WAITING).exclude(
        lease_until__gte=now
    )
    if not free.update(lease_until=now + LEASE, attempts=F("attempts") + 1):
        return None
    return Certificate.objects.get(pk=certificate_id)


def _mark_failed(certificate: Certificate, why: str) -> None:
    Certificate.objects.filter(pk=certificate.pk, rendering=Certificate.Rendering.WAITING).update(
        rendering=Certificate.Rendering.FAILED, rendering_error=why[:300], lease_until=None
    )


def _named(characters: str) -> str:
    """Name each character by its code point too: the reader's screen may lack it as well."""
    return " ".join(f"{character} (U+{ord(character):04X})" for character in characters)


@transaction.atomic
def _keep_pdf(certificate: Certificate, pdf: bytes) -> None:
    """Store the file under the row's lock, so that a worker whose lease ran out cannot store a second."""
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if locked.is_printed:
        return
    name = locked.pdf.field.generate_filename(locked, "certificate.pdf")
    locked.pdf.storage.delete(name)  # left by a worker that died between the file and the row
    locked.pdf.save("certificate.pdf", ContentFile(pdf), save=False)
    locked.pdf_sha256 = hashlib.sha256(pdf).hexdigest()
    locked.rendering = Certificate.Rendering.DONE
    locked.lease_until = None
    locked.save(update_fields=["pdf", "pdf_sha256", "rendering", "lease_until"])
