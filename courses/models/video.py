"""A lesson's video: one file uploaded, small renditions made from it in the background."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.background import InBackground
from registry.private_files import private_storage


def original_path(video: "LessonVideo", filename: str) -> str:
    """Keep the original under a name of our own; the sender's may hold anything."""
    return f"videos/{video.uid}.original"


def rendition_path(video: "LessonVideo", filename: str) -> str:
    """Name a rendition by its video; `filename` is ours."""
    return f"videos/{video.uid}/{filename}"


class LessonVideo(InBackground):
    """A video an instructor uploaded; this row holds the state of the work on its renditions."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=120)
    original = models.FileField(
        _("video file"), storage=private_storage, upload_to=original_path, max_length=200
    )
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    seconds = models.PositiveIntegerField(_("length in seconds"), default=0, editable=False)
    low = models.FileField(_("240p file"), upload_to=rendition_path, blank=True, editable=False)
    medium = models.FileField(_("360p file"), upload_to=rendition_path, blank=True, editable=False)
    audio = models.FileField(_("sound only"), upload_to=rendition_path, blank=True, editable=False)
    poster = models.FileField(_("poster"), upload_to=rendition_path, blank=True, editable=False)
    low_bytes = models.PositiveIntegerField(default=0, editable=False)
    medium_bytes = models.PositiveIntegerField(default=0, editable=False)
    audio_bytes = models.PositiveIntegerField(default=0, editable=False)
    width = models.PositiveSmallIntegerField(default=0, editable=False)
    height = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="ready_video_has_renditions", condition=~Q(state="ready") | (~Q(low="") & ~Q(medium=""))
            )
        ]

    def __str__(self) -> str:
        return self.title
