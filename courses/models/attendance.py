"""The ledger of attended minutes: rows are added, never changed (R1, R3, E22), and the sign-ins behind it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.enrolment import Enrolment
from courses.models.sitting import Sitting, SittingSite


class Evidence(models.TextChoices):
    """What proves that somebody was there."""

    QUIZ = "quiz", _("lesson studied and its quiz passed")
    PEN = "pen", _("signed on paper")
    THUMB = "thumb", _("thumbprint on paper")
    PIN = "pin", _("card and pictures at a station")
    QR = "qr", _("code on the wall, with her own phone")
    TUTOR = "tutor", _("confirmed by the tutor")
    LIVE = "live", _("followed live online")


class SignIn(models.Model):
    """One piece of evidence that somebody was at a sitting; several may stand for the same person.

    Kept as it came, whether it added minutes or not: by which device, at what time of its clock, and how far
    that clock was off (A3, A4). `client_token` makes a repeated send the same sign-in.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="sign_ins")
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="sign_ins")
    site = models.ForeignKey(SittingSite, models.PROTECT, related_name="sign_ins", null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=20, choices=Evidence)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    client_token = models.UUIDField(default=uuid.uuid4, unique=True)
    signed_at = models.DateTimeField(_("signed at"), help_text=_("By the site's clock."))
    clock_offset = models.IntegerField(
        _("seconds the device's clock was ahead"), null=True, blank=True, help_text=_("Known offline only.")
    )
    device = models.CharField(_("device"), max_length=40, blank=True)
    is_station = models.BooleanField(_("at a station's device"), default=False)
    received_at = models.DateTimeField(_("received at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Nobody when she signed in herself."),
    )

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering = ["signed_at", "pk"]
        indexes = [
            models.Index(fields=["sitting", "enrolment"]),
            models.Index(fields=["device", "signed_at"], condition=~Q(device=""), name="sign_ins_by_device"),
        ]
        constraints = [models.CheckConstraint(name="sign_in_has_minutes", condition=Q(minutes__gt=0))]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.get_evidence_display()}"


class Attendance(models.Model):
    """Minutes one person attended on one day, with what proves it; a correction is a new, negative row.

    Of two pieces of evidence for the same sitting the longer counts (E4): a later, longer one adds only the
    difference. So the sum of an enrolment's rows is always what she attended, in a sitting or altogether.
    """

    Evidence = Evidence

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attendances")
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="attendances", null=True, blank=True)
    site = models.ForeignKey(SittingSite, models.PROTECT, related_name="attendances", null=True, blank=True)
    lesson_key = models.UUIDField(_("lesson"), null=True, blank=True)
    on_date = models.DateField(_("day"))
    minutes = models.SmallIntegerField(_("minutes"))
    evidence = models.CharField(_("evidence"), max_length=20, choices=Evidence)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.CharField(_("reason of a correction"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        indexes = [
            models.Index(fields=["enrolment", "on_date"]),
            models.Index(fields=["sitting", "enrolment"], name="attendance_of_sitting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson_key", "on_date"],
                condition=Q(minutes__gt=0),
                name="lesson_earns_minutes_once_a_day",
            ),
            models.CheckConstraint(name="attendance_has_minutes", condition=~Q(minutes=0)),
            models.CheckConstraint(
                name="attendance_is_of_sitting_or_lesson",
                condition=Q(sitting__isnull=True) | Q(lesson_key__isnull=True),
            ),
            models.CheckConstraint(
                name="site_is_of_a_sitting", condition=Q(site__isnull=True) | Q(sitting__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.on_date} {self.minutes}"
