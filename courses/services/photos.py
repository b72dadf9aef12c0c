"""Photos of sittings: time and hash are read from what was sent, then everything but the pixels goes."""

import hashlib
from datetime import datetime
from functools import partial
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from courses.errors import PhotoKnown, UnreadableFile
from courses.models import ClassDuty, Sitting, SittingPhoto, SittingSite
from courses.photo_times import time_taken
from courses.services.duties import take_duty
from courses.uploads import check_file
from registry.models import User


@transaction.atomic
def add_photo(
    *,
    sitting: Sitting,
    file: IO[bytes],
    view: str,
    by: User,
    site: SittingSite | None = None,
    now: datetime | None = None,
) -> SittingPhoto:
    """Keep a photo of a sitting with the camera's time and the SHA-256 of the file as it was sent (A7).

    Raises PhotoKnown, UnreadableFile, FileTooLarge, DutiesMustDiffer.
    """
    now = now or timezone.now()
    take_duty(training_class=sitting.training_class, duty=ClassDuty.Duty.ENTER, by=by, now=now)
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(1 << 20):
        digest.update(piece)
    sha256 = digest.hexdigest()
    if sitting.photos.filter(sha256=sha256).exists():
        raise PhotoKnown
    taken_at = time_taken(file)
    kept = check_file(file)
    if kept.kind != "photo":
        raise UnreadableFile
    photo = SittingPhoto(
        sitting=sitting, site=site, view=view, sha256=sha256, taken_at=taken_at, added_by=by, added_at=now
    )
    photo.file.save("photo.jpg", ContentFile(kept.content.read()), save=False)
    photo.save()
    return photo


def remove_old_photos(older_than: datetime, is_rehearsal: bool) -> int:
    """Delete the files of photos added before then and return how many; their time and hash stay (A7)."""
    old = SittingPhoto.objects.filter(added_at__lt=older_than).exclude(file="")
    if is_rehearsal:
        return old.count()
    photos = list(old)
    for photo in photos:
        transaction.on_commit(partial(photo.file.storage.delete, photo.file.name), robust=True)
    return SittingPhoto.objects.filter(pk__in=[photo.pk for photo in photos]).update(file="")
