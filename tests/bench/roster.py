"""A county's list of 110,166 people: rows a second and peak memory, beside the row-by-row way.

Each run is `manage.py import_roster` in a process of its own, its start included. The row-by-row way reads
with openpyxl and saves with the ORM in one transaction, on the first rows of the same file, and is rolled
back.
ROSTER_PEOPLE makes the list smaller.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from openpyxl import load_workbook

from registry.id_numbers import parse_id_number
from registry.models import Household, Membership, Person, RosterImport, StatusPeriod
from registry.names import clean_name, compare_key
from registry.phones import clean_phone
from registry.queries.places import version_by_code
from registry.roster.columns import EXPORT_COLUMNS
from registry.roster.statuses import kinds_of
from registry.roster.villages import VillageIndex
from registry.sealing import lookup_hashes
from registry.services import preview_undo, request_undo, undo_roster
from tests.bench.run import Figure, figure

COUNTY, DAY, SEED = "431125", date(2026, 1, 1), 7
PEOPLE = int(os.environ.get("ROSTER_PEOPLE", "110166"))
HOUSEHOLDS = max(PEOPLE * 35_554 // 110_166, 1)
ORM_ROWS = min(2_000, PEOPLE)
REPEATED = 3
FILE_NAME = "bench-roster.xlsx"
# The bars of issue 3.
APPLY_SECONDS, MEMORY, UNCHANGED_SHARE, TIMES_FASTER = 90, 400, 0.4, 10


def measure() -> Iterator[Figure]:
    """Yield the figures of dry run and apply, first and unchanged, the row-by-row way, and the undo."""
    _undo_leftovers()
    size = f"{PEOPLE} people, {HOUSEHOLDS} households"
    with TemporaryDirectory() as folder:
        path = Path(folder) / FILE_NAME
        _write_list(path)
        orm_seconds = _row_by_row(path)
        rehearsal, rehearsal_peak = _run(path, "--dry-run")
        first, first_peak = _run(path)
        repeated = [_run(path) for _time in range(REPEATED)]
        again, again_peak = median(each[0] for each in repeated), max(each[1] for each in repeated)
        rehearsal_again, _peak = _run(path, "--dry-run")
    yield figure("roster_dry_run", rehearsal, "s", size=size)
    yield figure("roster_dry_run_memory", rehearsal_peak, "MB", against=MEMORY, size=size)
    yield figure("roster_apply", first, "s", against=APPLY_SECONDS, size=size)
    yield figure("roster_apply_memory", first_peak, "MB", against=MEMORY, size=size)
    share = f"at most {UNCHANGED_SHARE} of the first"
    yield figure("roster_unchanged", again, "s", against=round(first, 2), n=REPEATED, size=share)
    yield figure("roster_unchanged_memory", again_peak, "MB", against=MEMORY, size=size)
    yield figure("roster_unchanged_dry_run", rehearsal_again, "s", size=size)
    yield figure(
        "roster_rows_per_s_against_orm",
        PEOPLE / first,
        "rows/s",
        against=round(ORM_ROWS / orm_seconds, 1),
        n=ORM_ROWS,
        size=f"at least {TIMES_FASTER} times; ORM and openpyxl on n rows",
    )
    yield from _undo_figures(size)


def _write_list(path: Path) -> None:
    """In another process: a process begins with the peak of the one that starts it."""
    command = [sys.executable, "manage.py", "make_demo_roster", str(path), "--people", str(PEOPLE)]
    options = ["--households", str(HOUSEHOLDS), "--seed", str(SEED)]
    subprocess.run([*command, *options], cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, check=True)


def _run(path: Path, *options: str) -> tuple[float, float]:
    """Return seconds and peak memory in MB of one command."""
    command = [sys.executable, "manage.py", "import_roster", str(path), "--county", COUNTY, "--as-of"]
    began = time.perf_counter()
    process = subprocess.Popen(
        [*command, DAY.isoformat(), *options, "--json"], cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"import_roster ended with {process.returncode}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def _undo_figures(size: str) -> Iterator[Figure]:
    roster_import = _applied().earliest("pk")
    _applied().exclude(pk=roster_import.pk).update(state=RosterImport.State.UNDONE)  # it wrote nothing
    began = time.perf_counter()
    preview_undo(roster_import)
    yield figure("roster_undo_preview", time.perf_counter() - began, "s", size=size)
    began = time.perf_counter()
    _undo(roster_import)
    yield figure("roster_undo", time.perf_counter() - began, "s", size=size)


def _applied():
    return RosterImport.objects.filter(file_name=FILE_NAME, state=RosterImport.State.APPLIED)


def _undo_leftovers() -> None:
    for roster_import in _applied().order_by("-pk"):
        _undo(roster_import)
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE registry_person, registry_membership, registry_household, registry_statusperiod"
        )


def _undo(roster_import: RosterImport) -> None:
    request_undo(roster_import=roster_import, by=None)
    undo_roster(roster_import)


def _row_by_row(path: Path) -> float:
    """Return the seconds the obvious way takes for the first rows."""
    version = version_by_code(COUNTY)
    villages = VillageIndex(COUNTY, DAY)
    began = time.perf_counter()
    with transaction.atomic():
        page = load_workbook(path, read_only=True).active
        for cells in page.iter_rows(min_row=3, max_row=ORM_ROWS + 2, values_only=True):
            _save(dict(zip(EXPORT_COLUMNS, cells, strict=True)), version.region, villages)
        seconds = time.perf_counter() - began
        transaction.set_rollback(True)
    return seconds


def _save(cells: dict, county, villages: VillageIndex) -> None:
    village = villages.find(cells["乡"], cells["行政村"])
    parsed = parse_id_number(cells["证件号码"])
    household, _is_new = Household.objects.get_or_create(
        county=county, number=cells["户编号"], defaults={"village_id": village, "listed_on": DAY}
    )
    hashes = lookup_hashes(parsed.number, purpose="id_number")
    person = Person.objects.filter(id_number_hash__in=hashes).first() or Person()
    person.name, person.name_key = clean_name(cells["姓名"]), compare_key(cells["姓名"])
    person.sex, person.birth_year, person.village_id = parsed.sex, parsed.birth_date.year, village
    person.id_number, person.identity_level, person.listed_on = parsed.number, 2, DAY
    person.phone = clean_phone(cells["联系电话"]) if cells["联系电话"] else ""
    person.save()
    Membership.objects.get_or_create(
        person=person,
        household=household,
        defaults={
            "number": cells["人编号"],
            "relation": cells["与户主关系"],
            "is_head": cells["与户主关系"] == "户主",
            "valid": DateRange(DAY, None),
        },
    )
    for kind in kinds_of(cells["脱贫属性"]) or ():
        StatusPeriod.objects.get_or_create(
            household=household,
            kind=kind,
            defaults={"label": cells["脱贫属性"], "valid": DateRange(DAY, None)},
        )
