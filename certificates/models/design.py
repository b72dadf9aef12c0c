"""How a paper looks: the template the clerk works on, and the design the office approved."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import RevisionMixin

from registry.models import Region
from registry.private_files import private_storage


class PaperKind(models.TextChoices):
    """The three papers; the letter begins their numbers."""

    ATTENDANCE = "Z", _("proof of training")
    COMPLETION = "H", _("certificate of completion")
    PASS = "G", _("certificate of a passed test")


def picture_path(instance: models.Model, filename: str) -> str:
    """Give every picture a name of its own: a design keeps the one it was approved with."""
    return f"certificates/pictures/{uuid.uuid4()}.png"


class Wording(models.Model):
    """What a clerk may choose on a paper. The rest (number, footer, code, dates) is fixed."""

    class Languages(models.TextChoices):
        BOTH = "both", _("Chinese and English")
        CHINESE = "zh", _("Chinese only")
        ENGLISH = "en", _("English only")

    kind = models.CharField(_("paper"), max_length=1, choices=PaperKind)
    languages = models.CharField(_("languages"), max_length=4, choices=Languages, default=Languages.BOTH)
    title = models.CharField(_("title in Chinese"), max_length=20)
    title_en = models.CharField(_("title in English"), max_length=60)
    body = models.TextField(_("text in Chinese"), max_length=400)
    body_en = models.TextField(_("text in English"), max_length=600)
    signatory = models.CharField(_("signatory in Chinese"), max_length=40, blank=True)
    signatory_en = models.CharField(_("signatory in English"), max_length=60, blank=True)
    seal = models.FileField(
        _("picture of the seal"), storage=private_storage, upload_to=picture_path, blank=True
    )
    background = models.FileField(
        _("background picture"), storage=private_storage, upload_to=picture_path, blank=True
    )

    class Meta:
        abstract = True

    TEXTS = ("languages", "title", "title_en", "body", "body_en", "signatory", "signatory_en")

    def wording(self) -> dict[str, Any]:
        """Return the chosen texts, as the rendering takes them."""
        return {name: getattr(self, name) for name in self.TEXTS}


class CertificateTemplate(RevisionMixin, Wording):
    """A paper of one county as the clerk works on it; every save is a revision, none is printed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("county"))
    county_code = models.CharField(_("county code"), max_length=6)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("certificate template")
        verbose_name_plural = _("certificate templates")
        ordering = ["county_code", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["county", "kind"], name="one_template_a_county_and_paper")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.county_code}"


class CertificateDesign(Wording):
    """A template as it was approved: what papers are printed with, never changed (migration 0005).

    One without a county is ours, for counties that have not approved any.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    template = models.ForeignKey(
        CertificateTemplate, models.PROTECT, related_name="designs", null=True, blank=True
    )
    county_code = models.CharField(_("county code"), max_length=6, blank=True)
    version = models.PositiveSmallIntegerField(_("version"))
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("drawn by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved at"))

    class Meta:
        verbose_name = _("certificate design")
        verbose_name_plural = _("certificate designs")
        ordering = ["county_code", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["county_code", "kind", "version"], name="design_version_is_given_once"
            ),
            models.CheckConstraint(
                name="design_is_approved_by_another",
                condition=Q(county_code="", drawn_by=None, approved_by=None)
                | Q(drawn_by__isnull=False, approved_by__isnull=False) & ~Q(drawn_by=F("approved_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.county_code} v{self.version}"
