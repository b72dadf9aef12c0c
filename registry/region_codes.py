"""Codes of places (GB/T 2260 to the county, GB/T 10114 below it). Pure: no database.

A place's code is its parent's code with two digits more down to the county, three below it.
"""

import re

PROVINCE, PREFECTURE, COUNTY, TOWN, VILLAGE = 1, 2, 3, 4, 5
LENGTHS = {PROVINCE: 2, PREFECTURE: 4, COUNTY: 6, TOWN: 9, VILLAGE: 12}
LEVELS = {length: level for level, length in LENGTHS.items()}
# The last three digits that no standard gives out: ours until the real code is published.
FIRST_PROVISIONAL, LAST_PROVISIONAL = 900, 999
# Cities without districts or counties: statistics put one county in their place so that towns have a parent.
STAND_INS = frozenset({"441900", "442000", "460400", "620201"})

# 71 to 80: development zones and the like, counties to the statistics bureau only.
_STATISTICAL_COUNTY = re.compile(r"\d{4}(7[1-9]|80)")
_GROUPINGS = re.compile(r"(市|市辖区|县|.*直辖(县级)?行政(单位|区划))")


def level_of(code: str) -> int:
    """Return the level a code of this length belongs to; raises `KeyError` for other lengths."""
    return LEVELS[len(code)]


def parent_code(code: str) -> str:
    """Return the code one level up, empty for a province."""
    return code[: LENGTHS.get(level_of(code) - 1, 0)]


def own_digits(code: str) -> str:
    """Return the digits that tell a place from its siblings."""
    return code[len(parent_code(code)) :]


def is_grouping(name: str) -> bool:
    """Tell whether a row of a code list only groups others: 市辖区, 县, 省直辖县级行政区划."""
    return _GROUPINGS.fullmatch(name) is not None


def is_administrative(code: str, name: str) -> bool:
    """Tell whether a place has a government; statistics know others too."""
    level = level_of(code)
    if level == PREFECTURE:
        return not is_grouping(name)
    if level == COUNTY:
        return code not in STAND_INS and _STATISTICAL_COUNTY.fullmatch(code) is None
    return True


def free_provisional_code(parent: str, taken: set[str] | frozenset[str]) -> str | None:
    """Return the first 9xx code below `parent` that is not taken, or None when all hundred are."""
    codes = (f"{parent}{number}" for number in range(FIRST_PROVISIONAL, LAST_PROVISIONAL + 1))
    return next((code for code in codes if code not in taken), None)


def short_code(six_digits: str) -> str:
    """Turn a code as GB/T 2260 prints it into ours: 430000 is 43, 431100 is 4311, 431125 stays."""
    if six_digits.endswith("0000"):
        return six_digits[:2]
    return six_digits[:4] if six_digits.endswith("00") else six_digits
