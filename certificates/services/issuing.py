"""Issuing: the numbered row whose printed fields never change. Printing follows (`printing.py`)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from certificates.errors import NotCompleted, NotEligible, UnprintableText
from certificates.models import Certificate, CertificateDesign, HolderNotice, IssueRefusal, PaperKind
from certificates.numbering import format_number
from certificates.queries.eligibility import Earned, earned_in, holders_of, person_id_of
from certificates.services.designs import design_in_force
from certificates.services.notices import ask_notices
from certificates.services.printing import queue_printing
from certificates.tasks import issue_certificate_task
from courses.models import ClassDuty, Enrolment, TrainingClass
from courses.services import take_duty
from registry.models import AuditAction, User
from registry.queries.people import root_of
from registry.queries.places import version_on
from registry.services import record
from registry.typesetting import unprintable_characters

RESULTS = {PaperKind.ATTENDANCE: "attended", PaperKind.COMPLETION: "completed", PaperKind.PASS: "passed"}


@transaction.atomic
def issue_certificate(
    *,
    enrolment: Enrolment,
    kind: str = PaperKind.COMPLETION,
    by: User | None = None,
    now: datetime | None = None,
) -> Certificate:
    """Give `enrolment` this paper, or return the one it has.

    The seat is the next of the class, without gaps, under a lock on the class. The printed fields are
    frozen here; the PDF is queued. Raises `NotCompleted` where R4 does not hold (A13) or the class was
    cancelled or annulled, `NotEligible` for another paper that was not earned, `UnprintableText` naming the
    characters no font holds, and `NumberOutOfRange`. Issued `by` a person, that is her duty in the class
    (A14): raises `courses.errors.DutiesMustDiffer` if she has another there. The site itself is no person.
    """
    now = now or timezone.now()
    training_class = lock_class(enrolment.training_class_id)
    existing = _of_this_person(enrolment, kind)
    if existing is not None:
        return existing
    claim = _claim(enrolment, training_class, kind)
    if by is not None:
        take_duty(training_class=training_class, duty=ClassDuty.Duty.ISSUE, by=by, now=now)
    certificate = create_certificates(
        training_class, kind, [claim], design_in_force(training_class.county_code, kind, now=now), by, now
    )[0]
    queue_printing([certificate.pk])
    ask_notices([certificate], HolderNotice.Occasion.ISSUED, now=now)
    log_issue([certificate], by, now)
    return certificate


def queue_issue(enrolment: Enrolment) -> None:
    """Have a worker issue the certificate once this transaction holds; the sweep repeats a lost message."""
    transaction.on_commit(lambda: issue_certificate_task.delay(enrolment.pk), robust=True)


def issue_on_completion(*, enrolment: Enrolment, now: datetime | None = None) -> Certificate | None:
    """Issue the certificate of a completed self-paced course, or note for the office why it cannot be.

    A taught class gets its papers from the clerk, after the office closed it.
    """
    try:
        return issue_certificate(enrolment=enrolment, now=now)
    except UnprintableText as refusal:
        note_refusal(enrolment, PaperKind.COMPLETION, refusal.characters, now or timezone.now())
        return None


def note_refusal(enrolment: Enrolment, kind: str, characters: str, now: datetime) -> None:
    """Keep that this paper cannot be printed, and with which name: another name is tried again."""
    IssueRefusal.objects.update_or_create(
        enrolment=enrolment,
        kind=kind,
        defaults={
            "text": root_of(enrolment.person).name,
            "characters": characters[:100],
            "refused_at": now,
        },
    )


def lock_class(class_id: int) -> TrainingClass:
    """Take the lock under which seats of a class are given."""
    locked = TrainingClass.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("course", "county").get(pk=class_id)


def create_certificates(
    training_class: TrainingClass,
    kind: str,
    claims: Sequence[Earned],
    design: CertificateDesign,
    by: User | None,
    now: datetime,
) -> list[Certificate]:
    """Give these people the next seats; call it under `lock_class`. Raises `UnprintableText`."""
    taken = Certificate.objects.filter(training_class=training_class, kind=kind)
    last = taken.aggregate(last=Max("seat"))["last"] or 0
    body = issuing_body(training_class, now)
    rows = [
        _row(training_class, kind, claim, body, last + place, now)
        for place, claim in enumerate(claims, start=1)
    ]
    for row in rows:
        row.design, row.issued_by = design, by
    IssueRefusal.objects.filter(enrolment__in=[claim.enrolment for claim in claims], kind=kind).delete()
    return Certificate.objects.bulk_create(rows)


def log_issue(certificates: Sequence[Certificate], by: User | None, now: datetime) -> None:
    """Log what was issued: one entry for a paper, or one for the papers issued together."""
    first = certificates[0]
    detail: dict[str, Any] = {"number": first.number}
    if len(certificates) > 1:
        detail = {"numbers": [each.number for each in certificates]}
    record(
        actor=by,
        action=AuditAction.CERTIFICATE_ISSUED,
        person=first.person if len(certificates) == 1 else None,
        region_code=first.county_code,
        detail=detail,
        now=now,
    )


def printed_fields(
    claim: Earned, training_class: TrainingClass, kind: str, body: tuple[str, str], now: datetime
) -> dict[str, Any]:
    """Return what the paper will say, as JSON; never poverty status, never an ID number."""
    enrolment, course = claim.enrolment, training_class.course
    person = root_of(enrolment.person)
    first, last = _studied(enrolment, training_class, kind)
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
        "studied_from": first.isoformat(),
        "studied_until": last.isoformat(),
        "hours": str(claim.hours),
        "planned_hours": str(training_class.plan_hours),
        "practical": "" if claim.practical is None else f"{claim.practical:.2f}",
        "result": RESULTS[PaperKind(kind)],
        "body": body[0],
        "body_en": body[1],
        "county_code": training_class.county_code,
        "issued_on": timezone.localdate(now).isoformat(),
    }


def issuing_body(training_class: TrainingClass, now: datetime) -> tuple[str, str]:
    """Return who issues in the class's county, in Chinese and in English."""
    named: tuple[str, str] | None = settings.ISSUING_BODIES.get(training_class.county_code)
    if named:
        return named
    county = version_on(training_class.county, timezone.localdate(now))
    name = county.name if county else training_class.county_code
    code = training_class.county_code
    return f"{name}电子商务公共服务中心", f"County E-commerce Public Service Centre ({code})"


def _studied(enrolment: Enrolment, training_class: TrainingClass, kind: str) -> tuple[date, date]:
    """Return from when to when she learnt: her own days in a self-paced class, else the class's."""
    is_self_paced = training_class.kind == TrainingClass.Kind.ONLINE
    if kind == PaperKind.COMPLETION and is_self_paced and enrolment.completed_at is not None:
        return timezone.localdate(enrolment.enrolled_at), timezone.localdate(enrolment.completed_at)
    return training_class.starts_on, training_class.ends_on


def _of_this_person(enrolment: Enrolment, kind: str) -> Certificate | None:
    return Certificate.objects.filter(enrolment=enrolment, kind=kind, version=1).first()


def _claim(enrolment: Enrolment, training_class: TrainingClass, kind: str) -> Earned:
    claims = earned_in(training_class, kind, [enrolment.pk])
    is_completion = kind == PaperKind.COMPLETION
    if not claims:
        raise (NotCompleted if is_completion else NotEligible)(f"enrolment {enrolment.pk}")
    if not is_completion and training_class.state != TrainingClass.State.CLOSED:
        raise NotEligible("the class is not closed")
    if person_id_of(claims[0].enrolment) in holders_of(training_class, kind):
        raise NotEligible("another record of this person has it")
    return claims[0]


def _row(
    training_class: TrainingClass, kind: str, claim: Earned, body: tuple[str, str], seat: int, now: datetime
) -> Certificate:
    printed = printed_fields(claim, training_class, kind, body, now)
    missing = unprintable_characters(printed["name"])
    if missing:
        raise UnprintableText(missing)
    number = format_number(
        kind=kind,
        county_code=training_class.county_code,
        year=training_class.year,
        class_number=training_class.number,
        seat=seat,
    )
    return Certificate(
        number=number,
        kind=kind,
        enrolment=claim.enrolment,
        person=claim.enrolment.person,
        training_class=training_class,
        county_code=training_class.county_code,
        seat=seat,
        printed=printed,
        state_since=now,
        issued_at=now,
    )
