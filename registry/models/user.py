"""Logins. A trainee signs in with a phone number, staff with a user name; neither needs an e-mail address."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry import sealing
from registry.models.place import Region


class User(AbstractUser):
    """Somebody who can sign in; what she is allowed to do follows from her appointments."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.BinaryField(null=True, unique=True, editable=False)
    phone_verified = models.BooleanField(_("phone verified"), default=False)
    display_name = models.CharField(_("name"), max_length=100, blank=True)
    link_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    link_closed_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def phone(self) -> str:
        """The number in E.164, or an empty text."""
        if self.phone_sealed is None:
            return ""
        return sealing.unseal(self.phone_sealed, context=self._phone_context)

    @phone.setter
    def phone(self, number: str) -> None:
        self.phone_sealed = sealing.seal(number, context=self._phone_context) if number else None
        self.phone_hash = sealing.lookup_hash(number, purpose="phone") if number else None

    @property
    def _phone_context(self) -> str:
        return f"registry_user.phone.{self.uid}"


class Appointment(models.Model):
    """What a user may do, where and from when to when (officials' roster 干部名册)."""

    class Role(models.TextChoices):
        OFFICE = "office", _("county office")
        AUDITOR = "auditor", _("auditor")
        OPERATOR = "operator", _("operator of the centre")
        CERTIFICATE_CLERK = "certificate_clerk", _("certificate clerk")
        TOWN = "town", _("town official")
        STATION_KEEPER = "station_keeper", _("station keeper")
        TRAINING_BODY = "training_body", _("training body")
        INSTRUCTOR = "instructor", _("instructor")
        COACH = "coach", _("livestream coach")
        PROVINCE_READER = "province_reader", _("reader at the province")

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    role = models.CharField(_("role"), max_length=30, choices=Role)
    region = models.ForeignKey(Region, models.PROTECT, related_name="appointments")
    valid = DateRangeField(_("valid"))

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "region", "valid"], name="appointment_is_made_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class SentMessage(models.Model):
    """A text message of the demo's outbox; real providers keep their own."""

    phone_sealed = models.BinaryField(editable=False)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.CharField(_("text"), max_length=300)
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)

    class Meta:
        verbose_name = _("sent message")
        verbose_name_plural = _("sent messages")
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def phone(self) -> str:
        """The number in E.164 it was sent to."""
        return sealing.unseal(self.phone_sealed, context=self._context)

    @phone.setter
    def phone(self, number: str) -> None:
        self.phone_sealed = sealing.seal(number, context=self._context)

    @property
    def _context(self) -> str:
        return f"registry_sentmessage.phone.{self.uid}"
