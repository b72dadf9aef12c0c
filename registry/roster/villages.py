"""Finding the village a row means: by code, else by town and name as offices write them."""

import re
from collections import defaultdict
from datetime import date

from registry.errors import RegistryError
from registry.models import RegionVersion
from registry.queries.places import in_subtree
from registry.roster.columns import header_key

_COMMITTEE = re.compile(r"(村民委员会|居民委员会|村委会|居委会|委员会)$")
_KIND = re.compile(r"(社区|村)$")
_TOWN_KIND = re.compile(r"((瑶|苗|侗|土家|回|壮|满|民)?族?乡|镇|街道办事处|街道|办事处)$")


class VillageUnknown(RegistryError):
    """No village of the county is called so."""

    code = "village_unknown"


class VillageAmbiguous(RegistryError):
    """Several are, and the town does not decide."""

    code = "village_ambiguous"


class VillageIndex:
    """The villages of a county on a day, found by what a roster says."""

    def __init__(self, county_code: str, on: date) -> None:
        versions = RegionVersion.objects.filter(in_subtree(county_code), valid__contains=on)
        towns = {v.region_id: v.name for v in versions if v.level == RegionVersion.Level.TOWN}
        self._by_code: dict[str, int] = {}
        self._by_name: dict[tuple[str, str], set[int]] = defaultdict(set)
        for version in versions:
            if version.level == RegionVersion.Level.VILLAGE:
                self._by_code[version.code] = version.region_id
                town = towns.get(version.parent_id or 0, "")
                for key in _keys(version.name):
                    self._by_name[_town_key(town), key].add(version.region_id)
                    self._by_name["", key].add(version.region_id)

    def find(self, town: str, village: str) -> int:
        """Return the region id; raises `VillageUnknown` or `VillageAmbiguous`."""
        if village in self._by_code:
            return self._by_code[village]
        seen = False
        for key in _keys(village):
            found = self._by_name.get((_town_key(town), key), set())
            if len(found) == 1:
                return next(iter(found))
            seen = seen or bool(found)
        raise VillageAmbiguous if seen else VillageUnknown


def _keys(name: str) -> list[str]:
    """The name as written, without its committee, without its kind: the fullest that fits alone wins."""
    full = header_key(name)
    without_committee = _COMMITTEE.sub("", full) or full
    return list(dict.fromkeys([full, without_committee, _KIND.sub("", without_committee) or full]))


def _town_key(name: str) -> str:
    return _TOWN_KIND.sub("", header_key(name))
