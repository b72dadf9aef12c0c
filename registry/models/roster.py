"""A roster file the office loaded: its state, progress and outcome, and what it wrote, for an undo."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry import sealing
from registry.models.place import Region
from registry.models.user import User
from registry.private_files import private_storage


def roster_path(roster_import: "RosterImport", filename: str) -> str:
    """Keep the file under a name of our own; the sender's may hold anything."""
    return f"rosters/{roster_import.uid}.jsonl.gz"


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
        CANCELLED = "cancelled", _("cancelled")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    class Step(models.TextChoices):
        READING = "reading", _("reading the rows")
        COMPARING = "comparing", _("comparing them with the register")
        WRITING = "writing", _("writing")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(Region, models.PROTECT, related_name="+")
    as_of = models.DateField(
        _("cut-off date"), help_text=_("The day the list describes, printed on the export.")
    )
    file = models.FileField(
        _("file"),
        storage=private_storage,
        upload_to=roster_path,
        max_length=200,
        blank=True,
        help_text=_("Only the columns we may keep, see roster/kept_file.py."),
    )
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(max_length=64, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    step = models.CharField(max_length=10, choices=Step, blank=True)
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

    applied_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    undo_outcome = models.JSONField(default=dict, help_text=_("What the undo took back and what stayed."))

    class Meta:
        verbose_name = _("roster import")
        verbose_name_plural = _("roster imports")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.as_of}"


class RosterMark(models.Model):
    """A bundle of people or households that an import made (`is_new`) or found on record and named."""

    class Kind(models.IntegerChoices):
        PERSON = 1, _("person")
        HOUSEHOLD = 2, _("household")

    roster_import = models.ForeignKey(RosterImport, models.CASCADE, related_name="marks")
    kind = models.PositiveSmallIntegerField(choices=Kind)
    is_new = models.BooleanField()
    pks = ArrayField(models.BigIntegerField())

    class Meta:
        verbose_name = _("mark of an import")
        verbose_name_plural = _("marks of imports")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ×{len(self.pks)}"


class RosterEdit(models.Model):
    """What a row on record held before and after an import changed it (`roster/journal.py`).

    An ID number or phone is never among the values: of a phone that was replaced the old number is sealed
    here, an ID number is only ever added.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    roster_import = models.ForeignKey(RosterImport, models.CASCADE, related_name="edits")
    edit = models.CharField(max_length=20)
    row = models.BigIntegerField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    phone_sealed = models.BinaryField(null=True, editable=False)

    class Meta:
        verbose_name = _("edit of an import")
        verbose_name_plural = _("edits of imports")
        constraints = [
            models.UniqueConstraint(fields=["roster_import", "edit", "row"], name="import_edits_a_row_once"),
            models.CheckConstraint(
                name="only_phone_edits_hold_a_phone", condition=Q(phone_sealed__isnull=True) | Q(edit="phone")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edit} {self.row}"

    @property
    def phone(self) -> str:
        """The number before, in E.164, or an empty text."""
        if self.phone_sealed is None:
            return ""
        return sealing.unseal(self.phone_sealed, context=f"registry_rosteredit.phone.{self.uid}")

    @phone.setter
    def phone(self, number: str) -> None:
        context = f"registry_rosteredit.phone.{self.uid}"
        self.phone_sealed = sealing.seal(number, context=context) if number else None
