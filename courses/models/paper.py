"""Papers of a class's ledger (一期一档) that come from outside: the notice, contracts, slides, vouchers."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.training_class import TrainingClass
from registry.private_files import private_storage


def paper_path(paper: "ClassPaper", filename: str) -> str:
    """Keep the paper under a name of our own; the sender's may hold anything."""
    return f"classes/{paper.training_class.uid}/papers/{paper.uid}{paper.suffix}"


class ClassPaper(models.Model):
    """One file of a class's ledger. A wrong one is taken out with a reason and stays on record."""

    class Kind(models.TextChoices):
        NOTICE = "notice", _("notice of the class")
        CONTRACT = "contract", _("contract with the teacher")
        CV = "cv", _("teacher's curriculum vitae")
        SLIDES = "slides", _("slides and materials")
        TEST = "test", _("test papers and marks")
        SATISFACTION = "satisfaction", _("satisfaction forms")
        VOUCHER = "voucher", _("cost vouchers")
        SUMMARY = "summary", _("summary of the class")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="ledger_papers")
    kind = models.CharField(_("paper"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=120)
    file = models.FileField(_("file"), storage=private_storage, upload_to=paper_path, max_length=200)
    suffix = models.CharField(max_length=6)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField(_("bytes"))
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_out_at = models.DateTimeField(_("taken out at"), null=True, blank=True)
    taken_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    taken_out_reason = models.CharField(_("why it was taken out"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("paper of a class")
        verbose_name_plural = _("papers of classes")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "kind", "sha256"],
                condition=Q(taken_out_at__isnull=True),
                name="paper_is_in_the_ledger_once",
            ),
            models.CheckConstraint(
                name="paper_is_taken_out_with_a_reason",
                condition=Q(taken_out_at__isnull=True, taken_out_by__isnull=True, taken_out_reason="")
                | (Q(taken_out_at__isnull=False, taken_out_by__isnull=False) & ~Q(taken_out_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title
