"""The monthly return of a county: drafted from the counts, signed by three people, then never changed (R16).

Its lines say what it states of each person-time: those of its own month, and those of earlier months about
which something else is true by now. The newest line about a person-time is what the county has stated.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models import TrainingClass
from registry.models import Person, Region


class MonthlyReturn(models.Model):
    """One county and month. Three accounts sign: who fills it in, who checks it, who is responsible (A14)."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("filled in, to be checked")
        CHECKED = "checked", _("checked, to be signed")
        SIGNED = "signed", _("signed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(Region, models.PROTECT, related_name="+")
    county_code = models.CharField(_("county code that month"), max_length=6, db_collation="C")
    month = models.DateField(_("month"), help_text=_("Its first day."))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)
    figures = models.JSONField(_("figures"), help_text=_("The total and a row a town, as counted."))
    sha256 = models.CharField(_("fingerprint of figures and lines"), max_length=64)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("filled in by")
    )
    prepared_at = models.DateTimeField(_("filled in at"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("checked by"),
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("responsible"),
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("monthly return")
        verbose_name_plural = _("monthly returns")
        ordering = ["-month", "county_code"]
        constraints = [
            models.UniqueConstraint(fields=["county_code", "month"], name="county_returns_a_month_once"),
            models.CheckConstraint(name="return_is_of_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="return_is_signed_step_by_step",
                condition=Q(
                    state="prepared",
                    checked_by__isnull=True,
                    checked_at__isnull=True,
                    signed_by__isnull=True,
                    signed_at__isnull=True,
                )
                | Q(
                    state="checked",
                    checked_by__isnull=False,
                    checked_at__isnull=False,
                    signed_by__isnull=True,
                    signed_at__isnull=True,
                )
                | Q(
                    state="signed",
                    checked_by__isnull=False,
                    checked_at__isnull=False,
                    signed_by__isnull=False,
                    signed_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="three_people_sign_a_return",
                condition=(Q(checked_by__isnull=True) | ~Q(checked_by=F("prepared_by")))
                & (
                    Q(signed_by__isnull=True)
                    | (~Q(signed_by=F("prepared_by")) & ~Q(signed_by=F("checked_by")))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.county_code} {self.month:%Y-%m}"

    @property
    def is_signed(self) -> bool:
        """Whether it is frozen."""
        return self.state == self.State.SIGNED


class ReturnLine(models.Model):
    """What a return states of one person-time of `of_month`: what was stated before, and what is now.

    Without a before it is new, without an after it is taken back. Kept for ever once the return is signed.
    """

    monthly_return = models.ForeignKey(MonthlyReturn, models.CASCADE, related_name="lines")
    of_month = models.DateField(_("month of the person-time"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="return_lines")
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="return_lines")
    before = models.JSONField(_("stated before"), null=True)
    after = models.JSONField(_("stated now"), null=True)

    class Meta:
        verbose_name = _("line of a return")
        verbose_name_plural = _("lines of returns")
        ordering = ["of_month", "training_class", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["monthly_return", "training_class", "person"], name="return_states_a_person_time_once"
            ),
            models.CheckConstraint(
                name="return_line_states_something",
                condition=Q(before__isnull=False) | Q(after__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of_month:%Y-%m} {self.person_id} {self.training_class_id}"

    @property
    def as_fingerprinted(self) -> dict[str, Any]:
        """The line as it goes into the fingerprint of its return."""
        return {
            "of_month": f"{self.of_month:%Y-%m}",
            "person": self.person_id,
            "class": self.training_class_id,
            "before": self.before,
            "after": self.after,
        }
