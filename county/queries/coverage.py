"""Every village of a county beside who was trained there; above a county, every county."""

from dataclasses import dataclass, field, replace

from django.db import connection
from django.utils.translation import gettext as _

from county.counting import UNALLOCATED, Count, CountRow
from county.coverage import Tile, TileGroup, without
from county.maps import Asked
from county.queries.counts import answer
from county.queries.regions import place_names
from registry.models import RegionVersion
from registry.queries.places import COUNTY_CODE_LENGTH, places_in

# (level of the tiles, length of their code, length of their group's code)
_VILLAGES = (RegionVersion.Level.VILLAGE, 12, 9)
_COUNTIES = (RegionVersion.Level.COUNTY, 6, 4)

# People on the roster where they live today, each human being once.
_ROSTER = """
SELECT left(v.code, %(length)s), count(DISTINCT coalesce(p.kept_as_id, p.id))
FROM registry_regionversion v
JOIN registry_household h ON h.village_id = v.region_id
JOIN registry_membership m ON m.household_id = h.id AND m.valid @> %(today)s
JOIN registry_person p ON p.id = m.person_id
WHERE v.valid @> %(today)s AND v.code COLLATE "C" >= %(code)s AND v.code COLLATE "C" < %(code_end)s
GROUP BY 1
"""


@dataclass(frozen=True)
class Coverage:
    """The tiles in groups, the count they come from, and people who can be put into no tile."""

    count: Count
    groups: list[TileGroup] = field(default_factory=list)
    unallocated: CountRow | None = None

    @property
    def tiles(self) -> int:
        """How many places there are today."""
        return sum(1 for group in self.groups for tile in group.tiles if not tile.is_gone)

    @property
    def without(self) -> int:
        """How many of them have nobody trained."""
        return without(tile for group in self.groups for tile in group.tiles)


def coverage_of(asked: Asked) -> Coverage:
    """Return the tiles of a region; the same count as on the page of figures, with the places of today."""
    is_wide = len(asked.code) < COUNTY_CODE_LENGTH
    level, length, group_length = _COUNTIES if is_wide else _VILLAGES
    counted = answer(asked, "county" if is_wide else "village")
    rows = {row.key: row for row in counted.rows}
    there = dict(places_in(asked.code, level, asked.today).values_list("code", "name"))
    roster = _on_roster(asked, length)
    tiles: dict[str, list[Tile]] = {}
    for code in sorted({*there, *rows} - {UNALLOCATED}):
        row = rows.get(code, CountRow())
        if code not in there and row.is_empty:
            continue
        name = there.get(code) or row.label
        tile = Tile(code, name, row.heads, row.person_times, roster.get(code, 0), is_gone=code not in there)
        tiles.setdefault(code[:group_length], []).append(tile)
    names = place_names(set(tiles))
    groups = [TileGroup(code, names.get(code, code), found) for code, found in tiles.items()]
    unallocated = rows.get(UNALLOCATED)
    return Coverage(
        replace(counted, rows=[]),
        groups,
        unallocated.named(UNALLOCATED, _("Unallocated")) if unallocated else None,
    )


def _on_roster(asked: Asked, length: int) -> dict[str, int]:
    values = asked.parameters | {"today": asked.today, "length": length}
    with connection.cursor() as cursor:
        cursor.execute(_ROSTER, values)
        return dict(cursor.fetchall())
