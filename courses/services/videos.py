"""Making an instructor's video small enough for a village: the row holds state, attempts and lease."""

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from courses import transcoding
from courses.models import LessonVideo
from courses.services.leases import give_up, take_lease, wake_stuck
from courses.tasks import make_video_renditions_task

AGE_OF_FORGOTTEN = timedelta(minutes=2)


@transaction.atomic
def request_renditions(*, video: LessonVideo) -> None:
    """Have the renditions of a newly uploaded original made in the background."""
    video.state = LessonVideo.State.WAITING
    video.error = ""
    video.attempts = 0
    video.lease_until = None
    video.save()
    transaction.on_commit(lambda: make_video_renditions_task.delay(video.pk))


def make_renditions(*, video: LessonVideo, now: datetime | None = None) -> None:
    """Make the renditions, unless another worker holds the lease; a file that cannot be read is marked so."""
    now = now or timezone.now()
    if not take_lease(video, now):
        return
    with tempfile.TemporaryDirectory(prefix="video-") as name:
        folder = Path(name)
        original = folder / "original"
        with video.original.open("rb") as source, original.open("wb") as target:
            shutil.copyfileobj(source, target)
        try:
            made = transcoding.make_renditions(original, folder)
        except transcoding.TranscodingFailed as error:
            give_up(video, str(error))
            return
        _store(video, made)


def sweep_videos(*, now: datetime | None = None) -> int:
    """Queue the videos nobody works on any more (a lost message, a killed worker); return how many."""
    now = now or timezone.now()
    old = LessonVideo.objects.filter(created_at__lt=now - AGE_OF_FORGOTTEN)
    return wake_stuck(old, make_video_renditions_task.delay, now)


def _store(video: LessonVideo, made: transcoding.Renditions) -> None:
    for field in ("low", "medium", "audio", "poster"):
        path: Path | None = getattr(made, field)
        if path is None or (field == "poster" and video.poster):
            continue
        with path.open("rb") as content:
            getattr(video, field).save(path.name, File(content), save=False)
        if field != "poster":
            setattr(video, f"{field}_bytes", path.stat().st_size)
    video.seconds, video.width, video.height = made.seconds, made.width, made.height
    video.state, video.error, video.lease_until = LessonVideo.State.READY, "", None
    video.save()
