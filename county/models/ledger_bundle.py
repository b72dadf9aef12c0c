"""The ledger of a class as one archive (一期一档), made in the background by the row that asked for it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import TrainingClass
from registry.private_files import private_storage


def bundle_path(bundle: "LedgerBundle", filename: str) -> str:
    """Keep archives apart from the papers they are made of."""
    return f"ledgers/{bundle.uid}.zip"


class LedgerBundle(models.Model):
    """One archive of one class, as it was when it was made; asked for again it is made anew."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be made")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be made")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="ledger_bundles")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    parts_done = models.PositiveSmallIntegerField(_("parts packed"), default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(_("why it could not be made"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)
    file = models.FileField(_("archive"), storage=private_storage, upload_to=bundle_path, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveBigIntegerField(_("bytes"), default=0)
    missing = models.JSONField(_("missing papers"), default=list)

    class Meta:
        verbose_name = _("ledger of a class")
        verbose_name_plural = _("ledgers of classes")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class"], condition=Q(state="waiting"), name="ledger_is_made_once_at_a_time"
            ),
            models.CheckConstraint(
                name="ready_ledger_has_a_hash",
                condition=~Q(state="ready") | Q(sha256__regex=r"^[0-9a-f]{64}$", made_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class} {self.asked_at:%Y-%m-%d}"
