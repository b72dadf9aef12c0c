"""Taking place, device and time out of handed-in videos before anybody but the sender sees them."""

import shutil
import tempfile
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from courses import transcoding
from courses.models import SubmissionFile
from courses.services.leases import give_up, take_lease, wake_stuck
from courses.tasks import clean_handed_in_video_task

AGE_OF_FORGOTTEN = timedelta(minutes=2)


def clean_handed_in_video(*, file: SubmissionFile, now: datetime | None = None) -> None:
    """Keep picture and sound of a video and nothing else; the file that was sent is deleted.

    Does nothing when another worker holds the lease or the work is done. A video that cannot be written
    anew is marked so, and stays with its sender alone.
    """
    if not take_lease(file, now or timezone.now()):
        return
    with tempfile.TemporaryDirectory(prefix="work-") as name:
        original, cleaned = Path(name) / f"sent{file.suffix}", Path(name) / f"cleaned{file.suffix}"
        with file.file.open("rb") as source, original.open("wb") as target:
            shutil.copyfileobj(source, target)
        try:
            transcoding.strip_metadata(original, cleaned)
        except transcoding.TranscodingFailed as error:
            give_up(file, str(error))
            return
        _replace(file, cleaned)


@transaction.atomic
def _replace(file: SubmissionFile, cleaned: Path) -> None:
    storage, sent = file.file.storage, file.file.name or ""
    file.state, file.error, file.lease_until = SubmissionFile.State.READY, "", None
    with cleaned.open("rb") as content:
        file.file.save(cleaned.name, File(content), save=False)
    file.bytes = cleaned.stat().st_size
    file.save()
    transaction.on_commit(partial(storage.delete, sent))


def sweep_handed_in_videos(*, now: datetime | None = None) -> int:
    """Queue the videos nobody works on any more; return how many."""
    now = now or timezone.now()
    old = SubmissionFile.objects.filter(submission__handed_in_at__lt=now - AGE_OF_FORGOTTEN)
    return wake_stuck(old, clean_handed_in_video_task.delay, now)
