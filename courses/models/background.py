"""Rows whose files are worked on in the background: the row holds state, attempts and lease."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class InBackground(models.Model):
    """Something a worker makes ready. Waiting until a worker takes the lease; ready or failed in the end."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be made small")
        WORKING = "working", _("being made small")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be read")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING, editable=False)
    error = models.CharField(_("why it could not be read"), max_length=300, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_ready(self) -> bool:
        """Whether the work is done and its outcome may be shown."""
        return self.state == self.State.READY

    @classmethod
    def unleased(cls, now: datetime) -> Q:
        """Return the condition that nobody works on the row."""
        return Q(lease_until__isnull=True) | Q(lease_until__lt=now)
