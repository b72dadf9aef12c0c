"""What was recorded and what was made of it. The raw parts are the evidence; all else is made from them.

A part plays by itself: a sender begins one when it starts, comes back, or turns the tape every few minutes.
Where a part lies in time says `livestream.timeline`.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models.background import InBackground
from livestream.models.session import IngestAttempt, LiveSession


class MediaPart(models.Model):
    """One stretch of raw recording: chunks in order, or one file an engine wrote (`path`).

    The frame of `wall_start` is at second `media_start` of the finished recording. Two parts may overlap by
    the moment a sender needs for turning the tape; then `media_start` lies before the end of the one before.
    """

    class State(models.TextChoices):
        RECEIVING = "receiving", _("arriving")
        COMPLETE = "complete", _("complete")
        DAMAGED = "damaged", _("damaged")

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="parts")
    attempt = models.ForeignKey(IngestAttempt, models.SET_NULL, related_name="parts", null=True, blank=True)
    number = models.PositiveSmallIntegerField(_("part"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVING)
    mime = models.CharField(_("type"), max_length=80, blank=True)
    path = models.CharField(
        _("file"), max_length=200, blank=True, help_text=_("In the private storage; empty for chunks.")
    )
    chunk_count = models.PositiveIntegerField(
        _("chunks"), null=True, blank=True, help_text=_("As the sender declared; unknown before.")
    )
    wall_start = models.DateTimeField(_("first frame at"))
    media_start = models.FloatField(_("second of the recording"), null=True, blank=True)
    seconds = models.FloatField(_("length in seconds"), null=True, blank=True)
    bytes = models.PositiveBigIntegerField(_("bytes"), default=0)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    error = models.CharField(_("what is wrong with it"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("part of a recording")
        verbose_name_plural = _("parts of a recording")
        ordering = ["session", "number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="part_is_in_a_session_once"),
            models.CheckConstraint(
                name="part_is_not_of_negative_length",
                condition=Q(seconds__isnull=True) | Q(seconds__gte=0),
            ),
            models.CheckConstraint(
                name="complete_part_has_its_hash", condition=~Q(state="complete") | ~Q(sha256="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}/{self.number}"


class MediaChunk(models.Model):
    """One piece of a part as it came; its bytes lie in the private storage under `raw.chunk_path`."""

    part = models.ForeignKey(MediaPart, models.CASCADE, related_name="chunks")
    seq = models.PositiveIntegerField(_("place in the part"))
    sha256 = models.CharField(max_length=64, editable=False)
    bytes = models.PositiveIntegerField(_("bytes"))
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("piece of a part")
        verbose_name_plural = _("pieces of a part")
        ordering = ["part", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["part", "seq"], name="chunk_is_in_a_part_once"),
            models.CheckConstraint(name="chunk_is_not_empty", condition=Q(bytes__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}/{self.seq}"


class Gap(models.Model):
    """A stretch of wall-clock time of which nothing was recorded."""

    class Cause(models.TextChoices):
        BETWEEN_PARTS = "between_parts", _("the sender was away")
        MISSING_CHUNKS = "missing_chunks", _("pieces never arrived")
        DAMAGED_PART = "damaged_part", _("a part cannot be read")
        ENGINE = "engine", _("the engine stopped")

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="gaps")
    wall_from = models.DateTimeField(_("from"))
    wall_to = models.DateTimeField(_("to"))
    cause = models.CharField(_("cause"), max_length=16, choices=Cause)

    class Meta:
        verbose_name = _("gap")
        verbose_name_plural = _("gaps")
        ordering = ["wall_from"]
        constraints = [
            models.UniqueConstraint(fields=["session", "wall_from", "cause"], name="gap_is_noted_once"),
            models.CheckConstraint(name="gap_ends_after_it_began", condition=Q(wall_to__gt=F("wall_from"))),
        ]

    def __str__(self) -> str:
        return f"{self.wall_from:%H:%M:%S}-{self.wall_to:%H:%M:%S}"


class RecordingBuild(InBackground):
    """The work on a session's recording: state, attempts and lease; `number` counts what was built.

    Each build has a folder of its own, so that who watches the last one is not cut off by the next.
    """

    session = models.OneToOneField(LiveSession, models.CASCADE, related_name="build")
    number = models.PositiveIntegerField(_("build"), default=0)
    folder = models.CharField(_("folder"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("asked for at"))
    built_at = models.DateTimeField(_("built at"), null=True, blank=True)
    seconds = models.FloatField(_("length in seconds"), default=0)

    class Meta:
        verbose_name = _("making of a recording")
        verbose_name_plural = _("making of recordings")
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                name="finished_build_has_its_files",
                condition=~Q(state="ready") | (Q(built_at__isnull=False) & ~Q(folder="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.state}"


class Rendition(models.Model):
    """One file, or one playlist with its segments, of the finished recording."""

    class Kind(models.TextChoices):
        LOW = "240p", _("small picture")
        MEDIUM = "360p", _("larger picture")
        AUDIO = "audio", _("sound only")
        FILE = "mp4", _("one file, small picture")
        SOUND_FILE = "m4a", _("one file, sound only")
        POSTER = "poster", _("still picture")
        WAVEFORM = "waveform", _("drawn sound")

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="renditions")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    path = models.CharField(
        _("file"), max_length=200, help_text=_("Below the session's folder; of HLS the playlist.")
    )
    bytes = models.PositiveBigIntegerField(_("bytes"))
    seconds = models.FloatField(_("length in seconds"), default=0)
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        ordering = ["session", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["session", "kind"], name="rendition_is_of_a_kind_once"),
            models.CheckConstraint(name="rendition_is_not_empty", condition=Q(bytes__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.kind}"

    @property
    def megabytes_per_minute(self) -> float:
        """What watching costs, in MB (10^6 bytes) a minute."""
        return self.bytes / 1_000_000 / (self.seconds / 60) if self.seconds else 0.0


class TranscodeRun(models.Model):
    """One ffmpeg of the media agent: enough to find it again, and to know that it is still the same one."""

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="transcode_runs")
    part = models.ForeignKey(MediaPart, models.SET_NULL, related_name="transcode_runs", null=True, blank=True)
    number = models.PositiveIntegerField(_("run"), help_text=_("Names its segments."))
    pid = models.PositiveIntegerField()
    process_start = models.CharField(
        max_length=40, help_text=_("As the kernel tells it: a number of a process is used again.")
    )
    command_hash = models.CharField(max_length=64)
    skipped_seconds = models.FloatField(
        _("skipped"), default=0, help_text=_("What an earlier run of the part had shown already.")
    )
    restarts = models.PositiveSmallIntegerField(_("restarts"), default=0)
    started_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    exit_code = models.IntegerField(_("exit code"), null=True, blank=True)

    class Meta:
        verbose_name = _("run of the transcoder")
        verbose_name_plural = _("runs of the transcoder")
        ordering = ["session", "number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="transcoder_runs_are_numbered"),
            models.UniqueConstraint(
                fields=["session"], condition=Q(ended_at__isnull=True), name="session_has_one_transcoder"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} #{self.number}"
