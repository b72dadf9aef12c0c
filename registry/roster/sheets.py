"""The raw sheets of a file, told apart by its content: Excel old and new, OpenDocument, CSV.

A large sheet is handed to the parser in pieces, for it keeps all 26 columns of what it parses in memory.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from registry.errors import RosterUnreadable
from registry.roster.sheet_pieces import large_sheets, pieces_of

RawRow = tuple[int, int, list[Any]]  # row as the spreadsheet shows it, column of the first cell, cells
CellRange = tuple[tuple[int, int], tuple[int, int]]

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MAX_UNPACKED = 2_000_000_000
_DELIMITERS = ",\t;"


@dataclass
class RawSheet:
    """A sheet not looked at yet; `merged` is complete once all rows were taken."""

    name: str
    rows: Iterator[RawRow]
    merged: list[CellRange] = field(default_factory=list)


def open_sheets(path: Path) -> Iterator[RawSheet]:
    """Yield the sheets of a file. Raises `RosterUnreadable` for what is no spreadsheet."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise RosterUnreadable(reason=_("it cannot be opened.")) from error
    if not start:
        raise RosterUnreadable(reason=_("it is empty."))
    if start.startswith((_ZIP, _OLE)):
        return _workbook_sheets(path, is_zip=start.startswith(_ZIP))
    return iter([_text_sheet(path)])


def _workbook_sheets(path: Path, *, is_zip: bool) -> Iterator[RawSheet]:
    try:
        large = large_sheets(_checked_zip(path)) if is_zip else {}
        with path.open("rb") as file:
            names = _workbook(file).sheet_names
            for name in names:
                if name in large:
                    yield _sheet_in_pieces(path, name, large[name])
                else:
                    yield _whole_sheet(_workbook(file).get_sheet_by_name(name))
    except PasswordError as error:
        raise RosterUnreadable(reason=_("it is locked with a password.")) from error
    except (CalamineError, OSError, zipfile.BadZipFile, KeyError, EOFError) as error:
        raise RosterUnreadable(reason=_("it is not a spreadsheet (.xlsx, .xls or .csv).")) from error


def _workbook(file: BinaryIO) -> CalamineWorkbook:
    file.seek(0)
    return CalamineWorkbook.from_filelike(file)


def _checked_zip(path: Path) -> Path:
    """A few kilobytes can unpack to what fills the memory."""
    with zipfile.ZipFile(path) as archive:
        if sum(each.file_size for each in archive.infolist()) > _MAX_UNPACKED:
            raise RosterUnreadable(reason=_("it is too large once unpacked."))
    return path


def _whole_sheet(sheet: CalamineSheet) -> RawSheet:
    return RawSheet(sheet.name, _rows(sheet), list(sheet.merged_cell_ranges or ()))


def _rows(sheet: CalamineSheet) -> Iterator[RawRow]:
    top, left = sheet.start or (0, 0)
    for number, cells in enumerate(sheet.to_python(skip_empty_area=True), start=top + 1):
        yield number, left, cells


def _sheet_in_pieces(path: Path, name: str, part: str) -> RawSheet:
    merged: list[CellRange] = []

    def rows() -> Iterator[RawRow]:
        expected = 1
        for sheet in _parsed_ahead(pieces_of(path, part), name):
            merged.extend(sheet.merged_cell_ranges or ())
            for number, left, cells in _rows(sheet):
                # A blank row between two pieces belongs to neither.
                yield from ((blank, 0, []) for blank in range(expected, number))
                yield number, left, cells
                expected = number + 1

    return RawSheet(name, rows(), merged)


def _parsed_ahead(pieces: Iterator[BinaryIO], name: str) -> Iterator[CalamineSheet]:
    """Yield the sheet `name` of each piece, the next one parsed meanwhile: the parser lets Python go on."""

    def parse() -> CalamineSheet | None:
        piece = next(pieces, None)
        return CalamineWorkbook.from_filelike(piece).get_sheet_by_name(name) if piece else None

    with ThreadPoolExecutor(max_workers=1) as parser:
        ahead = parser.submit(parse)
        while sheet := ahead.result():
            ahead = parser.submit(parse)
            yield sheet


def _text_sheet(path: Path) -> RawSheet:
    text = _decoded(path.read_bytes())
    beginning = text[:5_000]
    delimiter = max(_DELIMITERS, key=beginning.count)
    if "\0" in text or delimiter not in beginning:
        raise RosterUnreadable(reason=_("it is not a spreadsheet (.xlsx, .xls or .csv)."))
    return RawSheet("", _text_rows(text, delimiter))


def _text_rows(text: str, delimiter: str) -> Iterator[RawRow]:
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
            yield number, 0, cells
    except csv.Error as error:
        raise RosterUnreadable(reason=_("it is not a spreadsheet (.xlsx, .xls or .csv).")) from error


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, else what Excel writes in China, else Excel's "Unicode text"."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise RosterUnreadable(reason=_("it is neither UTF-8 nor GB18030 text."))
