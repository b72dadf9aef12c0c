"""Pictures for papers: read with care, drawn anew. Pure."""

import io
from typing import IO

from PIL import Image, UnidentifiedImageError

from certificates.errors import UnreadablePicture

SEAL_PIXELS = 600
BACKGROUND_PIXELS = 2400


def clean_picture(picture: IO[bytes], most: int) -> bytes:
    """Return a picture as PNG of `most` pixels a side, without anything else the file held."""
    try:
        with Image.open(picture, formats=["PNG", "JPEG", "WEBP"]) as opened:
            opened.load()
            drawn = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise UnreadablePicture from None
    drawn.thumbnail((most, most))
    clean = Image.new("RGBA", drawn.size)
    clean.paste(drawn)
    made = io.BytesIO()
    clean.save(made, "PNG", optimize=True)
    return made.getvalue()
