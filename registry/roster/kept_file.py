"""An upload without the columns we may not keep: they are dropped before anything is written.

Gzipped lines of JSON: one for each sheet with its header, followed by its rows.
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from registry.roster.reader import REPEATED, RosterBook, RosterSheet, SheetRow


def write_kept(book: RosterBook, path: Path) -> None:
    """Write what we keep of `book`, taking its rows."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        for sheet in book.sheets:
            header = {
                "name": sheet.name,
                "header_row": sheet.header_row,
                "headers": sheet.headers,
                "columns": sheet.columns,
            }
            file.write(json.dumps(header, ensure_ascii=False) + "\n")
            for row in sheet.take_rows():
                line = [row.number, row.is_merged, *map(_plain, row.values)]
                file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_kept(path: Path) -> RosterBook:
    """Read back what `write_kept` wrote."""
    sheets: list[RosterSheet] = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for entry in _entries(file):
            if isinstance(entry, dict):
                headers = {int(column): text for column, text in entry["headers"].items()}
                sheets.append(RosterSheet(entry["name"], entry["header_row"], headers, entry["columns"]))
            else:
                number, is_merged, *values = entry
                sheets[-1].waiting.append(SheetRow(number, tuple(values), is_merged))
    return RosterBook(sheets)


def _entries(file: Iterable[str]) -> Iterator[Any]:
    repeated: dict[str, str] = {}
    for line in file:
        entry = json.loads(line)
        if isinstance(entry, list):  # places, households and statuses stand in many rows: one copy for all
            for place in REPEATED:
                value = entry[2 + place] if len(entry) > 2 else ""
                if isinstance(value, str) and value:
                    entry[2 + place] = repeated.setdefault(value, value)
        yield entry


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float)) or value is None else str(value)
