"""Who took which of the four steps of a class (domain.md 1): nobody takes two (A14)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.training_class import TrainingClass


class ClassDuty(models.Model):
    """An account took this step in this class, and from then on no other step of it.

    Append-only. The migrations add a row themselves whenever a step of the class is taken, somebody is signed
    in, work is marked or a certificate is issued by somebody, however it came about, and refuse what would be
    a second step of that account.
    """

    class Duty(models.TextChoices):
        ENTER = "enter", _("entering data and marks")
        CHECK = "check", _("checking the roster and the poverty status")
        APPROVE = "approve", _("approving the class and its count")
        ISSUE = "issue", _("issuing certificates")

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="duties")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="class_duties")
    duty = models.CharField(_("duty"), max_length=10, choices=Duty)
    taken_at = models.DateTimeField(_("taken at"), default=timezone.now)

    class Meta:
        verbose_name = _("duty in a class")
        verbose_name_plural = _("duties in classes")
        constraints = [
            models.UniqueConstraint(fields=["training_class", "user"], name="account_has_one_duty_in_a_class")
        ]

    def __str__(self) -> str:
        return f"{self.training_class} · {self.user} · {self.get_duty_display()}"
