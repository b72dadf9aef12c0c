"""Templates and designs: the clerk saves, the office approves, papers keep what was approved."""

from datetime import datetime
from typing import IO, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from certificates.errors import ForbiddenClaim, SecondPersonNeeded
from certificates.models import CertificateDesign, CertificateTemplate
from certificates.models.design import Wording
from certificates.pictures import BACKGROUND_PIXELS, SEAL_PIXELS, clean_picture
from certificates.wording import DEFAULTS, forbidden_claims
from registry.models import AuditAction, Region, User
from registry.services import record


@transaction.atomic
def save_template(
    *,
    county: Region,
    county_code: str,
    kind: str,
    wording: dict[str, str],
    pictures: dict[str, IO[bytes] | None],
    by: User,
    now: datetime | None = None,
) -> CertificateTemplate:
    """Save the template of a county's paper, as a new revision of the one there is.

    `pictures` names what changes: a file replaces the picture, None takes it away. Raises `ForbiddenClaim`
    and `UnreadablePicture`.
    """
    now = now or timezone.now()
    _check_claims(wording)
    template = CertificateTemplate.objects.select_for_update().filter(county=county, kind=kind).first()
    template = template or CertificateTemplate(county=county, kind=kind)
    template.county_code, template.changed_by, template.changed_at = county_code, by, now
    for name, text in wording.items():
        setattr(template, name, text)
    for name, picture in pictures.items():
        _set_picture(template, name, picture)
    template.save()
    template.save_revision(user=by)
    record(
        actor=by,
        action=AuditAction.CERTIFICATE_TEMPLATE_SAVED,
        region_code=county_code,
        detail={"paper": kind, "revision": template.latest_revision_id},
        now=now,
    )
    return template


@transaction.atomic
def approve_template(
    *, template: CertificateTemplate, revision_id: int | None, by: User, now: datetime | None = None
) -> CertificateDesign:
    """Make the template, as it stood in that revision, the design of the papers issued from now on.

    Raises `SecondPersonNeeded` for the one who saved it and, when it was saved again meanwhile, for anybody:
    she approves what she saw.
    """
    now = now or timezone.now()
    locked = CertificateTemplate.objects.select_for_update().get(pk=template.pk)
    if locked.changed_by_id == by.pk or locked.latest_revision_id != revision_id:
        raise SecondPersonNeeded
    _check_claims(locked.wording())
    design = _freeze(locked, by, now)
    record(
        actor=by,
        action=AuditAction.CERTIFICATE_DESIGN_APPROVED,
        region_code=locked.county_code,
        detail={"paper": locked.kind, "version": design.version, "revision": revision_id},
        now=now,
    )
    return design


def design_in_force(county_code: str, kind: str, *, now: datetime) -> CertificateDesign:
    """Return the newest design the county approved, else ours."""
    designs = CertificateDesign.objects.filter(kind=kind, county_code__in=[county_code, ""])
    newest = designs.order_by("-county_code", "-version").first()
    if newest is not None and (newest.county_code or newest.wording() == DEFAULTS[kind]):
        return newest
    return _own_design(kind, now)


def _own_design(kind: str, now: datetime) -> CertificateDesign:
    """Freeze our own wording; a later one of ours becomes its next version."""
    last = CertificateDesign.objects.filter(kind=kind, county_code="").aggregate(last=Max("version"))["last"]
    design, _is_new = CertificateDesign.objects.get_or_create(
        kind=kind,
        county_code="",
        version=(last or 0) + 1,
        defaults={**DEFAULTS[kind], "approved_at": now},
    )
    return design


def _freeze(template: CertificateTemplate, by: User, now: datetime) -> CertificateDesign:
    own = CertificateDesign.objects.filter(county_code=template.county_code, kind=template.kind)
    return CertificateDesign.objects.create(
        template=template,
        kind=template.kind,
        county_code=template.county_code,
        version=(own.aggregate(last=Max("version"))["last"] or 0) + 1,
        **template.wording(),
        seal=template.seal.name,
        background=template.background.name,
        drawn_by=template.changed_by,
        approved_by=by,
        approved_at=now,
    )


def _check_claims(wording: dict[str, Any]) -> None:
    for name, text in wording.items():
        claim = next(forbidden_claims(text), None) if name in Wording.TEXTS else None
        if claim is not None:
            raise ForbiddenClaim(f"{claim.word}: {claim.reason}")


def _set_picture(template: CertificateTemplate, name: str, picture: IO[bytes] | None) -> None:
    stored = getattr(template, name)
    if picture is None:
        stored.name = ""  # the file stays: revisions and designs may show it
        return
    most = SEAL_PIXELS if name == "seal" else BACKGROUND_PIXELS
    stored.save("picture.png", ContentFile(clean_picture(picture, most)), save=False)
