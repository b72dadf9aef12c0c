"""Logins. A trainee signs in with a phone number, staff with a user name; neither needs an e-mail address."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry import sealing
from registry.models.official import Organisation, SingleTextRange
from registry.models.place import Region, SingleValueRange


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
    """What a user may do, where and from when to when (officials' roster 干部名册, domain.md 1).

    A transfer closes one and opens another. The database refuses to delete a row or to change anything but
    its end (migration 0009).
    """

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

    class Duty(models.TextChoices):
        """What an official is there for, for the roster: it gives no right by itself."""

        PLAN = "plan", _("plan")
        POVERTY_STATUS = "poverty_status", _("check of poverty status")
        SUPERVISION = "supervision", _("class supervision")
        FOLLOW_UP = "follow_up", _("follow-up")
        DATA_ENTRY = "data_entry", _("data entry")

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    role = models.CharField(_("role"), max_length=30, choices=Role)
    region = models.ForeignKey(Region, models.PROTECT, related_name="appointments")
    valid = DateRangeField(_("valid"))
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="appointments",
        null=True,
        blank=True,
        verbose_name=_("organisation"),
    )
    post = models.CharField(_("post"), max_length=60, blank=True)
    duties = ArrayField(
        models.CharField(max_length=20, choices=Duty), verbose_name=_("duties"), default=list, blank=True
    )
    deputy = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("deputy")
    )
    work_phone = models.CharField(
        _("work phone"), max_length=30, blank=True, help_text=_("The office's number, never a private one.")
    )
    appointed_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    appointed_at = models.DateTimeField(_("appointed at"), default=timezone.now)
    ended_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            ExclusionConstraint(
                name="role_is_held_once_a_day",
                expressions=[
                    (SingleValueRange(F("user_id")), RangeOperators.OVERLAPS),
                    (SingleValueRange(F("region_id")), RangeOperators.OVERLAPS),
                    (SingleTextRange(F("role")), RangeOperators.OVERLAPS),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="nobody_appoints_herself",
                condition=Q(appointed_by__isnull=True) | ~Q(appointed_by=F("user")),
            ),
            models.CheckConstraint(
                name="nobody_is_her_own_deputy", condition=Q(deputy__isnull=True) | ~Q(deputy=F("user"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"

    @property
    def duty_labels(self) -> list[str]:
        """The duties in words, in the order of the list."""
        return [str(duty.label) for duty in self.Duty if duty.value in self.duties]


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
