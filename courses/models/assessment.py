"""What a marker decided about practical work; a second thought is a second row."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.enrolment import Enrolment
from courses.models.submission import Submission


class Assessment(models.Model):
    """One marking of one submission against the task's rubric; the newest holds."""

    class Decision(models.TextChoices):
        MARKED = "marked", _("marked")
        RETURNED = "returned", _("returned for another try")

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="assessments")
    marker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assessments")
    decision = models.CharField(_("decision"), max_length=10, choices=Decision)
    levels = models.JSONField(_("level 0-4 of each rubric line"), default=dict)
    rubric = models.JSONField(_("the rubric as it was used"), default=list)
    mark = models.DecimalField(_("mark, 0-100"), max_digits=5, decimal_places=2, null=True, blank=True)
    has_red_line = models.BooleanField(_("red line crossed"), default=False)
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="mark_is_a_percentage", condition=Q(mark__isnull=True) | Q(mark__range=(0, 100))
            ),
            models.CheckConstraint(
                name="marked_work_has_a_mark", condition=Q(decision="returned") | Q(mark__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.mark}"


class PracticalMark(models.Model):
    """The mark of a practical test in a taught class, taken down from the room; the newest row holds (R4)."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="practical_marks")
    mark = models.DecimalField(_("mark, 0-100"), max_digits=5, decimal_places=2)
    has_red_line = models.BooleanField(_("red line crossed"), default=False)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    marked_at = models.DateTimeField(_("marked at"))

    class Meta:
        verbose_name = _("mark of a practical test")
        verbose_name_plural = _("marks of practical tests")
        ordering = ["-marked_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="practical_mark_is_a_percentage", condition=Q(mark__range=(0, 100)))
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.mark}"
