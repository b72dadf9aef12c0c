"""Small countries for tests of changes of places."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from registry.models import Region, RegionChange, RegionVersion
from registry.queries.places import version_by_code
from registry.region_codes import level_of, parent_code
from registry.region_plan import Target
from registry.services import ChangeRequest, record_change

TODAY = date(2026, 6, 1)


def plant(places: dict[str, str]) -> dict[str, Region]:
    """Make open-ended places from codes and names, parents found by their codes."""
    made: dict[str, Region] = {}
    for code in sorted(places, key=lambda code: (len(code), code)):
        made[code] = Region.objects.create()
        RegionVersion.objects.create(
            region=made[code],
            code=code,
            name=places[code],
            level=level_of(code),
            parent=made.get(parent_code(code)),
            valid=DateRange(None, None),
            source="test",
        )
    return made


def change(
    kind: str, on: date, sources: list[Region], targets=(), document: str = "批〔1〕号", **more
) -> RegionChange:
    """Record a change; targets as "code" or ("code", "name"), codes and pieces as dicts."""
    codes = {old: _target(new) for old, new in more.pop("codes", {}).items()}
    request = ChangeRequest(
        kind=kind,
        on=on,
        document=document,
        sources=sources,
        targets=[_target(target) for target in targets],
        codes=codes,
        pieces=more.pop("pieces", {}),
    )
    return record_change(request, by=more.pop("by", None), **more)


def _target(target: str | tuple[str, str]) -> Target:
    return Target(target) if isinstance(target, str) else Target(*target)


def codes_on(day: date, prefix: str = "") -> dict[str, str]:
    """The codes and names in force below a prefix."""
    found = RegionVersion.objects.filter(code__startswith=prefix, valid__contains=day)
    return dict(found.values_list("code", "name"))


def at(code: str, day: date) -> Region:
    """The region that bears a code on a day."""
    return version_by_code(code, day).region
