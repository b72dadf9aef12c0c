"""Two records of one human being: which stands for both, and which look alike but are two people.

Nothing is moved: every enrolment, paper and date stays on the record it was earned on, and `Person.kept_as`
points from the absorbed record to the one that stands for her. The migration adds triggers: what is pointed
at is never absorbed itself, and a merge that was logged only ever gets its end.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models.person import Person
from registry.models.user import User


class PersonMerge(models.Model):
    """`absorbed` was found to be the same human being as `kept`; in force until it is undone."""

    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges_kept")
    absorbed = models.ForeignKey(Person, models.PROTECT, related_name="merges_absorbed")
    repointed = ArrayField(
        models.BigIntegerField(),
        default=list,
        help_text=_("Records absorbed earlier that pointed at the absorbed one."),
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("done by"))
    at = models.DateTimeField(_("merged at"))
    reason = models.CharField(_("reason"), max_length=200)
    undone_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_reason = models.CharField(_("why it was undone"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("merge of two records")
        verbose_name_plural = _("merges of records")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at__isnull=True), name="record_is_absorbed_once"
            ),
            models.CheckConstraint(name="nobody_is_merged_with_herself", condition=~Q(kept=F("absorbed"))),
            models.CheckConstraint(
                name="merge_is_undone_as_a_whole",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undone_reason="")
                | Q(undone_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.absorbed_id} → {self.kept_id}"

    @property
    def is_undone(self) -> bool:
        """Whether the two are two again."""
        return self.undone_at is not None


class DuplicateDecision(models.Model):
    """What somebody said of two records that look alike; `first` is the one with the lower key."""

    class Verdict(models.TextChoices):
        DIFFERENT = "different", _("not the same")
        LATER = "later", _("to be decided later")

    first = models.ForeignKey(Person, models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, models.PROTECT, related_name="+")
    verdict = models.CharField(_("decision"), max_length=10, choices=Verdict)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("decided by"))
    at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("decision on a likely pair")
        verbose_name_plural = _("decisions on likely pairs")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_is_decided_once"),
            models.CheckConstraint(name="pair_is_ordered", condition=Q(first__lt=F("second"))),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} · {self.second_id}: {self.get_verdict_display()}"
