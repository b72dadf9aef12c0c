"""Loading the published list of places, a province at a time, with COPY and set-based SQL.

The list is streamed into a temporary table, so memory does not grow with it. A place whose code is in use,
on the list's day or now, stays as it is: running it again writes nothing.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from registry import region_edition
from registry.errors import RegionDataMissing
from registry.roster.copying import copy_rows
from registry.services.regions import RegionsImported

Progress = Callable[[str, RegionsImported], None]

_STAGE = """
    CREATE TEMP TABLE edition (
        code varchar(12) COLLATE "C", name text, level smallint, parent_code varchar(12) COLLATE "C",
        is_administrative boolean
    )
"""
# One pass gives every place its region: the one that bears the code, or a new number.
_PLACE = """
    CREATE TEMP TABLE placed ON COMMIT DROP AS
    SELECT edition.*, known.ended, known.region_id IS NULL AS is_new,
           coalesce(known.region_id, nextval(pg_get_serial_sequence('registry_region', 'id'))) AS region_id
    FROM edition
    LEFT JOIN (
        SELECT code, max(upper(valid)) AS ended,
               (array_agg(region_id ORDER BY valid @> %(day)s DESC)
                FILTER (WHERE valid @> %(day)s OR upper_inf(valid)))[1] AS region_id
        FROM registry_regionversion WHERE code >= %(province)s AND code < %(end)s GROUP BY code
    ) known ON known.code = edition.code
    WHERE edition.code >= %(province)s AND edition.code < %(end)s
"""
_MAKE_REGIONS = "INSERT INTO registry_region (id) SELECT region_id FROM placed WHERE is_new ORDER BY code"
_MAKE_VERSIONS = """
    INSERT INTO registry_regionversion
        (region_id, code, name, level, parent_id, valid, source, is_provisional, is_administrative)
    SELECT placed.region_id, placed.code, placed.name, placed.level, parent.region_id,
           daterange(placed.ended, NULL), %(source)s, false, placed.is_administrative
    FROM placed LEFT JOIN placed parent ON parent.code = placed.parent_code
    WHERE placed.is_new ORDER BY placed.code
"""


def import_edition(*, folder: Path, scope: str = "", progress: Progress | None = None) -> RegionsImported:
    """Load the places below `scope` (a code; empty for all) from the list's folder, and those above it.

    Each province is a transaction of its own: what a break leaves, the next run completes. `progress` is
    told every province. Raises `RegionDataMissing` when the list does not hold the scope.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS edition")
        cursor.execute(_STAGE)
        try:
            copy_rows(
                "edition",
                ("code", "name", "level", "parent_code", "is_administrative"),
                region_edition.rows(folder, scope),
            )
            cursor.execute("ANALYZE edition")
            return _import_provinces(scope, progress)
        finally:
            if not connection.needs_rollback:
                cursor.execute("DROP TABLE edition")


def _import_provinces(scope: str, progress: Progress | None) -> RegionsImported:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM edition WHERE code = %s OR %s = ''", [scope, scope])
        if cursor.fetchone() is None:
            raise RegionDataMissing(code=scope)
        cursor.execute("SELECT code, name FROM edition WHERE level = 1 ORDER BY code")
        provinces = cursor.fetchall()
    created = unchanged = 0
    for code, name in provinces:
        done = _import_province(code)
        created, unchanged = created + done.created, unchanged + done.unchanged
        if progress:
            progress(name, RegionsImported(created=created, unchanged=unchanged))
    return RegionsImported(created=created, unchanged=unchanged)


@transaction.atomic
def _import_province(code: str) -> RegionsImported:
    values: dict[str, str | date] = {
        "province": code,
        "end": f"{code}:",
        "day": region_edition.DAY,
        "source": region_edition.SOURCE,
    }
    with connection.cursor() as cursor:
        # Two runs at once would give one place two regions; the second waits and finds everything there.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry.import_edition'))")
        cursor.execute(_PLACE, values)
        cursor.execute("ANALYZE placed")
        cursor.execute(_MAKE_REGIONS)
        cursor.execute(_MAKE_VERSIONS, values)
        created = cursor.rowcount
        cursor.execute("SELECT count(*) FROM placed")
        total = cursor.fetchone()[0]
        cursor.execute("DROP TABLE placed")
    return RegionsImported(created=created, unchanged=total - created)
