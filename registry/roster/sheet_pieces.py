"""A large sheet of an .xlsx file as several small workbooks, one after another.

The parser then holds some ten thousand rows at a time instead of a whole county: a quarter of the memory.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TARGETS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRINGS = "xl/sharedStrings.xml"
_LARGE = 24 << 20
_PIECE = 6 << 20
# Each piece reads all shared strings again, so that many of them call for fewer pieces.
_MANY_STRINGS, _LARGER_PIECE = 4 << 20, 20 << 20
_ROW, _ROW_END = b"<row ", b"</row>"


def large_sheets(path: Path) -> dict[str, str]:
    """Return the sheets that are worth taking to pieces: name and part of the archive."""
    with zipfile.ZipFile(path) as archive:
        sizes = {each.filename: each.file_size for each in archive.infolist()}
        if "xl/workbook.xml" not in sizes or max(sizes.values()) < _LARGE:
            return {}
        parts = _parts(archive)
        return {
            name: part
            for name, part in parts.items()
            if sizes.get(part, 0) >= _LARGE and _is_plain(archive, part)
        }


def pieces_of(path: Path, part: str) -> Iterator[BinaryIO]:
    """Yield workbooks with the same sheets of which `part` holds some rows; the last has what follows."""
    with zipfile.ZipFile(path) as archive, archive.open(part) as sheet:
        others = {
            each.filename: archive.read(each)
            for each in archive.infolist()
            if each.filename != part and not each.filename.startswith(("xl/media/", "xl/drawings/"))
        }
        size = _LARGER_PIECE if len(others.get(_STRINGS, b"")) > _MANY_STRINGS else _PIECE
        head, _row, rest = sheet.read(size).partition(_ROW)
        rest = _row + rest
        while more := sheet.read(size):
            rows, end, rest = rest.rpartition(_ROW_END)
            yield _workbook(others, part, [head, rows, end, b"</sheetData></worksheet>"])
            del rows
            rest += more
        yield _workbook(others, part, [head, rest])


def _workbook(others: dict[str, bytes], part: str, sheet: list[bytes]) -> BinaryIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in others.items():
            archive.writestr(name, content)
        with archive.open(part, "w") as target:
            for piece in sheet:
                target.write(piece)
    file.seek(0)
    return file


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - expat limits it
    targets = {link.get("Id"): link.get("Target", "") for link in links.iter(_TARGETS)}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    return {
        sheet.get("name", ""): posixpath.normpath(
            posixpath.join("/xl", targets.get(sheet.get(_LINK), ""))
        ).lstrip("/")
        for sheet in book.iter(f"{_MAIN}sheet")
    }


def _is_plain(archive: zipfile.ZipFile, part: str) -> bool:
    """Tell whether rows can be cut apart: numbered, without a namespace prefix."""
    with archive.open(part) as sheet:
        beginning = sheet.read(100_000)
    first = beginning.find(_ROW)
    return first > 0 and b' r="' in beginning[first : first + 200] and _ROW_END in beginning
