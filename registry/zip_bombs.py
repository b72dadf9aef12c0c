"""Workbooks are zip archives: how large one becomes is known before it is unpacked. No database."""

import zipfile
from typing import IO

MOST_BYTES = 600 * 1024 * 1024  # a roster of 110,000 people unpacks to about 150 MB
MOST_PARTS = 2000


def unpacks_safely(file: IO[bytes]) -> bool:
    """Say whether `file` is a sound zip archive of bearable size; leaves it at its beginning.

    The sizes it declares are added up first, and only if they are bearable checked against the content:
    reading stops at the declared size, and more behind it breaks the checksum.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                return False
            return archive.testzip() is None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return False
    finally:
        file.seek(0)
