"""What the office plans to reach in a year: the yardstick of the figures, never a figure itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import Region


class Target(models.Model):
    """The target of one region, year and measure; a correction is a new line, the old one stays."""

    class Measure(models.TextChoices):
        PERSON_TIMES = "person_times", _("person-times")
        HEADS = "heads", _("people trained")
        CLASSES = "classes", _("classes")

    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    region_code = models.CharField(_("code when it was set"), max_length=12, db_collation="C")
    year = models.PositiveSmallIntegerField(_("year"))
    measure = models.CharField(_("measure"), max_length=20, choices=Measure)
    value = models.PositiveIntegerField(_("target"))
    reason = models.CharField(_("why it was corrected"), max_length=200, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("set at"))
    replaced_at = models.DateTimeField(_("corrected at"), null=True, blank=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["region_code", "year", "measure", "set_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "year", "measure"],
                condition=Q(replaced_at__isnull=True),
                name="one_target_holds_a_region_year_and_measure",
            ),
            models.CheckConstraint(name="target_is_more_than_nothing", condition=Q(value__gt=0)),
            models.CheckConstraint(name="target_has_a_year", condition=Q(year__gte=2000, year__lte=2100)),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.year} {self.get_measure_display()} {self.value}"
