"""What clerk, office and auditor see of their counties; nothing here writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from certificates.errors import InvalidNumber
from certificates.models import (
    Bundle,
    Certificate,
    CertificateDesign,
    CertificateTemplate,
    HolderNotice,
    IssueRefusal,
    IssueRun,
    PaperKind,
    Revocation,
)
from certificates.numbering import parse_number
from certificates.queries.eligibility import Earned, earned_in, holders_of, person_id_of
from courses.models import OldCertificate, TrainingClass
from registry.models import RegionVersion
from registry.names import compare_key
from registry.queries.places import in_any_subtree
from registry.typesetting import named, unprintable_characters


@dataclass(frozen=True)
class Candidate:
    """Somebody who earned a paper and is without it."""

    claim: Earned
    name: str
    missing: str
    on_paper: str = ""  # number of a certificate of this course she has from before this site


@dataclass(frozen=True)
class KindOfClass:
    """How far one paper of a class is."""

    kind: PaperKind
    issued: int
    printed: int
    candidates: list[Candidate]
    bundles: list[Bundle]


def classes_to_certify(codes: list[str]) -> QuerySet[TrainingClass]:
    """Return the closed classes of some counties with how many papers each gave, the newest first."""
    return (
        TrainingClass.objects.filter(in_any_subtree(codes, "county_code"), state=TrainingClass.State.CLOSED)
        .select_related("course")
        .annotate(
            papers=Count("certificates", filter=Q(certificates__version=1), distinct=True),
            places=Count("enrolments", distinct=True),
        )
        .order_by("-ends_on", "-number", "-pk")
    )


def kinds_of_class(training_class: TrainingClass) -> list[KindOfClass]:
    """Return the three papers of a class: what is issued, who is without."""
    papers = Certificate.objects.filter(training_class=training_class, state=Certificate.State.VALID)
    counts = {
        row["kind"]: row
        for row in papers.values("kind").annotate(
            issued=Count("pk"), printed=Count("pk", filter=Q(rendering=Certificate.Rendering.DONE))
        )
    }
    on_paper = _old_numbers(training_class)
    bundles = list(Bundle.objects.filter(training_class=training_class).order_by("-asked_at"))
    rows = []
    for kind in PaperKind:
        count = counts.get(kind.value, {"issued": 0, "printed": 0})
        own = [bundle for bundle in bundles if bundle.kind == kind][:4]
        candidates = _candidates(training_class, kind, on_paper)
        rows.append(KindOfClass(kind, count["issued"], count["printed"], candidates, own))
    return rows


def county_names(classes: Iterable[TrainingClass]) -> dict[str, str]:
    """Return the names of the counties of some classes, by the code each had when the class was opened."""
    codes = {each.county_code for each in classes}
    versions = RegionVersion.objects.filter(code__in=codes).order_by("valid")
    return dict(versions.values_list("code", "name"))


def runs_of(training_class: TrainingClass) -> QuerySet[IssueRun]:
    """Return the orders of a class, the newest first."""
    return IssueRun.objects.filter(training_class=training_class).select_related("asked_by")


def runs_within(codes: list[str]) -> QuerySet[IssueRun]:
    """Return the orders of some counties."""
    inside = in_any_subtree(codes, "training_class__county_code")
    return IssueRun.objects.filter(inside).select_related("training_class__course", "asked_by")


def bundles_within(codes: list[str]) -> QuerySet[Bundle]:
    """Return the bundles of some counties."""
    return Bundle.objects.filter(in_any_subtree(codes, "training_class__county_code"))


def papers_within(codes: list[str], text: str = "") -> QuerySet[Certificate]:
    """Return the papers of some counties, those of a number or of a name when asked for."""
    papers = Certificate.objects.filter(in_any_subtree(codes, "county_code"))
    if text:
        try:
            papers = papers.filter(number=str(parse_number(text)))
        except InvalidNumber:
            papers = papers.filter(Q(printed__name=text) | Q(person__name_key=compare_key(text)))
    return papers.select_related("design", "training_class__course").order_by("-issued_at", "-pk")


def revocations_within(codes: list[str]) -> QuerySet[Revocation]:
    """Return the revocations of some counties, open ones first."""
    inside = in_any_subtree(codes, "certificate__county_code")
    return (
        Revocation.objects.filter(inside)
        .select_related("certificate", "proposed_by", "decided_by")
        .order_by("-proposed_at", "-pk")
    )


def message_sent_at(revocation: Revocation) -> datetime | None:
    """Return when the holder was told of a revocation by message, if she was."""
    notices = HolderNotice.objects.filter(
        certificate=revocation.certificate, occasion=HolderNotice.Occasion.REVOKED, sent_at__isnull=False
    )
    return notices.values_list("sent_at", flat=True).first()


def refusals_within(codes: list[str]) -> QuerySet[IssueRefusal]:
    """Return the papers of some counties that were due and cannot be printed."""
    inside = in_any_subtree(codes, "enrolment__training_class__county_code")
    return IssueRefusal.objects.filter(inside).select_related("enrolment__training_class").order_by("pk")


def counties_to_design(codes: list[str]) -> list[RegionVersion]:
    """Return the counties of a desk: those of its own code, those with classes, and the home county."""
    classes = TrainingClass.objects.filter(in_any_subtree(codes, "county_code"))
    known = set(classes.order_by().values_list("county_code", flat=True).distinct())
    known |= {code for code in [*codes, settings.HOME_COUNTY] if len(code) == 6}
    inside = in_any_subtree(codes)
    versions = RegionVersion.objects.filter(inside, code__in=known, valid__contains=timezone.localdate())
    return list(versions.select_related("region").order_by("code"))


def papers_to_design(
    codes: list[str],
) -> list[tuple[RegionVersion, PaperKind, CertificateTemplate | None, CertificateDesign | None]]:
    """Return the three papers of each county with the template worked on and the design in force."""
    counties = counties_to_design(codes)
    regions = [county.region_id for county in counties]
    templates = {
        (row.county_id, row.kind): row for row in CertificateTemplate.objects.filter(county__in=regions)
    }
    rows = CertificateDesign.objects.filter(county_code__in=[county.code for county in counties])
    designs = {(row.county_code, row.kind): row for row in rows.order_by("version")}
    return [
        (county, kind, templates.get((county.region_id, kind)), designs.get((county.code, kind)))
        for county in counties
        for kind in PaperKind
    ]


def template_of(county: RegionVersion, kind: str) -> CertificateTemplate | None:
    """Return the template of a county's paper."""
    rows = CertificateTemplate.objects.select_related("changed_by")
    return rows.filter(county=county.region, kind=kind).first()


def designs_of(county_code: str, kind: str) -> QuerySet[CertificateDesign]:
    """Return the approved designs of a county's paper, the newest first."""
    rows = CertificateDesign.objects.filter(county_code=county_code, kind=kind)
    return rows.select_related("drawn_by", "approved_by").order_by("-version")


def _candidates(training_class: TrainingClass, kind: str, on_paper: dict[int, str]) -> list[Candidate]:
    holders = holders_of(training_class, kind)
    found = []
    for claim in earned_in(training_class, kind):
        if person_id_of(claim.enrolment) not in holders:
            person = claim.enrolment.person.kept_as or claim.enrolment.person
            missing = named(unprintable_characters(person.name))
            found.append(Candidate(claim, person.name, missing, on_paper.get(person.pk, "")))
    return found


def _old_numbers(training_class: TrainingClass) -> dict[int, str]:
    """Return the numbers of paper certificates by the people of the class who have one of this course.

    A person is known by her standing record, so that a ledger's record merged with hers is found.
    """
    roots = Coalesce("person__kept_as", "person")
    here = training_class.enrolments.annotate(root=roots).values("root")
    old = OldCertificate.objects.filter(enrolment__training_class__course=training_class.course_id)
    found = old.annotate(root=Coalesce("enrolment__person__kept_as", "enrolment__person"))
    rows = found.filter(root__in=here).order_by("pk")
    return {
        root: f"{number} ({year}-{place:04d})"
        for root, number, year, place in rows.values_list(
            "root", "number", "enrolment__training_class__year", "enrolment__training_class__number"
        )
    }
