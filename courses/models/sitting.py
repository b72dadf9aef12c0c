"""The timetable of a class: its sittings (课次), the places where each is heard (听课点), and its photos."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.training_class import TrainingClass
from registry.models import Region
from registry.private_files import private_storage


def sheet_path(site: "SittingSite", filename: str) -> str:
    """Return where a signed sheet is kept; the sender's file name never reaches the disk."""
    return f"sittings/{site.sitting.uid}/sheet-{uuid.uuid4()}"


def photo_path(photo: "SittingPhoto", filename: str) -> str:
    """Return where a photo is kept; the sender's file name never reaches the disk."""
    return f"sittings/{photo.sitting.uid}/photo-{photo.uid}.jpg"


class Sitting(models.Model):
    """One half-day, evening or live hour of a class. A moved one stays, and its successor bears its number.

    It is confirmed when at every site the people keyed in are as many as the sheet says; nothing is added to
    a confirmed sitting, it is only corrected.
    """

    class Kind(models.TextChoices):
        MORNING = "morning", _("morning")
        AFTERNOON = "afternoon", _("afternoon")
        EVENING = "evening", _("evening")
        LIVE = "live", _("live hour online")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held, not confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        MOVED = "moved", _("moved")
        CANCELLED = "cancelled", _("cancelled")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="sittings")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    topic = models.CharField(_("topic"), max_length=80, blank=True)
    starts_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"))
    planned_minutes = models.PositiveSmallIntegerField(_("minutes taught"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    moved_from = models.OneToOneField(
        "self", models.PROTECT, related_name="moved_to", null=True, blank=True, verbose_name=_("moved from")
    )
    reason = models.CharField(_("why it was moved or cancelled"), max_length=200, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["starts_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "number"],
                condition=~Q(state="moved"),
                name="sitting_number_is_unique_in_class",
            ),
            models.CheckConstraint(
                name="sitting_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="sitting_has_minutes", condition=Q(planned_minutes__gt=0, planned_minutes__lte=720)
            ),
            models.CheckConstraint(
                name="sitting_is_confirmed_on_a_day",
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class} · {self.number}"

    @property
    def on_date(self) -> date:
        """The day it is held, in China."""
        return timezone.localdate(self.starts_at)

    @property
    def takes_place(self) -> bool:
        """Whether it was neither moved nor cancelled."""
        return self.state not in (self.State.MOVED, self.State.CANCELLED)


class SittingSite(models.Model):
    """Where people hear one sitting together: the room itself, or a receiving site of a dual-teacher class.

    Each has its own tutor and its own signed sheet. A site that played the recording because the link was
    lost counts only when a tutor is named.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="sites")
    name = models.CharField(_("site"), max_length=120)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", null=True, blank=True)
    room_capacity = models.PositiveSmallIntegerField(_("seats in the room"), null=True, blank=True)
    tutor_name = models.CharField(_("local tutor"), max_length=60, blank=True)
    tutor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="sites_tutored",
        null=True,
        blank=True,
        verbose_name=_("login of the tutor"),
    )
    recorded_since = models.DateTimeField(_("recording played since"), null=True, blank=True)
    heads_on_sheet = models.PositiveSmallIntegerField(_("heads on the signed sheet"), null=True, blank=True)
    sheet = models.FileField(
        _("scan of the signed sheet"), upload_to=sheet_path, storage=private_storage, blank=True
    )
    sheet_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    sheet_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    sheet_at = models.DateTimeField(_("sheet received at"), null=True, blank=True)

    class Meta:
        verbose_name = _("site of a sitting")
        verbose_name_plural = _("sites of sittings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "name"], name="site_is_named_once_in_a_sitting"),
            models.CheckConstraint(
                name="recording_is_played_by_a_tutor",
                condition=Q(recorded_since__isnull=True) | Q(tutor__isnull=False) | ~Q(tutor_name=""),
            ),
            models.CheckConstraint(
                name="sheet_comes_with_its_heads",
                condition=Q(sheet="", sheet_sha256="")
                | (~Q(sheet_sha256="") & Q(heads_on_sheet__isnull=False, sheet_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tutor_label(self) -> str:
        """The tutor as the sheet names her."""
        return self.tutor_name or (str(self.tutor) if self.tutor else "")


class SittingPhoto(models.Model):
    """A photo that shows the sitting: its time as the camera wrote it, and the hash of what was sent (A7)."""

    class View(models.TextChoices):
        FRONT = "front", _("front, with the banner")
        REAR = "rear", _("rear, with the heads")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="photos")
    site = models.ForeignKey(SittingSite, models.PROTECT, related_name="photos", null=True, blank=True)
    view = models.CharField(_("view"), max_length=10, choices=View)
    file = models.FileField(_("photo"), upload_to=photo_path, storage=private_storage)
    sha256 = models.CharField(_("SHA-256 of the file as it was sent"), max_length=64, db_index=True)
    taken_at = models.DateTimeField(
        _("taken at"),
        null=True,
        blank=True,
        help_text=_("As the camera wrote it; empty where it wrote none."),
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("photo of a sitting")
        verbose_name_plural = _("photos of sittings")
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "sha256"], name="photo_is_added_once_to_a_sitting")
        ]

    def __str__(self) -> str:
        return f"{self.sitting} · {self.get_view_display()}"

    @property
    def is_of_another_day(self) -> bool:
        """Whether the camera's day is not the sitting's (A7)."""
        return self.taken_at is not None and timezone.localdate(self.taken_at) != self.sitting.on_date
