"""A certificate with all that hangs on it, and a closed class to issue some for."""

from datetime import date

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from certificates.badge_keys import make_badge_keys
from certificates.badges import LIST_LENGTH
from certificates.models import Bundle, IssueRun, PublishedKey
from certificates.services import (
    design_in_force,
    issue_certificate,
    propose_revocation,
    save_template,
    share_certificate,
)
from certificates.signatures import check_text
from certificates.wording import DEFAULTS
from courses.models import TrainingClass
from tests.permissions.actors import COUNTY, HERE
from tests.permissions.objects.places import NO_KEY, NOWHERE, Addresses, region_of


def make_certificate(world) -> None:
    world.certificate = issue_certificate(enrolment=world.enrolment)
    world.certificate.pdf.save("certificate.pdf", ContentFile(b"%PDF-1.7"), save=False)
    world.certificate.pdf_sha256, world.certificate.rendering = "0" * 64, "done"
    world.certificate.save()
    make_badge_keys(settings.SIGNING_DIR, bits=2048)


def make_papers(world) -> None:
    """A closed class with its run, and the template, shared page and revocation of the first certificate."""
    now = timezone.now()
    clerk = world.users[f"certificate_clerk-{HERE}"]
    world.closed_class = TrainingClass.objects.create(
        course=world.course_page.course,
        county=region_of(COUNTY),
        county_code=COUNTY,
        year=2025,
        number=7,
        kind="taught",
        state="closed",
        starts_on=date(2025, 3, 1),
        ends_on=date(2025, 3, 9),
        closed_at=now,
        imported_at=now,
    )
    order = {"training_class": world.closed_class, "kind": "H", "asked_by": clerk, "asked_at": now}
    world.issue_run = IssueRun.objects.create(design=design_in_force(COUNTY, "H", now=now), **order)
    world.bundle = Bundle.objects.create(form="zip", state="done", **order)
    world.bundle.file.save("all.zip", ContentFile(b"PK"))
    world.template = save_template(
        county=region_of(COUNTY),
        county_code=COUNTY,
        kind="H",
        wording=DEFAULTS["H"],
        pictures={},
        by=clerk,
    )
    world.share = share_certificate(certificate=world.certificate, by=world.users[f"trainee-{HERE}"])
    world.revocation = propose_revocation(
        certificate=world.certificate, reason="red_line", explanation="抄袭", by=clerk
    )
    PublishedKey.objects.create(use="root", key_id="0" * 64, pem="x", since=now)


def addresses(world) -> Addresses:
    code = check_text(world.certificate.number, world.certificate.version)
    return {
        "certificate": ({"uid": world.certificate.uid}, {"uid": NOWHERE}),
        "certificate_number": (
            {"number": world.certificate.number, "k": code},
            {"number": "H431125-2026-0001-0999-X", "k": code},
        ),
        "achievement": ({"code": world.certificate.printed["course_code"]}, {"code": "none"}),
        "status_list": ({"number": world.certificate.pk // LIST_LENGTH}, {"number": NO_KEY}),
        "share": ({"token": world.share.token}, {"token": "none"}),
        "closed_class": ({"uid": world.closed_class.uid}, {"uid": NOWHERE}),
        "issue_run": ({"uid": world.issue_run.uid}, {"uid": NOWHERE}),
        "bundle": ({"uid": world.bundle.uid}, {"uid": NOWHERE}),
        "template": ({"code": COUNTY, "kind": "H"}, {"code": "999999", "kind": "H"}),
        "revocation": ({"uid": world.revocation.uid}, {"uid": NOWHERE}),
    }
