"""Office files somebody sends for a ledger: judged by their content, never by their name. No database."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from typing import IO

from django.core.files.base import ContentFile

from courses.errors import PaperUnreadable
from registry.errors import ScanUnreadable
from registry.scans import check_scan, type_of_scan
from registry.zip_bombs import unpacks_safely

MOST_MEGABYTES = 20
_MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
# The part that every document of the kind has, and the one it has when it carries a program.
_MAIN_PARTS = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "ppt/presentation.xml": ".pptx"}
_PROGRAMS = ("vbaProject.bin", "activeX", "oleObject")
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


@dataclass(frozen=True)
class CheckedPaper:
    """A file that may be kept: its content, the suffix that tells the truth, and the hash of what is kept."""

    content: ContentFile
    suffix: str
    sha256: str
    size: int


def check_paper(file: IO[bytes]) -> CheckedPaper:
    """Return what may be kept of a PDF, a picture or an office document. Raises PaperUnreadable.

    Pictures are written anew without place and device; documents that carry a program are refused.
    """
    content = file.read(_MOST_BYTES + 1)
    if not content or len(content) > _MOST_BYTES:
        raise PaperUnreadable(MOST_MEGABYTES)
    if content.startswith(b"PK"):
        return _kept(content, _suffix_of_document(content))
    try:
        scan = check_scan(io.BytesIO(content))
    except ScanUnreadable as refusal:
        raise PaperUnreadable(MOST_MEGABYTES) from refusal
    kept = scan.read()
    return _kept(kept, type_of_scan(kept[:8])[1])


def _suffix_of_document(content: bytes) -> str:
    if not unpacks_safely(io.BytesIO(content)):
        raise PaperUnreadable(MOST_MEGABYTES)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.namelist()
    suffix = next((suffix for part, suffix in _MAIN_PARTS.items() if part in parts), None)
    if suffix is None or any(word in part for part in parts for word in _PROGRAMS):
        raise PaperUnreadable(MOST_MEGABYTES)
    return suffix


def _kept(content: bytes, suffix: str) -> CheckedPaper:
    return CheckedPaper(ContentFile(content), suffix, hashlib.sha256(content).hexdigest(), len(content))
