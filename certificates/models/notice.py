"""Telling a holder by message what became of her paper; her page says it besides."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.models.certificate import Certificate
from courses.models.background import InBackground


class HolderNotice(InBackground):
    """One message about one paper; the row holds the state of sending it, so that it is sent once."""

    class Occasion(models.TextChoices):
        ISSUED = "issued", _("issued")
        REISSUED = "reissued", _("issued anew")
        REVOKED = "revoked", _("revoked")
        ANSWERED = "answered", _("objection answered")

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="notices")
    occasion = models.CharField(_("what happened"), max_length=10, choices=Occasion)
    asked_at = models.DateTimeField(_("asked for at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("message to a holder")
        verbose_name_plural = _("messages to holders")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "occasion"], name="holder_is_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.certificate} {self.get_occasion_display()}"
