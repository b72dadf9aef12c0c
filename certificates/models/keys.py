"""The public halves of what signs certificates: published, kept for ever."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PublishedKey(models.Model):
    """A root or signing certificate, or the key of the QR codes, as anybody may have it.

    The private half is never here. A key that was replaced stays: what it signed holds (rotation).
    """

    class Use(models.TextChoices):
        ROOT = "root", _("root certificate")
        LEAF = "leaf", _("signing certificate")
        CODE = "code", _("key of the QR codes")

    use = models.CharField(_("use"), max_length=4, choices=Use)
    key_id = models.CharField(_("key id"), max_length=64, help_text=_("SHA-256 of the public key."))
    pem = models.TextField(_("public part"))
    since = models.DateTimeField(_("signs since"))
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)

    class Meta:
        verbose_name = _("published key")
        verbose_name_plural = _("published keys")
        ordering = ["use", "-since"]
        constraints = [
            models.UniqueConstraint(fields=["use", "key_id"], name="key_is_published_once"),
            models.UniqueConstraint(
                fields=["use"], condition=Q(replaced_at__isnull=True), name="one_key_signs_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use} {self.key_id[:8]}"
