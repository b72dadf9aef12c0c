"""A roster file the office loaded: its state, progress and outcome live on this row."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.place import Region
from registry.models.user import User
from registry.private_files import private_storage


def roster_path(roster_import: "RosterImport", filename: str) -> str:
    """Keep the file under a name of our own; the sender's may hold anything."""
    return f"rosters/{roster_import.uid}.xlsx"


def error_workbook_path(roster_import: "RosterImport", filename: str) -> str:
    """Keep the workbook of refused rows beside its roster."""
    return f"rosters/{roster_import.uid}-errors.xlsx"


class RosterImport(models.Model):
    """One run of a registry export through checking and, if wanted, applying."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        CHECKING = "checking", _("checking")
        CHECKED = "checked", _("checked")
        APPLYING = "applying", _("applying")
        APPLIED = "applied", _("applied")
        FAILED = "failed", _("failed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(Region, models.PROTECT, related_name="+")
    as_of = models.DateField(
        _("cut-off date"), help_text=_("The day the list describes, printed on the export.")
    )
    file = models.FileField(_("file"), storage=private_storage, upload_to=roster_path, max_length=200)
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(max_length=64, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    outcome = models.JSONField(default=dict, help_text=_("The counts of the import contract."))
    problems = models.JSONField(default=list)
    failure = models.CharField(max_length=300, blank=True)
    error_workbook = models.FileField(
        storage=private_storage, upload_to=error_workbook_path, max_length=200, blank=True
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, related_name="roster_imports", null=True, blank=True
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)

    class Meta:
        verbose_name = _("roster import")
        verbose_name_plural = _("roster imports")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.as_of}"
