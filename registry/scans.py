"""Scanned sheets somebody sends: judged by their content, made safe to keep. No database.

A picture is decoded and written anew as JPEG, without place, time and device. A PDF keeps its bytes; one that
could do something when it is opened is refused.
"""

import io
import warnings
from typing import IO

from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

from registry.errors import ScanUnreadable

MOST_MEGABYTES = 10
_MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
_KEPT_SIDE = 2560
_FORMATS = ("JPEG", "PNG", "WEBP")
_PDF = b"%PDF-"
_ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction", b"/AA", b"/EmbeddedFile", b"/RichMedia")


def check_scan(file: IO[bytes]) -> ContentFile:
    """Return what may be kept of a sheet; its name and claimed type are not asked. Raises ScanUnreadable."""
    content = file.read(_MOST_BYTES + 1)
    if not content or len(content) > _MOST_BYTES:
        raise ScanUnreadable(size=MOST_MEGABYTES)
    if content.startswith(_PDF):
        if any(word in content for word in _ACTIVE):
            raise ScanUnreadable(size=MOST_MEGABYTES)
        return ContentFile(content, name="scan.pdf")
    return ContentFile(_as_jpeg(content), name="scan.jpg")


def type_of_scan(head: bytes) -> tuple[str, str]:
    """Return media type and suffix of a kept sheet by its first bytes."""
    return ("application/pdf", ".pdf") if head.startswith(_PDF) else ("image/jpeg", ".jpg")


def _as_jpeg(content: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
                upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((_KEPT_SIDE, _KEPT_SIDE))
        kept = io.BytesIO()
        upright.save(kept, "JPEG", quality=86, optimize=True)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        ValueError,
        SyntaxError,
    ) as error:
        raise ScanUnreadable(size=MOST_MEGABYTES) from error
    return kept.getvalue()
