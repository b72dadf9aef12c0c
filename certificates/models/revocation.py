"""Taking a certificate back: proposed by one, decided by another, and the holder may object."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates.models.certificate import Certificate

OBJECTION_DAYS = timedelta(days=15)


class Revocation(models.Model):
    """One proposal about one certificate; those of an annulled class share their `batch`."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        REFUSED = "refused", _("not revoked")
        DONE = "done", _("revoked")
        OBJECTED = "objected", _("the holder objects")
        CONFIRMED = "confirmed", _("revoked, objection not upheld")
        REINSTATED = "reinstated", _("objection upheld, issued anew")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    batch = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="revocations")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    reason = models.CharField(_("reason"), max_length=20, choices=Certificate.Reason)
    explanation = models.TextField(_("what happened"), max_length=1000)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    told_at = models.DateTimeField(_("holder told at"), null=True)
    objection = models.TextField(_("objection"), max_length=1000, blank=True)
    objected_at = models.DateTimeField(_("objected at"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answer = models.TextField(_("answer to the objection"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("revocation")
        verbose_name_plural = _("revocations")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=~Q(state="refused"),
                name="certificate_is_revoked_once",
            ),
            models.CheckConstraint(
                name="two_people_revoke",
                condition=Q(state="proposed", decided_by=None)
                | ~Q(state="proposed") & Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="objection_has_words",
                condition=~Q(state__in=["objected", "confirmed", "reinstated"])
                | ~Q(objection="") & Q(objected_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate} {self.state}"

    @property
    def may_object_until(self) -> datetime | None:
        """Return the moment after which the holder's fifteen days are over; None before she was told."""
        return self.told_at + OBJECTION_DAYS if self.told_at else None
