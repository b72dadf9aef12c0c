"""Pictures, captions and videos of course folders, kept once and replaced when their content changes."""

import hashlib
from pathlib import Path

from django.core.files import File
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

from courses.demo.content import CourseFolder, key_of
from courses.models import LessonVideo
from courses.services import make_renditions


def picture(folder: CourseFolder, name: str) -> AbstractImage:
    """Return the picture of that file."""
    return _kept(get_image_model(), folder, name)


def document(folder: CourseFolder, name: str) -> AbstractDocument:
    """Return the document of that file."""
    return _kept(get_document_model(), folder, name)


def _kept(
    model: type[AbstractImage] | type[AbstractDocument], folder: CourseFolder, name: str
) -> AbstractImage | AbstractDocument:
    path = folder.file(name)
    title = f"{folder.slug}/{name}"
    kept = model.objects.filter(title=title).first() or model(title=title)
    digest = hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()  # what Wagtail itself keeps
    if kept.file_hash != digest:
        with path.open("rb") as content:
            kept.file.save(path.name, File(content), save=False)
            kept.file_size = path.stat().st_size
            kept._set_file_hash()
            kept.save()
    return kept


def video(folder: CourseFolder, name: str, title: str, poster: str | None) -> LessonVideo:
    """Return the video of that file, its renditions made; they are made again when the file changes."""
    path = folder.file(name)
    uid = key_of(folder.slug, name)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    kept = LessonVideo.objects.filter(uid=uid).first() or LessonVideo(uid=uid, title=title)
    if kept.sha256 == digest:
        return kept
    _save_files(kept, path, folder.file(poster) if poster else None)
    kept.sha256, kept.state, kept.attempts, kept.lease_until = digest, LessonVideo.State.WAITING, 0, None
    kept.save()
    make_renditions(video=kept)
    return kept


def _save_files(kept: LessonVideo, original: Path, poster: Path | None) -> None:
    with original.open("rb") as content:
        kept.original.save(original.name, File(content), save=False)
    if poster:
        with poster.open("rb") as content:
            kept.poster.save(f"poster{poster.suffix}", File(content), save=False)
