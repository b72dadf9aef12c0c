"""An uploaded ledger between its rehearsal and the office's word."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry import sealing
from registry.models import Region


class LedgerUpload(models.Model):
    """A rehearsed workbook, sealed for it holds ID numbers; a day later, or once taken over, it is gone."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(Region, models.PROTECT, related_name="+")
    file_name = models.CharField(_("file name"), max_length=120)
    workbook_sealed = models.BinaryField(editable=False)
    outcome = models.JSONField(_("what taking over would do"), default=dict)
    problems = models.JSONField(_("problems"), default=list)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("uploaded ledger")
        verbose_name_plural = _("uploaded ledgers")
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def workbook(self) -> str:
        """The file in base64."""
        return sealing.unseal(self.workbook_sealed, context=f"courses_ledgerupload.workbook.{self.uid}")

    @workbook.setter
    def workbook(self, text: str) -> None:
        self.workbook_sealed = sealing.seal(text, context=f"courses_ledgerupload.workbook.{self.uid}")
