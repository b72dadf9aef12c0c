"""The certificate as issued: numbered, printed fields frozen, never deleted."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.models.design import CertificateDesign, PaperKind
from courses.models import Enrolment, TrainingClass
from registry.models import Person
from registry.private_files import private_storage


def pdf_path(certificate: "Certificate", filename: str) -> str:
    """Name the file by number and version."""
    return f"certificates/{certificate.county_code}/{certificate.number}-{certificate.version}.pdf"


class Certificate(models.Model):
    """A paper somebody earned in a class: one per person and class, for ever (R4).

    The database refuses to delete a row or to change what was printed (migrations 0002 and 0005).
    """

    Kind = PaperKind

    class State(models.TextChoices):
        VALID = "valid", _("valid")
        REPLACED = "replaced", _("replaced")
        REVOKED = "revoked", _("revoked")

    class Reason(models.TextChoices):
        """Why a paper no longer holds, as the check page may say it."""

        LOST = "lost", _("reissued after a loss or damage")
        CORRECTED = "corrected", _("reissued with a corrected name")
        FALSE_ATTENDANCE = "false_attendance", _("attendance was false")
        WRONG_PERSON = "wrong_person", _("issued to the wrong person")
        RED_LINE = "red_line", _("fraud in the practical work")
        CLASS_ANNULLED = "class_annulled", _("the class was annulled")

    class Rendering(models.TextChoices):
        WAITING = "waiting", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("could not be printed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=24)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    kind = models.CharField(_("kind"), max_length=1, choices=Kind)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="certificates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="certificates")
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="certificates")
    county_code = models.CharField(_("county code at issue"), max_length=6)
    seat = models.PositiveIntegerField(_("seat in the class"))
    design = models.ForeignKey(
        CertificateDesign,
        models.PROTECT,
        related_name="certificates",
        null=True,
        blank=True,
        verbose_name=_("design"),
        help_text=_("As the office approved it; none on papers of the first months."),
    )
    printed = models.JSONField(_("fields as printed"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.VALID)
    state_since = models.DateTimeField(_("in this state since"))
    state_reason = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("issued by"),
        help_text=_("Nobody when it was issued by itself on completion."),
    )
    rendering = models.CharField(_("PDF"), max_length=10, choices=Rendering, default=Rendering.WAITING)
    rendering_error = models.CharField(_("why it could not be printed"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    pdf = models.FileField(_("PDF"), storage=private_storage, upload_to=pdf_path, max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    unsigned_sha256 = models.CharField(
        max_length=64,
        blank=True,
        help_text=_("Of the sheet before it was signed: the same once more."),
    )
    code = models.TextField(_("signed payload of the QR code"), blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at"]
        indexes = [
            models.Index(fields=["pdf_sha256"], condition=~Q(pdf_sha256=""), name="certificate_by_file")
        ]
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="certificate_number_is_unique"),
            models.UniqueConstraint(
                fields=["training_class", "kind", "seat", "version"], name="seat_is_given_once"
            ),
            models.UniqueConstraint(
                fields=["enrolment", "kind"],
                condition=Q(version=1),
                name="one_certificate_a_person_and_class",
            ),
            models.UniqueConstraint(
                fields=["number"], condition=Q(state="valid"), name="one_valid_version_of_a_number"
            ),
            models.CheckConstraint(
                name="only_an_ended_certificate_has_a_reason",
                condition=Q(state="valid", state_reason="") | ~Q(state="valid") & ~Q(state_reason=""),
            ),
            models.CheckConstraint(
                name="ready_pdf_has_a_hash",
                condition=~Q(rendering="done") | Q(pdf_sha256__regex=r"^[0-9a-f]{64}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_printed(self) -> bool:
        """Whether the PDF can be handed out."""
        return self.rendering == self.Rendering.DONE
