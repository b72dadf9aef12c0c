"""A live class: one teacher, a whole training class on their phones, and what she set for its chat."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models import LessonPage, TrainingClass
from courses.models.background import InBackground
from livestream.models.session import LiveSession
from registry.models import Person, StationDevice, User

OPENS_BEFORE = timedelta(minutes=30)
MAX_PLANNED_MINUTES = 240
SLOW_CHOICES = (0, 10, 30, 60)


class LiveClass(models.Model):
    """One live hour of a training class. When and how it goes on air is its `session`'s affair."""

    session = models.OneToOneField(LiveSession, models.PROTECT, related_name="live_class")
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="live_classes")
    title = models.CharField(_("title"), max_length=80)
    teacher = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("teacher"))
    planned_minutes = models.PositiveSmallIntegerField(_("planned minutes"))
    client_token = models.UUIDField(_("token of the sender"))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    slow_seconds = models.PositiveSmallIntegerField(_("seconds between two messages of one"), default=0)
    is_questions_only = models.BooleanField(_("questions only"), default=False)
    is_locked = models.BooleanField(_("chat closed"), default=False)
    own_words = models.TextField(_("words to hold back"), max_length=1000, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    attendance_written_at = models.DateTimeField(_("attendance written at"), null=True, blank=True)
    lesson = models.ForeignKey(
        LessonPage,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("lesson made of it"),
    )

    class Meta:
        verbose_name = _("live class")
        verbose_name_plural = _("live classes")
        ordering = ["-session__scheduled_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "client_token"], name="live_class_is_scheduled_once"
            ),
            models.CheckConstraint(
                name="live_class_is_planned_for_up_to_four_hours",
                condition=Q(planned_minutes__gte=5, planned_minutes__lte=MAX_PLANNED_MINUTES),
            ),
            models.CheckConstraint(
                name="slow_mode_waits_five_minutes_at_most", condition=Q(slow_seconds__lte=300)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def uid(self) -> uuid.UUID:
        """The session's: one live class has one address."""
        return self.session.uid

    @property
    def starts_at(self) -> datetime:
        """When it is planned to begin."""
        at: datetime | None = self.session.scheduled_at
        return at or self.session.created_at

    @property
    def is_cancelled(self) -> bool:
        """Whether it will not take place."""
        return self.cancelled_at is not None

    @property
    def words(self) -> list[str]:
        """The class's own words to hold back, one a line."""
        return [word for word in (line.strip() for line in self.own_words.splitlines()) if word]

    def is_open(self, now: datetime) -> bool:
        """Whether people may come in and write: from half an hour before it begins until it is over."""
        return not self.is_cancelled and not self.session.is_over and now >= self.starts_at - OPENS_BEFORE


class ClassReminder(InBackground):
    """One message to one person about one live class; the row holds the state of sending it."""

    class Occasion(models.TextChoices):
        DAY = "day", _("the day before")
        SOON = "soon", _("half an hour before")

    live_class = models.ForeignKey(LiveClass, models.CASCADE, related_name="reminders")
    person = models.ForeignKey(Person, models.PROTECT, related_name="class_reminders")
    occasion = models.CharField(_("when"), max_length=6, choices=Occasion)
    scheduled_at = models.DateTimeField(_("the time it names"))
    created_at = models.DateTimeField(_("asked for at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reminder of a live class")
        verbose_name_plural = _("reminders of live classes")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["live_class", "person", "occasion", "scheduled_at"],
                name="person_is_reminded_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.live_class} {self.get_occasion_display()}"


class ViewerSession(models.Model):
    """One browser in one live class, from its first sign of life to its last; a new row after a silence.

    The evidence of attendance: minutes are worked out from these rows (`livestream.presence`).
    """

    live_class = models.ForeignKey(LiveClass, models.PROTECT, related_name="viewer_sessions")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="viewer_sessions", null=True, blank=True)
    tab = models.UUIDField(_("browser tab"))
    device = models.ForeignKey(StationDevice, models.PROTECT, related_name="+", null=True, blank=True)
    joined_at = models.DateTimeField(_("came at"))
    last_seen_at = models.DateTimeField(_("last sign of life at"))
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)

    class Meta:
        verbose_name = _("visit to a live class")
        verbose_name_plural = _("visits to live classes")
        ordering = ["joined_at", "pk"]
        indexes = [models.Index(fields=["live_class", "person"], name="visits_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["live_class", "user", "tab"],
                condition=Q(left_at__isnull=True),
                name="tab_is_in_a_class_once",
            ),
            models.CheckConstraint(
                name="visit_ends_after_it_began", condition=Q(last_seen_at__gte=F("joined_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.joined_at:%H:%M}-{self.last_seen_at:%H:%M}"


class ViewerPerson(models.Model):
    """Somebody who follows on a station's screen with others; the keeper says that she is there."""

    live_class = models.ForeignKey(LiveClass, models.PROTECT, related_name="viewer_people")
    device = models.ForeignKey(StationDevice, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="station_viewings")
    since = models.DateTimeField(_("came at"))
    until = models.DateTimeField(_("left at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("confirmed by"))

    class Meta:
        verbose_name = _("person at a station's screen")
        verbose_name_plural = _("people at stations' screens")
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["live_class", "device", "person"],
                condition=Q(until__isnull=True),
                name="person_sits_at_a_station_once",
            ),
            models.CheckConstraint(
                name="sitting_at_station_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since:%H:%M}"
