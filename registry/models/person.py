"""People, their households, and what a household's status was on which day."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry import sealing
from registry.models.place import Region, SingleValueRange
from registry.models.roster import RosterImport
from registry.models.user import User


class Household(models.Model):
    """A registered household (户), known to the office by its number in a county."""

    county = models.ForeignKey(Region, models.PROTECT, related_name="+")
    number = models.CharField(_("household number"), max_length=30)
    village = models.ForeignKey(Region, models.PROTECT, related_name="households")
    listed_on = models.DateField(
        _("listed on"), null=True, blank=True, help_text=_("Cut-off date of the newest roster with it.")
    )
    members: models.ManyToManyField = models.ManyToManyField(
        "Person", through="Membership", related_name="households"
    )

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="household_number_is_unique_in_county")
        ]

    def __str__(self) -> str:
        return self.number


class Person(models.Model):
    """One human being, once, however many rosters, phones and logins she appears with."""

    class Sex(models.TextChoices):
        FEMALE = "F", _("female")
        MALE = "M", _("male")

    class IdentityLevel(models.IntegerChoices):
        NONE = 0, _("none")
        DECLARED = 1, _("declared")
        MATCHED = 2, _("matched with the roster")
        CHECKED = 3, _("card checked")

    class PhoneOwner(models.TextChoices):
        OWN = "own", _("her own")
        FAMILY = "family", _("family")
        STATION = "station", _("village station")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100)
    name_key = models.CharField(
        max_length=100, editable=False, help_text=_("The name as compared, see names.py.")
    )
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("birth year"), null=True, blank=True)
    village = models.ForeignKey(Region, models.PROTECT, related_name="people", null=True, blank=True)
    id_number_sealed = models.BinaryField(null=True, editable=False)
    id_number_hash = models.BinaryField(null=True, unique=True, editable=False)
    temporary_number = models.CharField(
        _("temporary number"), max_length=24, unique=True, null=True, blank=True
    )
    identity_level = models.PositiveSmallIntegerField(
        _("identity"), choices=IdentityLevel, default=IdentityLevel.NONE
    )
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.BinaryField(null=True, editable=False, db_index=True)
    phone_owner = models.CharField(_("whose phone"), max_length=10, choices=PhoneOwner, blank=True)
    listed_on = models.DateField(
        _("listed on"),
        null=True,
        blank=True,
        help_text=_("Cut-off date of the newest roster with her."),
    )
    user = models.OneToOneField(User, models.PROTECT, related_name="person", null=True, blank=True)
    kept_as = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="absorbed",
        null=True,
        blank=True,
        db_index=False,
        help_text=_("The record that stands for this human being; set by a merge only, see merge.py."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            models.Index(fields=["name_key", "birth_year", "village"]),
            models.Index(fields=["kept_as"], condition=Q(kept_as__isnull=False), name="person_absorbed"),
            # For the duplicate desk, see queries/duplicates.py.
            models.Index(
                fields=["village", "name_key", "birth_year"],
                include=["id"],
                condition=Q(kept_as__isnull=True, id_number_hash__isnull=False),
                name="person_known_by_number",
            ),
            models.Index(
                fields=["village", "name_key"],
                condition=Q(kept_as__isnull=True, id_number_hash__isnull=True),
                name="person_without_number",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="person_is_not_absorbed_by_herself",
                condition=Q(kept_as__isnull=True) | ~Q(kept_as=F("id")),
            ),
            models.CheckConstraint(
                name="id_number_is_sealed_and_hashed",
                condition=Q(id_number_sealed__isnull=True, id_number_hash__isnull=True)
                | Q(id_number_sealed__isnull=False, id_number_hash__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def id_number(self) -> str:
        """The 18-character ID number in clear, or an empty text. Never shown without a logged reason."""
        if self.id_number_sealed is None:
            return ""
        return sealing.unseal(self.id_number_sealed, context=f"registry_person.id_number.{self.uid}")

    @id_number.setter
    def id_number(self, number: str) -> None:
        context = f"registry_person.id_number.{self.uid}"
        self.id_number_sealed = sealing.seal(number, context=context) if number else None
        self.id_number_hash = sealing.lookup_hash(number, purpose="id_number") if number else None

    @property
    def phone(self) -> str:
        """The number in E.164, or an empty text."""
        if self.phone_sealed is None:
            return ""
        return sealing.unseal(self.phone_sealed, context=f"registry_person.phone.{self.uid}")

    @phone.setter
    def phone(self, number: str) -> None:
        context = f"registry_person.phone.{self.uid}"
        self.phone_sealed = sealing.seal(number, context=context) if number else None
        self.phone_hash = sealing.lookup_hash(number, purpose="phone") if number else None


class Membership(models.Model):
    """A person belonged to a household during `valid`."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, models.PROTECT, related_name="memberships")
    number = models.CharField(_("person number in the registry"), max_length=30, blank=True)
    is_head = models.BooleanField(_("head of household"), default=False)
    relation = models.CharField(_("relation to the head"), max_length=20, blank=True)
    valid = DateRangeField(_("valid"))
    source = models.ForeignKey(RosterImport, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("household membership")
        verbose_name_plural = _("household memberships")
        constraints = [
            ExclusionConstraint(
                name="person_is_in_one_household_a_day",
                expressions=[
                    (SingleValueRange(F("person_id")), RangeOperators.OVERLAPS),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.household}"


class StatusPeriod(models.Model):
    """A household's status during `valid`; imports add periods, they never overwrite one (R9-R11)."""

    class Kind(models.IntegerChoices):
        REGISTERED = 1, _("registered poor")
        LIFTED = 2, _("lifted out of poverty")
        MONITORED = 3, _("monitored")

    household = models.ForeignKey(Household, models.PROTECT, related_name="status_periods")
    kind = models.PositiveSmallIntegerField(_("kind"), choices=Kind)
    label = models.CharField(_("label in the source"), max_length=30)
    valid = DateRangeField(_("valid"))
    source = models.ForeignKey(
        RosterImport, models.PROTECT, related_name="status_periods", null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("status period")
        verbose_name_plural = _("status periods")
        constraints = [
            ExclusionConstraint(
                name="household_has_a_kind_once_a_day",
                expressions=[
                    (SingleValueRange(F("household_id") * 10 + F("kind")), RangeOperators.OVERLAPS),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.household} · {self.label}"
