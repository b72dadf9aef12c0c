"""What is taught, and one delivery of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry.models import Organisation, Region


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


class TrainingClass(models.Model):
    """A class (培训班): one delivery of a course; a self-paced course has one a month and county (E22)."""

    class Kind(models.TextChoices):
        ONLINE = "online", _("monthly online class")
        TAUGHT = "taught", _("taught class")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        CANCELLED = "cancelled", _("cancelled")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, related_name="classes")
    county = models.ForeignKey(Region, models.PROTECT, related_name="classes")
    county_code = models.CharField(_("county code when it was opened"), max_length=6)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("class number in the county and year"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), help_text=_("The date its person-times count for (R7)."))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("closed by"),
        help_text=_("Nobody when it closed by itself."),
    )
    training_body = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="classes",
        null=True,
        blank=True,
        verbose_name=_("training body"),
        help_text=_("May sit in another region than the class."),
    )

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        ordering = ["-starts_on", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "year", "number"], name="class_number_is_unique_in_county_year"
            ),
            models.UniqueConstraint(
                fields=["course", "county", "starts_on"],
                condition=Q(kind="online", state="open"),
                name="one_open_online_class_a_month",
            ),
            models.CheckConstraint(
                name="class_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.label}"

    @property
    def label(self) -> str:
        """Year and number as the office writes them: 2026-0012."""
        return f"{self.year}-{self.number:04d}"
