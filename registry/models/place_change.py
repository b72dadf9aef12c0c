"""What happened to places: decisions that changed them, where their people lie since, new villages."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models.place import Region
from registry.models.user import User


class RegionChange(models.Model):
    """One decision of a government about places, as published. Recorded by `record_change` only."""

    class Kind(models.TextChoices):
        RENAME = "rename", _("new name")
        RECODE = "recode", _("new code")
        UPGRADE = "upgrade", _("new kind, such as county to city")
        TRANSFER = "transfer", _("moved to another place")
        MERGE = "merge", _("merged into one")
        SPLIT = "split", _("split into several")
        ABOLISH = "abolish", _("abolished")

    kind = models.CharField(_("kind of change"), max_length=10, choices=Kind)
    on = models.DateField(_("first day it holds"))
    document = models.CharField(_("document number"), max_length=80)
    # What makes a repeat of the same request the same change: its places, see services.region_changes.
    places_key = models.CharField(max_length=64, editable=False)
    from_regions = models.ManyToManyField(Region, related_name="changes_from")
    to_regions = models.ManyToManyField(Region, related_name="changes_to")
    note = models.TextField(_("note"), blank=True, max_length=1000)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("change of places")
        verbose_name_plural = _("changes of places")
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "kind", "on", "places_key"], name="region_change_is_recorded_once"
            ),
            models.CheckConstraint(name="region_change_has_a_document", condition=~Q(document="")),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.on}"


class RegionSuccession(models.Model):
    """Where a fact known to lie in `from_region` before `on` may lie since; null: nobody can say (待归属).

    A place that lost a part has several rows, one of them to itself: what is known only as "in it" may
    have gone with the part. Places that no change divided or ended have no row.
    """

    change = models.ForeignKey(RegionChange, models.CASCADE, related_name="successions")
    from_region = models.ForeignKey(Region, models.PROTECT, related_name="successions")
    to_region = models.ForeignKey(Region, models.PROTECT, related_name="inheritances", null=True, blank=True)
    on = models.DateField(_("since"))

    class Meta:
        verbose_name = _("succession of places")
        verbose_name_plural = _("successions of places")
        indexes = [models.Index(fields=["from_region", "on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "from_region", "to_region"],
                nulls_distinct=False,
                name="region_succeeds_once_in_a_change",
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_region} → {self.to_region}"


class VillageProposal(models.Model):
    """A village that no published list holds yet: asked for by one person, decided by another.

    The published village codes are frozen at mid-2023. The code is the town's nine digits and 9xx; it is
    reserved from the proposal on, the place itself is made when somebody else approves.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be decided")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    town = models.ForeignKey(Region, models.PROTECT, related_name="village_proposals")
    name = models.CharField(_("name"), max_length=60)
    code = models.CharField(_("provisional code"), max_length=12, db_collation="C")
    since = models.DateField(_("first day it holds"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    region = models.OneToOneField(Region, models.PROTECT, related_name="proposal", null=True, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("proposed village")
        verbose_name_plural = _("proposed villages")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(state="refused"), name="provisional_code_is_given_once"
            ),
            models.CheckConstraint(
                name="village_is_approved_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="decided_village_says_by_whom",
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(~Q(state="proposed"), decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="only_approved_villages_are_places",
                condition=Q(state="approved", region__isnull=False)
                | Q(~Q(state="approved"), region__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"
