"""Practical work handed in: photos and videos, one attempt after another."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.background import InBackground
from courses.models.enrolment import Enrolment
from registry.private_files import private_storage


class Submission(models.Model):
    """One attempt at a task. A new attempt follows a returned one; nothing is overwritten."""

    class State(models.TextChoices):
        HANDED_IN = "handed_in", _("handed in")
        RETURNED = "returned", _("returned for another try")
        MARKED = "marked", _("marked")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="submissions")
    lesson_key = models.UUIDField(_("lesson"))
    task_key = models.CharField(_("task"), max_length=40)
    attempt = models.PositiveSmallIntegerField(_("attempt"))
    client_token = models.UUIDField(_("token of the sender"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.HANDED_IN)
    handed_in_at = models.DateTimeField(_("handed in at"))

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["handed_in_at"]
        indexes = [models.Index(fields=["state", "handed_in_at"])]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "client_token"], name="submission_is_sent_once"),
            models.UniqueConstraint(
                fields=["enrolment", "lesson_key", "task_key", "attempt"], name="attempts_are_numbered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.task_key} #{self.attempt}"


def submission_file_path(submission_file: "SubmissionFile", filename: str) -> str:
    """Name the file by its content; the sender's name may hold anything."""
    submission = submission_file.submission
    cleaned = ".cleaned" if submission_file.is_ready and submission_file.kind == "video" else ""
    return f"work/{submission.uid}/{submission_file.sha256}{cleaned}{submission_file.suffix}"


class SubmissionFile(InBackground):
    """One photo or video of a submission, the same bytes once.

    A photo is ready as it is kept. A video waits until a worker has taken out what the phone wrote into it;
    until then nobody but its sender sees it. `sha256` stays that of what was sent.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo", _("photo")
        VIDEO = "video", _("video")

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="files")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    file = models.FileField(
        _("file"), storage=private_storage, upload_to=submission_file_path, max_length=200
    )
    suffix = models.CharField(max_length=6)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField(_("bytes"))

    class Meta:
        verbose_name = _("submitted file")
        verbose_name_plural = _("submitted files")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "sha256"], name="same_file_once_in_a_submission"),
            models.CheckConstraint(
                name="handed_in_photo_is_ready",
                condition=~models.Q(kind="photo") | models.Q(state="ready"),
            ),
        ]

    def __str__(self) -> str:
        return self.file.name or ""
