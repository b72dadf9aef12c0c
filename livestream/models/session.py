"""A rehearsal or a live class: its life, who may send into it, and what was heard of it on the way.

A lost connection only interrupts. The end comes from the host, or from the grace period running out; whatever
is still on her phone then is taken afterwards.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from livestream.models.run_of_show import RunOfShow, RunVersion
from registry.models import Person, RegionVersion, User


class Engine(models.TextChoices):
    """What carries the media; each has its adapter in `livestream.engines`."""

    CHUNKS = "chunks", _("pieces over HTTPS")
    NGINX_RTMP = "nginx-rtmp", _("RTMP")
    JANUS = "janus", _("WebRTC")


class LiveSession(models.Model):
    """One rehearsal of a run-of-show, or one live class. A state changes in `services.sessions` alone."""

    class Kind(models.TextChoices):
        REHEARSAL = "rehearsal", _("rehearsal")
        CLASS = "class", _("live class")

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("planned")
        READY = "ready", _("ready to begin")
        LIVE = "live", _("on air")
        INTERRUPTED = "interrupted", _("interrupted")
        ENDED = "ended", _("ended, parts still arriving")
        PROCESSING = "processing", _("being made ready to watch")
        PUBLISHED = "published", _("ready to watch")
        PARTIAL = "partial", _("ready to watch, a part is missing")
        FAILED = "failed", _("nothing to watch")

    class End(models.TextChoices):
        HOST = "host", _("by the host")
        GRACE = "grace", _("stayed away too long")
        STAFF = "staff", _("by the office")
        QUOTA = "quota", _("as long as it may be")
        NEVER_BEGUN = "never_begun", _("never begun")
        FORGOTTEN = "forgotten", _("its data were deleted")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="live_sessions", null=True, blank=True, verbose_name=_("host")
    )
    user = models.ForeignKey(
        User, models.PROTECT, related_name="live_sessions", null=True, blank=True, verbose_name=_("login")
    )
    place = models.ForeignKey(
        RegionVersion, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("place")
    )
    run = models.ForeignKey(RunOfShow, models.SET_NULL, related_name="sessions", null=True, blank=True)
    run_version = models.ForeignKey(
        RunVersion, models.SET_NULL, related_name="sessions", null=True, blank=True
    )
    attempt = models.PositiveSmallIntegerField(
        _("attempt"), null=True, blank=True, help_text=_("Which rehearsal of this run-of-show it is.")
    )
    client_token = models.UUIDField(_("token of the sender"), default=uuid.uuid4)
    engine = models.CharField(_("engine"), max_length=12, choices=Engine, default=Engine.CHUNKS)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.READY)
    grace_seconds = models.PositiveIntegerField(_("grace in seconds"), default=300)
    created_at = models.DateTimeField(_("created at"))
    scheduled_at = models.DateTimeField(_("planned for"), null=True, blank=True)
    started_at = models.DateTimeField(_("began at"), null=True, blank=True)
    last_media_at = models.DateTimeField(_("last heard of at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(_("how it ended"), max_length=12, choices=End, blank=True)
    is_declared = models.BooleanField(
        _("whole"), default=False, help_text=_("The sender has said how many pieces there are.")
    )
    bytes = models.PositiveBigIntegerField(_("bytes received"), default=0)
    raw_erased_at = models.DateTimeField(_("raw recording removed at"), null=True, blank=True)
    erased_at = models.DateTimeField(_("recording removed at"), null=True, blank=True)
    hold_reason = models.CharField(_("kept because"), max_length=300, blank=True)
    held_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    held_since = models.DateTimeField(_("kept since"), null=True, blank=True)

    class Meta:
        verbose_name = _("live session")
        verbose_name_plural = _("live sessions")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["state", "last_media_at"],
                name="sessions_under_way",
                condition=~Q(state__in=["published", "partial", "failed"]),
            ),
            models.Index(fields=["kind", "scheduled_at"], name="sessions_by_plan"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "client_token"], name="session_is_begun_once"),
            models.UniqueConstraint(fields=["run", "attempt"], name="rehearsals_of_a_run_are_numbered"),
            models.CheckConstraint(
                name="rehearsal_has_host_and_attempt",
                condition=~Q(kind="rehearsal")
                | Q(person__isnull=False, attempt__isnull=False, attempt__gte=1),
            ),
            models.CheckConstraint(
                name="session_on_air_has_begun",
                condition=~Q(state__in=["live", "interrupted"]) | Q(started_at__isnull=False),
            ),
            models.CheckConstraint(
                name="session_over_has_its_end",
                condition=Q(
                    state__in=["scheduled", "ready", "live", "interrupted"],
                    ended_at__isnull=True,
                    end_reason="",
                )
                | Q(
                    state__in=["ended", "processing", "published", "partial", "failed"],
                    ended_at__isnull=False,
                )
                & ~Q(end_reason=""),
            ),
            models.CheckConstraint(
                name="session_ends_after_it_began",
                condition=Q(started_at__isnull=True)
                | Q(ended_at__isnull=True)
                | Q(ended_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="session_is_held_with_reason",
                condition=Q(hold_reason="", held_since__isnull=True)
                | ~Q(hold_reason="") & Q(held_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.uid}"

    @property
    def is_over(self) -> bool:
        """Whether the broadcast has ended, however far its recording is."""
        return self.ended_at is not None

    @property
    def is_on_air(self) -> bool:
        """Whether it is being broadcast, or broken off for the moment."""
        return self.state in {self.State.LIVE, self.State.INTERRUPTED}

    @property
    def is_watchable(self) -> bool:
        """Whether there is a finished recording to watch."""
        return self.state in {self.State.PUBLISHED, self.State.PARTIAL} and self.erased_at is None

    @property
    def is_held(self) -> bool:
        """Whether its recording may not be removed for now."""
        return self.held_since is not None


class StreamCredential(models.Model):
    """Leave to send into a session or to play it; the secret itself is kept nowhere."""

    class Purpose(models.TextChoices):
        PUBLISH = "publish", _("to send")
        PLAY = "play", _("to watch")

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="credentials")
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("stream credential")
        verbose_name_plural = _("stream credentials")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="credential_expires_after_it_began", condition=Q(expires_at__gt=F("created_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.expires_at:%Y-%m-%d %H:%M}"


class IngestAttempt(models.Model):
    """One connection of a sender, from its first media to its last."""

    class End(models.TextChoices):
        FINISHED = "finished", _("finished")
        LOST = "lost", _("connection lost")
        REPLACED = "replaced", _("the sender came back on another connection")
        KICKED = "kicked", _("cut off")
        ENGINE = "engine", _("the engine stopped")

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="ingest_attempts")
    engine = models.CharField(_("engine"), max_length=12, choices=Engine)
    external_id = models.CharField(_("name at the engine"), max_length=120)
    credential = models.ForeignKey(
        StreamCredential,
        models.SET_NULL,
        related_name="ingest_attempts",
        null=True,
        blank=True,
        help_text=_("Only who holds the same one may take over from a connection that hangs."),
    )
    client = models.CharField(_("program of the sender"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("began at"))
    last_media_at = models.DateTimeField(_("last media at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(_("how it ended"), max_length=10, choices=End, blank=True)

    class Meta:
        verbose_name = _("connection of a sender")
        verbose_name_plural = _("connections of senders")
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["engine", "external_id"], name="connection_is_noted_once"),
            models.UniqueConstraint(
                fields=["session"], condition=Q(ended_at__isnull=True), name="session_has_one_sender"
            ),
            models.CheckConstraint(
                name="connection_ends_as_a_whole",
                condition=Q(ended_at__isnull=True, end_reason="")
                | Q(ended_at__isnull=False) & ~Q(end_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engine} {self.external_id}"


class MediaEvent(models.Model):
    """What an engine told us, kept as it came; told twice it is one line. Lines are only ever added."""

    session = models.ForeignKey(
        LiveSession, models.CASCADE, related_name="media_events", null=True, blank=True
    )
    engine = models.CharField(_("engine"), max_length=12, choices=Engine)
    external_id = models.CharField(_("name at the engine"), max_length=120)
    type = models.CharField(_("event"), max_length=40)
    occurred_at = models.DateTimeField(_("occurred at"))
    received_at = models.DateTimeField(_("received at"))
    detail = models.JSONField(_("detail"), default=dict)

    class Meta:
        verbose_name = _("media event")
        verbose_name_plural = _("media events")
        ordering = ["occurred_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engine", "external_id", "type", "occurred_at"], name="media_event_is_noted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.engine} {self.type}"
