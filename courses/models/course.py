"""What is taught; one delivery of it is a `TrainingClass`."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Course(models.Model):  # type: ignore[django-manager-missing]  # pages have Wagtail's manager
    """A course as the office knows it; its pages in every language point here and may come and go."""

    class Category(models.TextChoices):
        PACKAGING = "packaging", _("packaging")
        PHOTOGRAPHY = "photography", _("photography")
        LIVESTREAM = "livestream", _("livestream hosting")
        AFTER_SALES = "after_sales", _("after-sales service")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=120)
    category = models.CharField(_("category"), max_length=20, choices=Category)
    hours = models.DecimalField(
        _("class hours"), max_digits=5, decimal_places=2, help_text=_("45 minutes each (R1).")
    )

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["code"]
        constraints = [models.CheckConstraint(name="course_has_hours", condition=Q(hours__gt=0))]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name in the language in use."""
        return self.name_en if (get_language() or "").startswith("en") else self.name
