"""The ledger of attended minutes: rows are added, never changed (R1, R3, E22)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.enrolment import Enrolment


class Attendance(models.Model):
    """Minutes one person attended on one day, with what proves it; a correction is a new, negative row."""

    class Evidence(models.TextChoices):
        QUIZ = "quiz", _("lesson studied and its quiz passed")
        LIVE = "live", _("followed live online")

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attendances")
    lesson_key = models.UUIDField(_("lesson"), null=True, blank=True)
    on_date = models.DateField(_("day"))
    minutes = models.SmallIntegerField(_("minutes"))
    evidence = models.CharField(_("evidence"), max_length=20, choices=Evidence)
    recorded_at = models.DateTimeField(_("recorded at"))
    reason = models.CharField(_("reason of a correction"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        indexes = [models.Index(fields=["enrolment", "on_date"])]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson_key", "on_date"],
                condition=Q(minutes__gt=0),
                name="lesson_earns_minutes_once_a_day",
            ),
            models.CheckConstraint(name="attendance_has_minutes", condition=~Q(minutes=0)),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.on_date} {self.minutes}"
