"""Work in the background that somebody asked for: issuing to a class, and the files made of it.

The row holds state, progress, attempts and lease: a worker that dies is followed by another.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from certificates.models.design import CertificateDesign, PaperKind
from courses.models import Enrolment, TrainingClass
from registry.private_files import private_storage


class Run(models.Model):
    """What both kinds of work have in common."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        WORKING = "working", _("working")
        DONE = "done", pgettext_lazy("order of certificates", "done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="+")
    kind = models.CharField(_("paper"), max_length=1, choices=PaperKind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(_("of how many"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    failure = models.CharField(_("why it stopped"), max_length=300, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        """Whether no worker will touch it any more."""
        return self.state not in {self.State.WAITING, self.State.WORKING}


class IssueRun(Run):
    """One order to issue a paper to a class or to some of its people."""

    design = models.ForeignKey(CertificateDesign, models.PROTECT, related_name="+", verbose_name=_("design"))
    enrolment_ids = models.JSONField(_("enrolments in seat order"), default=list)
    refused = models.JSONField(_("enrolments that got none, and why"), default=dict)

    class Meta:
        verbose_name = _("order to issue")
        verbose_name_plural = _("orders to issue")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "kind"],
                condition=Q(state__in=["waiting", "working"]),
                name="one_order_at_a_time",
            ),
            models.CheckConstraint(name="no_more_issued_than_ordered", condition=Q(done__lte=F("total"))),
        ]

    def __str__(self) -> str:
        return f"{self.training_class} {self.kind} {self.done}/{self.total}"


class IssueRefusal(models.Model):
    """A paper that was due and could not be printed: the office corrects the name, and it is issued."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="certificate_refusals")
    kind = models.CharField(_("paper"), max_length=1, choices=PaperKind)
    text = models.CharField(_("text that cannot be printed"), max_length=300)
    characters = models.CharField(_("characters"), max_length=100)
    refused_at = models.DateTimeField(_("refused at"))

    class Meta:
        verbose_name = _("refused certificate")
        verbose_name_plural = _("refused certificates")
        constraints = [models.UniqueConstraint(fields=["enrolment", "kind"], name="refusal_is_noted_once")]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.characters}"


class Bundle(Run):
    """A file made of a class's papers: all sheets to print in seat order, or all PDFs packed."""

    class Form(models.TextChoices):
        SHEETS = "sheets", _("sheets to print")
        ZIP = "zip", _("all PDFs")

    form = models.CharField(_("form"), max_length=10, choices=Form)
    file = models.FileField(_("file"), storage=private_storage, upload_to="certificates/bundles/", blank=True)
    copies = models.PositiveIntegerField(_("downloads"), default=0)

    class Meta:
        verbose_name = _("bundle of certificates")
        verbose_name_plural = _("bundles of certificates")
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.training_class} {self.form}"
