"""A confirmed place of a person in a class, with what was true of her on that day (R2, R8-R11)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.course import TrainingClass
from registry.models import Person, Region, RegionVersion


class Enrolment(models.Model):
    """One person in one class, once (E2). The village and status are those of the day she enrolled."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="enrolments")
    enrolled_at = models.DateTimeField(_("enrolled at"))
    village = models.ForeignKey(Region, models.PROTECT, related_name="+", null=True, blank=True)
    village_version = models.ForeignKey(
        RegionVersion, models.PROTECT, related_name="+", null=True, blank=True
    )
    was_registered = models.BooleanField(_("registered poor that day (R9)"), default=False)
    was_ever_registered = models.BooleanField(_("ever registered by that day (R10)"), default=False)
    was_monitored = models.BooleanField(_("monitored that day (R11)"), default=False)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    completed_hours = models.DecimalField(
        _("hours at completion"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    completed_practical = models.DecimalField(
        _("practical mark at completion"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    last_lesson_key = models.UUIDField(_("lesson last opened"), null=True, blank=True)
    last_opened_at = models.DateTimeField(_("last opened at"), null=True, blank=True)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        indexes = [models.Index(fields=["village_version", "training_class"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "training_class"], name="person_has_one_place_in_a_class"
            ),
            models.CheckConstraint(
                name="completion_keeps_its_figures",
                condition=models.Q(completed_at__isnull=True)
                | models.Q(completed_hours__isnull=False, completed_practical__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.training_class}"
