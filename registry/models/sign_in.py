"""Ways in for people without a phone of their own: printed cards, station devices, help by a keeper."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models.person import Person
from registry.models.place import Region
from registry.models.user import User


class SignInCard(models.Model):
    """A printed card that opens one login together with three pictures; only the newest of a login is good.

    What its QR code holds, the code on its stub and the pictures are kept as hashes.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="cards")
    number = models.CharField(_("card number"), max_length=10, unique=True)
    token_hash = models.BinaryField(unique=True, editable=False)
    first_code = models.CharField(max_length=200, editable=False, help_text=_("Hash of the stub's code."))
    pictures = models.CharField(max_length=200, blank=True, editable=False)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued at"))
    cancelled_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    closings = models.PositiveSmallIntegerField(default=0, editable=False)
    closed_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("sign-in card")
        verbose_name_plural = _("sign-in cards")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(cancelled_at__isnull=True), name="login_has_one_good_card"
            ),
            models.CheckConstraint(
                name="card_is_cancelled_by_somebody",
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class StationDevice(models.Model):
    """A tablet or computer of a village station, used by one person after another."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name of the device"), max_length=60)
    region = models.ForeignKey(Region, models.PROTECT, related_name="station_devices")
    token_hash = models.BinaryField(unique=True, editable=False)
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(_("registered at"))
    revoked_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("station device")
        verbose_name_plural = _("station devices")
        ordering = [F("revoked_at").asc(nulls_first=True), "name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="device_is_revoked_by_somebody",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AssistedSignIn(models.Model):
    """A keeper opened a session for somebody of her village, and said why."""

    class Reason(models.TextChoices):
        NO_PHONE = "no_phone", _("has no phone of her own")
        CARD_LOST = "card_lost", _("card lost or left at home")
        PICTURES_FORGOTTEN = "pictures_forgotten", _("pictures forgotten")
        CANNOT_ALONE = "cannot_alone", _("cannot read or operate the device alone")
        NO_MESSAGE = "no_message", _("no message arrives")

    user = models.ForeignKey(User, models.PROTECT, related_name="assisted_sign_ins")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    helper = models.ForeignKey(User, models.PROTECT, related_name="+")
    device = models.ForeignKey(StationDevice, models.PROTECT, related_name="+", null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    note = models.CharField(_("in your own words"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("sign-in with help")
        verbose_name_plural = _("sign-ins with help")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_reason_display()}"
