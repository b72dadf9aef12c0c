"""Signed returns on their way to those who answer for them: by mail, or as a notice on the desk."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from county.models.monthly_return import MonthlyReturn


class ReturnMail(models.Model):
    """One return for one reader, once. What cannot be mailed stays on her desk until she has noted it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be mailed")
        MAILED = "mailed", _("mailed")
        NOTICE = "notice", _("on the desk")
        NOTED = "noted", _("noted")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    monthly_return = models.ForeignKey(MonthlyReturn, models.PROTECT, related_name="mails")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State)
    made_at = models.DateTimeField(_("made at"))
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(_("mailed or noted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("return for a reader")
        verbose_name_plural = _("returns for readers")
        ordering = ["-made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["monthly_return", "reader"], name="reader_gets_a_return_once"),
            models.CheckConstraint(
                name="return_mail_that_is_done_has_a_time",
                condition=Q(state__in=["waiting", "notice"], done_at__isnull=True)
                | Q(state__in=["mailed", "noted"], done_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["reader"], condition=Q(state="notice"), name="notices_of_a_reader")]

    def __str__(self) -> str:
        return f"{self.monthly_return} {self.reader_id} {self.state}"


class ReturnMailChoice(models.Model):
    """Whether a reader wants returns sent to her. Without a row she does."""

    reader = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_wanted = models.BooleanField(_("wants returns"), default=True)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("choice about returns by mail")
        verbose_name_plural = _("choices about returns by mail")

    def __str__(self) -> str:
        return f"{self.reader_id} {self.is_wanted}"
