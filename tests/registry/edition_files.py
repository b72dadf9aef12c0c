"""A small copy of the published list: real codes of a few places, laid out as the package lays them out."""

from pathlib import Path

PLACES = {
    "14": "山西省",
    "44": "广东省",
    "61": "陕西省",
    "4419": "东莞市",
    "6101": "西安市",
    "6102": "铜川市",
    "441900": "东莞市",
    "610171": "西安高新技术产业开发区",
    "610202": "王益区",
    "610204": "耀州区",
    "441900003": "东城街道",
    "610204103": "瑶曲镇",
    "441900003001": "岗贝社区居民委员会",
    "610204103215": "葫芦村村委会",
}
_FILES = {2: "provinces.csv", 4: "cities.csv", 6: "areas.csv", 9: "streets.csv", 12: "villages.csv"}


def write_edition(folder: Path, places: dict[str, str] = PLACES) -> Path:
    """Write the five files into `folder` and return it."""
    folder.mkdir(exist_ok=True)
    for length, name in _FILES.items():
        lines = [f'{code},"{place}"' for code, place in places.items() if len(code) == length]
        (folder / name).write_text("\n".join(["code,name", *lines, ""]), encoding="utf-8")
    return folder
