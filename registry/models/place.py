"""Places through time: a `Region` is for ever, a `RegionVersion` is what it was called and coded then."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _


class SingleValueRange(Func):
    """A one-element range, so that GiST can compare a number for equality without an extension."""

    function = "int8range"
    output_field = BigIntegerRangeField()

    def __init__(self, number: models.Expression | F) -> None:
        super().__init__(
            Cast(number, models.BigIntegerField()), Cast(number, models.BigIntegerField()), Value("[]")
        )


class Region(models.Model):
    """A place with an identity that no renaming, recoding or merging changes."""

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self) -> str:
        return f"Region {self.pk}"


class RegionVersion(models.Model):
    """What a region was called, coded and part of during `valid` (GB/T 2260, GB/T 10114)."""

    class Level(models.IntegerChoices):
        PROVINCE = 1, _("province")
        PREFECTURE = 2, _("prefecture")
        COUNTY = 3, _("county")
        TOWN = 4, _("town")
        VILLAGE = 5, _("village")

    region = models.ForeignKey(Region, models.PROTECT, related_name="versions")
    code = models.CharField(_("code"), max_length=12, db_collation="C")
    name = models.CharField(_("name"), max_length=60)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    parent = models.ForeignKey(Region, models.PROTECT, related_name="child_versions", null=True, blank=True)
    valid = DateRangeField(
        _("valid"), help_text=_("Half-open: the first day it no longer holds is excluded.")
    )
    source = models.CharField(_("source"), max_length=120)
    is_provisional = models.BooleanField(_("provisional"), default=False)
    is_administrative = models.BooleanField(
        _("administrative"),
        default=True,
        help_text=_("Not so for development zones and other places that only statistics know."),
    )

    class Meta:
        verbose_name = _("region version")
        verbose_name_plural = _("region versions")
        indexes = [models.Index(fields=["code"]), models.Index(fields=["parent", "level"])]
        constraints = [
            models.CheckConstraint(
                name="region_code_is_digits", condition=models.Q(code__regex=r"^[0-9]{2,12}$")
            ),
            ExclusionConstraint(
                name="region_has_one_version_a_day",
                expressions=[
                    (SingleValueRange(F("region_id")), RangeOperators.OVERLAPS),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="code_means_one_region_a_day",
                expressions=[
                    (SingleValueRange(F("code")), RangeOperators.OVERLAPS),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"
