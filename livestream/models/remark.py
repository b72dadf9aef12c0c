"""Remarks on a second of a rehearsal, and what the host answers.

A remark is anchored to the wall clock of what was seen, so that gaps and new encodings do not move it.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from livestream.models.session import LiveSession
from registry.private_files import private_storage

MAX_VOICE_SECONDS = 60


def voice_path(remark: "TimelineComment", filename: str) -> str:
    """Name the voice note by its content; the sender's name may hold anything."""
    return f"remarks/{remark.session.uid}/{remark.voice_sha256}.m4a"


class TimelineComment(models.Model):
    """A remark by a coach or a fellow trainee, as text or a voice note of at most a minute."""

    class Role(models.TextChoices):
        COACH = "coach", _("coach")
        PEER = "peer", _("fellow trainee")

    class State(models.TextChoices):
        DRAFT = "draft", _("not shown yet")
        SHOWN = "shown", _("shown to the host")
        WITHDRAWN = "withdrawn", _("taken back")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="remarks")
    role = models.CharField(_("said as"), max_length=5, choices=Role, default=Role.COACH)
    client_token = models.UUIDField(_("token of the sender"))
    wall_time = models.DateTimeField(_("moment it is about"))
    seconds = models.PositiveSmallIntegerField(_("how long it is about"), default=0)
    segment_key = models.UUIDField(_("segment"), null=True, blank=True)
    line_key = models.SlugField(_("rubric line"), max_length=20, blank=True)
    text = models.CharField(_("remark"), max_length=500, blank=True)
    voice = models.FileField(
        _("voice note"), storage=private_storage, upload_to=voice_path, max_length=200, blank=True
    )
    voice_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    voice_seconds = models.PositiveSmallIntegerField(_("length of the voice note"), default=0)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField(_("made at"))
    shown_at = models.DateTimeField(_("shown at"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("settled by the host at"), null=True, blank=True)

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["wall_time", "pk"]
        indexes = [models.Index(fields=["session", "wall_time"], name="remarks_on_the_timeline")]
        constraints = [
            models.UniqueConstraint(fields=["author", "client_token"], name="remark_is_sent_once"),
            models.CheckConstraint(name="remark_says_something", condition=~Q(text="") | ~Q(voice_sha256="")),
            models.CheckConstraint(
                name="voice_note_lasts_a_minute", condition=Q(voice_seconds__lte=MAX_VOICE_SECONDS)
            ),
            models.CheckConstraint(
                name="shown_remark_has_its_time", condition=~Q(state="shown") | Q(shown_at__isnull=False)
            ),
            models.CheckConstraint(
                name="settled_remark_was_shown",
                condition=Q(resolved_at__isnull=True) | Q(shown_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.wall_time:%H:%M:%S}"


class CommentAnswer(models.Model):
    """What the host, or whoever made the remark, says to it."""

    remark = models.ForeignKey(TimelineComment, models.PROTECT, related_name="answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    client_token = models.UUIDField(_("token of the sender"))
    text = models.CharField(_("answer"), max_length=500)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("answer to a remark")
        verbose_name_plural = _("answers to remarks")
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["author", "client_token"], name="answer_is_sent_once"),
            models.CheckConstraint(name="answer_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.remark_id} {self.made_at:%Y-%m-%d}"
