"""Reads over certificates; nothing here writes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from certificates.errors import InvalidNumber
from certificates.models import Certificate, IssueRefusal, PaperKind
from certificates.numbering import parse_number
from certificates.queries.eligibility import completed_enrolments
from certificates.rendering import plain
from certificates.signatures import is_check_text
from courses.models import Enrolment, TrainingClass
from registry.masking import mask_name
from registry.models import Person
from registry.names import compare_key
from registry.queries.merge_preview import PreviewRow, PreviewSection, Sides, side_of
from registry.queries.people import records_of

# A fresh row is left to the task that was queued with it.
PATIENCE = timedelta(minutes=1)


def certificates_of(person: Person) -> QuerySet[Certificate]:
    """Return what a person earned, the newest first, one row a printed version."""
    rows = Certificate.objects.filter(person__in=records_of(person)).select_related("design")
    return rows.order_by("-issued_at", "-pk")


def certificate_by_number(number: str, version: int | None = None) -> Certificate | None:
    """Return the certificate with that number: the version asked for, else the newest."""
    found = Certificate.objects.filter(number=number).select_related("design")
    if version is not None:
        found = found.filter(version=version)
    return found.order_by("-version").first()


def versions_of(number: str) -> QuerySet[Certificate]:
    """Return every printed version of a number, the newest first."""
    return Certificate.objects.filter(number=number).select_related("design").order_by("-version")


@dataclass(frozen=True)
class PrintedFacts:
    """What a paper says, ready to be compared with it; the name only as the public may see it."""

    number: str
    version: int
    paper: str
    masked_name: str
    sex: str
    birth_year: int | None
    course_code: str
    course_name: str
    class_label: str
    studied_from: date
    studied_until: date
    hours: str
    practical: str
    result: str
    signatory: str
    reissued_on: date | None
    body: str
    issued_on: date


def printed_facts(certificate: Certificate, *, with_full_name: bool = False) -> PrintedFacts:
    """Return every printed field of a certificate in the language in use, its name masked.

    The full name is for the holder and for those to whom she gave her link.
    """
    printed, name = certificate.printed, certificate.printed["name"]
    suffix = "_en" if (get_language() or "").startswith("en") else ""
    return PrintedFacts(
        number=certificate.number,
        version=certificate.version,
        paper=_title(certificate, suffix),
        masked_name=name if with_full_name else mask_name(name),
        sex=str(dict(Person.Sex.choices).get(printed["sex"], "")),
        birth_year=printed["birth_year"],
        course_code=printed["course_code"],
        course_name=printed[f"course_name{suffix}"],
        class_label=printed["class_label"],
        studied_from=date.fromisoformat(printed["studied_from"]),
        studied_until=date.fromisoformat(printed["studied_until"]),
        hours=plain(printed["hours"]),
        practical=plain(printed["practical"]),
        result=printed["result"],
        signatory=_signatory(certificate, suffix),
        reissued_on=date.fromisoformat(reissued) if (reissued := printed.get("reissued_on")) else None,
        body=printed[f"body{suffix}"],
        issued_on=date.fromisoformat(printed["issued_on"]),
    )


def _title(certificate: Certificate, suffix: str) -> str:
    design = certificate.design
    return str(getattr(design, f"title{suffix}")) if design else str(certificate.get_kind_display())


def _signatory(certificate: Certificate, suffix: str) -> str:
    return str(getattr(certificate.design, f"signatory{suffix}")) if certificate.design else ""


def certificate_for_name(number: str, name_end: str) -> Certificate | None:
    """Return the newest version of `number` if its printed name ends in `name_end`, else None.

    At least the last two characters are wanted (a name of one character: that one); more are welcome.
    """
    certificate = certificate_by_number(number)
    typed = compare_key(name_end)
    name = compare_key(certificate.printed["name"]) if certificate else ""
    is_right = bool(name) and len(typed) >= min(2, len(name)) and name.endswith(typed)
    return certificate if is_right else None


def certificate_for_code(number: str, code: str) -> Certificate | None:
    """Return the version of `number` whose QR code holds `code`, else None."""
    try:
        number = str(parse_number(number))
    except InvalidNumber:
        return None
    return next((found for found in versions_of(number) if is_check_text(code, number, found.version)), None)


def unissued_enrolments(now: datetime) -> QuerySet[Enrolment]:
    """Return self-paced enrolments completed a while ago for which no certificate was issued yet.

    One refused for its name waits until the name is another.
    """
    refused = IssueRefusal.objects.filter(
        enrolment=OuterRef("pk"),
        kind=PaperKind.COMPLETION,
        text=Coalesce(OuterRef("person__kept_as__name"), OuterRef("person__name")),
    )
    held = Certificate.objects.filter(enrolment=OuterRef("pk"), kind=PaperKind.COMPLETION)
    return (
        completed_enrolments()
        .filter(completed_at__lt=now - PATIENCE, training_class__kind=TrainingClass.Kind.ONLINE)
        .exclude(Exists(held))
        .exclude(Exists(refused))
        .order_by("completed_at")
    )


def printed_in(training_class: TrainingClass, kind: str) -> QuerySet[Certificate]:
    """Return the papers of a class that hold and can be handed out, in seat order."""
    return Certificate.objects.filter(
        training_class=training_class,
        kind=kind,
        state=Certificate.State.VALID,
        rendering=Certificate.Rendering.DONE,
    ).order_by("seat")


def unprinted_certificates(now: datetime) -> QuerySet[Certificate]:
    """Return certificates that wait for their PDF and that no worker holds."""
    return Certificate.objects.filter(
        Q(lease_until__isnull=True, issued_at__lt=now - PATIENCE) | Q(lease_until__lt=now),
        rendering=Certificate.Rendering.WAITING,
    ).order_by("issued_at", "pk")


def certificates_preview(sides: Sides) -> PreviewSection:
    """Return one row a paper of either side, for the duplicate desk: all of them stay as they were issued."""
    papers = Certificate.objects.filter(person__in=[*sides[0], *sides[1]]).order_by("issued_at", "pk")
    rows = []
    for paper in papers:
        text = f"{paper.get_state_display()} · {timezone.localdate(paper.issued_at):%Y-%m-%d}"
        texts = ["–", "–"]
        texts[side_of(paper.person_id, sides)] = text
        rows.append(PreviewRow(paper.number, texts[0], texts[1], _("kept, hers")))
    return PreviewSection(_("Certificates"), rows)
