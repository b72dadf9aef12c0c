"""A list that leaves the system: what for, who asked, who approved, how long it can be fetched."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models.user import User
from registry.private_files import private_storage


def export_path(export: "Export", filename: str) -> str:
    """Keep the workbook under a name that says nothing."""
    return f"exports/{export.uid}.xlsx"


class Export(models.Model):
    """One list, asked for once. What kinds there are stands in `registry.list_kinds`."""

    class Purpose(models.TextChoices):
        FOLLOW_UP = "follow_up", _("calls after the training")
        REPORT = "report", _("report to the province")
        INSPECTION = "inspection", _("inspection or audit")
        PAYMENT = "payment", _("settling the training's costs")
        CORRECTION = "correction", _("correcting our records")
        OTHER = "other", _("something else")

    class State(models.TextChoices):
        ASKED = "asked", _("waits for approval")
        APPROVED = "approved", _("being made")
        READY = "ready", _("ready")
        REFUSED = "refused", _("refused")
        FAILED = "failed", _("could not be made")
        EXPIRED = "expired", _("expired")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("list"), max_length=40)
    region_code = models.CharField(_("region"), max_length=12, db_collation="C")
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("to"), null=True, blank=True)
    has_people = models.BooleanField(_("names people"))
    with_id_numbers = models.BooleanField(_("with ID numbers"), default=False)
    with_phones = models.BooleanField(_("with phone numbers"), default=False)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    purpose_text = models.CharField(_("what exactly for"), max_length=300)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="exports")
    asked_at = models.DateTimeField(_("asked at"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    refusal = models.CharField(_("why not"), max_length=300, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    failure = models.CharField(max_length=300, blank=True)
    file = models.FileField(
        _("workbook"), storage=private_storage, upload_to=export_path, max_length=200, blank=True
    )
    expires_at = models.DateTimeField(_("can be fetched until"), null=True, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["region_code", "state"], name="export_by_region")]
        constraints = [
            models.CheckConstraint(
                name="export_is_approved_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="list_of_people_needs_an_approver",
                condition=Q(has_people=False) | Q(state="asked") | Q(decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="numbers_are_those_of_people",
                condition=Q(has_people=True) | Q(with_id_numbers=False, with_phones=False),
            ),
            models.CheckConstraint(name="export_says_what_for", condition=~Q(purpose_text="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.region_code}"
