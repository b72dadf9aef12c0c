"""Photos and videos somebody sent: judged by their content, made safe to keep. No database.

A photo is decoded and written anew as JPEG: every browser shows it, and place, time and device that
phones write into pictures are gone. A video keeps its bytes; only its container is looked into.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import IO

import av
import pillow_heif
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from courses.errors import FileTooLarge, UnreadableFile

MEGABYTE = 1024 * 1024
MAX_PHOTO_BYTES = 25 * MEGABYTE
MAX_VIDEO_BYTES = 300 * MEGABYTE
MAX_VIDEO_SECONDS = 30 * 60
MAX_PIXELS = 80_000_000
KEPT_SIDE = 2560
PHOTO_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
VIDEO_SUFFIXES = {"mov,mp4,m4a,3gp,3g2,mj2": ".mp4", "matroska,webm": ".webm"}
FIRST_BYTES = 64

pillow_heif.register_heif_opener()


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept: what it is, its bytes, their hash and the suffix that tells the truth."""

    kind: str
    suffix: str
    sha256: str
    size: int
    content: IO[bytes]


def check_file(file: IO[bytes]) -> CheckedFile:
    """Find out what `file` is and make it safe to keep; its name and claimed type are not asked.

    Raises UnreadableFile, FileTooLarge.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    looks_like_video = _looks_like_video(file.read(FIRST_BYTES))
    file.seek(0)
    limit = MAX_VIDEO_BYTES if looks_like_video else MAX_PHOTO_BYTES
    if size > limit:
        raise FileTooLarge(_("The file is too large. At most %(size)d MB.") % {"size": limit // MEGABYTE})
    return _check_video(file, size) if looks_like_video else _check_photo(file)


def _looks_like_video(head: bytes) -> bool:
    """Tell video containers by their first bytes; HEIC photos share MP4's box format, not its brands."""
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return True
    if head[4:8] != b"ftyp":
        return False
    return head[8:12] not in {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif"}


def _check_photo(file: IO[bytes]) -> CheckedFile:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=PHOTO_FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise FileTooLarge(_("The picture has too many pixels."))
        picture.draft("RGB", (KEPT_SIDE, KEPT_SIDE))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((KEPT_SIDE, KEPT_SIDE))
        kept = io.BytesIO()
        _on_white(upright).save(kept, "JPEG", quality=86, optimize=True)
    except FileTooLarge:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise UnreadableFile from error
    content = kept.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    return CheckedFile("photo", ".jpg", digest, len(content), io.BytesIO(content))


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture without transparency and without anything but its pixels."""
    flat = Image.new("RGB", picture.size, "white")
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        with_alpha = picture.convert("RGBA")
        flat.paste(with_alpha, mask=with_alpha.getchannel("A"))
    else:
        flat.paste(picture.convert("RGB"))
    return flat


def _check_video(file: IO[bytes], size: int) -> CheckedFile:
    try:
        with av.open(file, "r") as container:
            suffix = VIDEO_SUFFIXES.get(container.format.name)
            is_video = bool(container.streams.video)
            seconds = (container.duration or 0) / av.time_base
    except (av.FFmpegError, OSError, ValueError) as error:
        raise UnreadableFile from error
    if suffix is None or not is_video:
        raise UnreadableFile
    if seconds > MAX_VIDEO_SECONDS:
        raise FileTooLarge(_("The video is too long. At most %(minutes)d minutes.") % {"minutes": 30})
    file.seek(0)
    hashed = hashlib.sha256()
    while chunk := file.read(MEGABYTE):
        hashed.update(chunk)
    digest = hashed.hexdigest()
    file.seek(0)
    return CheckedFile("video", suffix, digest, size, file)


def thumbnail(file: IO[bytes], side: int) -> bytes:
    """Return a kept photo as a smaller JPEG whose longer side is `side`."""
    with Image.open(file, formats=("JPEG",)) as picture:
        picture.draft("RGB", (side, side))
        picture.thumbnail((side, side))
        small = io.BytesIO()
        picture.save(small, "JPEG", quality=78, optimize=True)
    return small.getvalue()
