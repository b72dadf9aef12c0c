"""When a camera says it took a picture, read from what it wrote into the file. No database."""

from datetime import datetime
from typing import IO

from django.utils import timezone
from PIL import ExifTags, Image

from courses.uploads import PHOTO_FORMATS

_FORM = "%Y:%m:%d %H:%M:%S"


def time_taken(file: IO[bytes]) -> datetime | None:
    """Return the moment the camera wrote, by China's clock where it names no zone; None if it wrote none."""
    file.seek(0)
    try:
        with Image.open(file, formats=PHOTO_FORMATS) as picture:
            written = picture.getexif().get_ifd(ExifTags.IFD.Exif)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    finally:
        file.seek(0)
    return _moment(written.get(ExifTags.Base.DateTimeOriginal), written.get(ExifTags.Base.OffsetTimeOriginal))


def _moment(text: object, offset: object) -> datetime | None:
    try:
        if isinstance(offset, str) and offset.strip():
            return datetime.strptime(f"{text} {offset.strip().replace(':', '')}", f"{_FORM} %z")
        naive = datetime.strptime(str(text).strip("\x00 "), _FORM)  # noqa: DTZ007 - the camera knows no zone
    except ValueError:
        return None
    return timezone.make_aware(naive)
