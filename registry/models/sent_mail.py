"""Mail of the demo, in place of a mailbox."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SentMail(models.Model):
    """A letter of the demo's outbox; a real server keeps its own. The address is kept masked."""

    address = models.CharField(_("address"), max_length=254)
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)

    class Meta:
        verbose_name = _("sent letter")
        verbose_name_plural = _("sent letters")
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return self.subject
