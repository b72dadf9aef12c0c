"""Tokens with which another platform reads the county's figures: hashed, scoped, expiring, revocable."""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models import Region


class ApiToken(models.Model):
    """Reads in its owner's name what she may read herself, within a region and for a time.

    Only a hash of it is kept. Its end characters tell it from others in a list.
    """

    class Reads(models.TextChoices):
        COUNTS = "counts", _("counts")
        RETURNS = "returns", _("monthly returns")
        LINES = "lines", _("lines of returns: person-times without names")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("what it is for"), max_length=80)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("in whose name")
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    reads = ArrayField(models.CharField(max_length=10, choices=Reads), verbose_name=_("what it reads"))
    token_hash = models.BinaryField(unique=True, editable=False)
    ending = models.CharField(_("last characters"), max_length=4)
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("token of the interface")
        verbose_name_plural = _("tokens of the interface")
        ordering = [F("revoked_at").asc(nulls_first=True), "-made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="token_reads_something_known",
                condition=Q(reads__len__gt=0) & Q(reads__contained_by=["counts", "returns", "lines"]),
            ),
            models.CheckConstraint(
                name="token_expires_after_it_is_made", condition=Q(expires_at__gt=F("made_at"))
            ),
            models.CheckConstraint(
                name="token_is_revoked_by_somebody",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} …{self.ending}"

    @property
    def last_day(self) -> date:
        """The last day on which it reads."""
        return timezone.localdate(self.expires_at - timedelta(seconds=1))

    @property
    def reads_labels(self) -> list[str]:
        """What it may read, in words."""
        return [str(self.Reads(each).label) for each in self.reads]


class ApiTokenUse(models.Model):
    """How often a token read something of a county on a day; the first time stands in the audit log."""

    class What(models.TextChoices):
        COUNTS = ApiToken.Reads.COUNTS.value, ApiToken.Reads.COUNTS.label
        RETURNS = ApiToken.Reads.RETURNS.value, ApiToken.Reads.RETURNS.label
        LINES = ApiToken.Reads.LINES.value, ApiToken.Reads.LINES.label
        COUNTIES = "counties", _("list of counties")

    token = models.ForeignKey(ApiToken, models.PROTECT, related_name="uses")
    day = models.DateField(_("day"))
    reads = models.CharField(_("what was read"), max_length=10, choices=What)
    region_code = models.CharField(_("region"), max_length=6, db_collation="C")
    requests = models.PositiveIntegerField(_("requests"), default=1)
    last_at = models.DateTimeField(_("last at"))

    class Meta:
        verbose_name = _("use of a token")
        verbose_name_plural = _("uses of tokens")
        ordering = ["-day", "token"]
        constraints = [
            models.UniqueConstraint(
                fields=["token", "day", "reads", "region_code"], name="use_of_token_is_one_row_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.token_id} {self.day} {self.reads} {self.region_code}"
