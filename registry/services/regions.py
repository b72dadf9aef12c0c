"""Loading places from the data files that come with the app; the whole country: region_edition.py."""

import csv
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from registry.errors import RegionDataMissing
from registry.models import Region, RegionVersion
from registry.region_codes import is_administrative, level_of, parent_code
from registry.region_edition import SOURCE

DATA_FOLDER = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class RegionsImported:
    """How many places were new and how many were there already."""

    created: int
    unchanged: int


@transaction.atomic
def import_regions(*, county: str) -> RegionsImported:
    """Load a county with everything below and above it; places whose code is in use stay as they are.

    Raises `RegionDataMissing` when no data file holds the county.
    """
    wanted = [(code, name) for code, name in _rows() if code.startswith(county) or county.startswith(code)]
    if not any(code == county for code, _name in wanted):
        raise RegionDataMissing(code=county)
    known = _regions_by_code([code for code, _name in wanted])
    new = [(code, name) for code, name in wanted if code not in known]
    made = Region.objects.bulk_create(Region() for _row in new)
    places = known | {code: region for (code, _name), region in zip(new, made, strict=True)}
    RegionVersion.objects.bulk_create(_first_version(code, name, places) for code, name in new)
    return RegionsImported(created=len(new), unchanged=len(known))


def _rows() -> list[tuple[str, str]]:
    rows = []
    for path in sorted(DATA_FOLDER.glob("regions-*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            lines = (line for line in file if not line.startswith("#"))
            rows += [(row["code"], row["name"]) for row in csv.DictReader(lines)]
    return rows


def _regions_by_code(codes: list[str]) -> dict[str, Region]:
    versions = RegionVersion.objects.filter(code__in=codes, valid__endswith=None).select_related("region")
    return {version.code: version.region for version in versions}


def _first_version(code: str, name: str, places: dict[str, Region]) -> RegionVersion:
    # The source does not say since when a place bears its code: open to the past until history is known.
    return RegionVersion(
        region=places[code],
        code=code,
        name=name,
        level=level_of(code),
        parent=places.get(parent_code(code)),
        valid=DateRange(None, None),
        source=SOURCE,
        is_administrative=is_administrative(code, name),
    )
