"""A link by which somebody shows her certificate: hers to make and to end."""

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates.models.certificate import Certificate


def new_token() -> str:
    """Return 128 bits nobody can guess."""
    return secrets.token_urlsafe(16)


class CertificateShare(models.Model):
    """Consent of the holder that whoever has the link sees the paper with her full name, until a day."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="shares")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    agreed_at = models.DateTimeField(_("agreed at"))
    text_version = models.CharField(_("version of the text she agreed to"), max_length=10)
    expires_at = models.DateTimeField(_("ends at"))
    ended_at = models.DateTimeField(_("ended by her at"), null=True, blank=True)

    class Meta:
        verbose_name = _("shared certificate")
        verbose_name_plural = _("shared certificates")
        ordering = ["-agreed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(ended_at__isnull=True), name="one_open_link_a_certificate"
            ),
            models.CheckConstraint(name="link_ends", condition=Q(expires_at__gt=F("agreed_at"))),
        ]

    def __str__(self) -> str:
        return str(self.certificate)
