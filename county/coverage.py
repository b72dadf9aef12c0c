"""How far the training has reached the villages: levels that colour a tile. Pure: no database, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from county.counting import share

# The level of a tile: 0 is nobody; then by people trained for a hundred on the roster, or where the roster
# has nobody, by people trained.
_OF_THE_ROSTER = (Decimal(2), Decimal(5), Decimal(10))
_PEOPLE = (3, 6, 12)
LEGEND = [
    (0, _("nobody trained")),
    (1, _("below 2 percent of the roster, or 1 to 2 people without a roster")),
    (2, _("2 to 5 percent, or 3 to 5 people")),
    (3, _("5 to 10 percent, or 6 to 11 people")),
    (4, _("10 percent and more, or 12 people and more")),
]


@dataclass(frozen=True, slots=True)
class Tile:
    """One village, or one county of a province: who was trained, and how many stand on the roster."""

    code: str
    name: str
    heads: int
    person_times: int
    on_roster: int
    is_gone: bool = False  # a place of the map of then that is no more

    @property
    def percent(self) -> Decimal | None:
        """People trained for a hundred on the roster; None where the roster has nobody."""
        return share(self.heads, self.on_roster)

    @property
    def level(self) -> int:
        """From 0, nobody, to 4."""
        if not self.heads:
            return 0
        if self.percent is not None:
            return 1 + sum(self.percent >= bound for bound in _OF_THE_ROSTER)
        return 1 + sum(self.heads >= bound for bound in _PEOPLE)


@dataclass(frozen=True, slots=True)
class TileGroup:
    """A town with its villages, or a prefecture with its counties."""

    code: str
    name: str
    tiles: list[Tile]

    @property
    def without(self) -> int:
        """How many of the tiles have nobody trained."""
        return without(self.tiles)


def without(tiles: Iterable[Tile]) -> int:
    """Return how many of the tiles that are still there have nobody trained."""
    return sum(1 for tile in tiles if not tile.heads and not tile.is_gone)
