"""The audit desk: how flagged facts were settled, and who is called to prove that she was there (A1-A15).

A flag itself is no row: it is asked anew each time, and its `key` says which facts it is about. When the
facts change, so does the key, and what was settled before no longer covers it.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import TrainingClass
from registry.models import Person, Region


class FlagSettlement(models.Model):
    """Somebody looked into one flagged fact and said why it stands; a mistake is taken back, not deleted."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    flag = models.CharField(_("flag"), max_length=4)
    key = models.CharField(_("fact"), max_length=120)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="+", null=True, blank=True)
    region_code = models.CharField(_("region"), max_length=12, db_collation="C")
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("settled at"))
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("settled flag")
        verbose_name_plural = _("settled flags")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["flag", "key"], condition=Q(taken_back_at__isnull=True), name="flag_is_settled_once"
            ),
            models.CheckConstraint(name="flag_is_settled_for_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="settlement_is_taken_back_as_a_whole",
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flag} {self.key}"


class AuditSample(models.Model):
    """People drawn by a seed from one class, or from every class of a month of a county (A15).

    The same seed draws the same people from the same lists; `population_sha256` says which lists those were.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(Region, models.PROTECT, related_name="+")
    county_code = models.CharField(_("county code that day"), max_length=6, db_collation="C")
    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, related_name="audit_samples", null=True, blank=True
    )
    month = models.DateField(_("month"), null=True, blank=True, help_text=_("Its first day."))
    seed = models.CharField(_("seed"), max_length=40)
    population = models.PositiveIntegerField(_("people drawn from"))
    population_sha256 = models.CharField(_("fingerprint of the lists"), max_length=64)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(_("drawn at"))

    class Meta:
        verbose_name = _("phone-audit sample")
        verbose_name_plural = _("phone-audit samples")
        ordering = ["-drawn_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="sample_is_of_a_class_or_a_month",
                condition=Q(training_class__isnull=False, month__isnull=True)
                | Q(training_class__isnull=True, month__isnull=False, month__day=1),
            ),
            models.CheckConstraint(name="sample_has_a_seed", condition=~Q(seed="") & Q(population__gt=0)),
        ]

    def __str__(self) -> str:
        of = self.training_class.label if self.training_class else self.month
        return f"{self.county_code} {of} {self.seed}"


class AuditCall(models.Model):
    """One person of a sample, to be asked about one class; what she said stands in its results."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sample = models.ForeignKey(AuditSample, models.PROTECT, related_name="calls")
    number = models.PositiveSmallIntegerField(_("number on the list"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="audit_calls")
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="audit_calls")
    town = models.CharField(_("code of the town"), max_length=9, blank=True, db_collation="C")

    class Meta:
        verbose_name = _("audit call")
        verbose_name_plural = _("audit calls")
        ordering = ["sample", "number"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "number"], name="call_number_is_unique_in_a_sample"),
            models.UniqueConstraint(
                fields=["sample", "person", "training_class"], name="person_is_drawn_once_for_a_class"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample} · {self.number}"


class AuditCallResult(models.Model):
    """What one call came to; the newest holds, earlier ones stay."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed: she was there")
        DENIED = "denied", _("denied: she was not there")
        UNREACHABLE = "unreachable", _("not reached")

    call = models.ForeignKey(AuditCall, models.PROTECT, related_name="results")
    outcome = models.CharField(_("result of the call"), max_length=12, choices=Outcome)
    note = models.CharField(_("caller's note"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("called at"))

    class Meta:
        verbose_name = _("result of an audit call")
        verbose_name_plural = _("results of audit calls")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.call} {self.get_outcome_display()}"
