"""A registry export of people who do not exist, with as many bad rows as wanted."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

from registry.id_numbers import check_character
from registry.roster.columns import EXPORT_COLUMNS

_REGIONS = Path(__file__).resolve().parent / "data" / "regions-431125.csv"
_FAMILY_NAMES = ("示例", "学员", "样本")
_GIVEN = (
    "甲乙丙丁戊己庚辛壬癸春夏秋冬梅兰竹菊松柏桃李杏柚芋姜稻禾麦豆山川江河湖泉"
    "云霞月星明亮安康和顺福禄喜乐勤俭诚信敏慧静远"
)
_STATUSES = (
    ("已脱贫(享受政策)", 50), ("稳定脱贫", 22), ("已脱贫(不享受政策)", 10), ("脱贫不稳定户", 7),
    ("边缘易致贫户", 6), ("突发严重困难户", 5),
)  # fmt: skip
# What the same households were called before: the last of the poor were lifted at the end of 2020, and
# monitored households that had never been registered (E9) stand on no list of those years.
_EARLIER_LABELS = {
    2019: {
        "已脱贫(享受政策)": "未脱贫",
        "脱贫不稳定户": "未脱贫",
        "稳定脱贫": "已脱贫(享受政策)",
        "已脱贫(不享受政策)": "已脱贫(不享受政策)",
    },
    2020: {
        "已脱贫(享受政策)": "已脱贫(享受政策)",
        "脱贫不稳定户": "已脱贫(享受政策)",
        "稳定脱贫": "已脱贫(享受政策)",
        "已脱贫(不享受政策)": "已脱贫(不享受政策)",
    },
}
_RELATIONS = ("配偶", "之子", "之女", "之父", "之母", "之儿媳", "之孙子", "其他")


@dataclass(frozen=True)
class DemoPerson:
    """A person the README can name: her phone and the end of her ID number sign her in and link her."""

    name: str
    phone: str
    id_number: str


def demo_id_number(born: date, sequence: int) -> str:
    """Return a well-formed ID number of the unassigned region 99."""
    first = f"990000{born:%Y%m%d}{sequence:03d}"
    return first + check_character(first)


# The roster of this seed holds the person below; it is the one the demo loads.
DEMO_SEED = 1
DEMO_PERSON = DemoPerson("学员甲", "19900000001", demo_id_number(date(1970, 3, 5), 2))


def write_demo_roster(
    path: Path,
    people: int = 200,
    households: int = 65,
    seed: int = DEMO_SEED,
    bad_rows: int = 0,
    year: int | None = None,
) -> None:
    """Write an export of `people` good rows in `households`, and `bad_rows` more of the kinds in `BAD_KINDS`.

    The same arguments give the same bytes, another seed other people. In `DEMO_SEED` a known person leads.
    `year` 2019 or 2020 gives the list of the same households at the end of that year, in the words of then.
    """
    maker = _Maker(seed, people, households)
    rows = maker.good_rows()
    if year is not None:
        then = _EARLIER_LABELS[year]
        rows = [{**row, "脱贫属性": then[row["脱贫属性"]]} for row in rows if row["脱贫属性"] in then]
    kinds = list(BAD_KINDS.values())
    step = max(len(rows) // (bad_rows + 1), 1)
    bad = [kinds[i % len(kinds)](maker, i) for i in range(bad_rows)]
    for i, row in enumerate(bad, start=1):
        rows.insert(min(i * step + i - 1, len(rows)), row)
    _write(path, rows)


@dataclass
class _Maker:
    seed: int
    people: int
    households: int
    sequence: int = 1
    first_id_number: str = ""
    random: Random = field(init=False)
    villages: list[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - nothing secret
        self.villages = _villages()
        self.random.shuffle(self.villages)

    def good_rows(self) -> list[dict[str, Any]]:
        sizes = [1] * self.households
        for _extra in range(self.people - self.households):
            sizes[self.random.randrange(self.households)] += 1
        rows: list[dict[str, Any]] = []
        for i, size in enumerate(sizes):
            rows += self._household(i, size)
        if self.seed == DEMO_SEED:
            rows[0] |= {
                "姓名": DEMO_PERSON.name,
                "证件号码": DEMO_PERSON.id_number,
                "联系电话": DEMO_PERSON.phone,
            }
        self.first_id_number = rows[0]["证件号码"]
        return rows

    def row(self, household: str, relation: str, size: int) -> dict[str, Any]:
        """One good row with a new ID number and phone."""
        self.sequence += 1
        town, village = self.villages[self.sequence % len(self.villages)]
        age = self.random.randint(22, 68) if relation in ("户主", "配偶") else self.random.randint(16, 80)
        # The day moves with every thousand people and with the seed: no ID number is made twice.
        day = (self.seed * 97 + self.sequence % 1000 * 31 + self.sequence // 1000) % 365
        born = date(2024 - age, 1, 1) + timedelta(days=day)
        return {
            "县": "江永县", "乡": town, "行政村": village, "自然村": "一组", "户编号": household,
            "人编号": f"{household}{self.sequence:04d}", "姓名": self._name(), "人数": str(size),
            "证件号码": demo_id_number(born, self.sequence % 1000), "与户主关系": relation,
            "民族": self.random.choice(["汉族", "瑶族"]), "文化程度": "初中", "在校生状况": "",
            "健康状况": "健康", "劳动技能": "普通劳动力", "务工状况": "", "务工时间(月)": "",
            "参加大病医疗": "是",
            "脱贫属性": "稳定脱贫", "贫困户属性": "一般", "主要致贫原因": "缺技术", "危房户": "否",
            "饮水安全": "是", "饮水困难": "否", "人均纯收入": "12000",
            "联系电话": f"199{(self.seed - 1) % 1000 * 10_000 + self.sequence:08d}" if age < 75 else "",
        }  # fmt: skip

    def household_number(self, index: int) -> str:
        """A number that no other seed uses."""
        return f"431125{self.seed % 100:02d}{index:06d}"

    def _household(self, index: int, size: int) -> list[dict[str, Any]]:
        number = self.household_number(index + 1)
        town, village = self.villages[index % len(self.villages)]
        labels, weights = zip(*_STATUSES, strict=True)
        status = self.random.choices(labels, weights)[0]
        rows = []
        for position in range(size):
            relation = "户主" if position == 0 else _RELATIONS[min(position - 1, len(_RELATIONS) - 1)]
            row = self.row(number, relation, size)
            rows.append({**row, "乡": town, "行政村": village, "脱贫属性": status})
        return rows

    def _name(self) -> str:
        given = "".join(self.random.sample(_GIVEN, self.random.choice([1, 2, 2])))
        return self.random.choice(_FAMILY_NAMES) + given


def _bad(**changes: Any) -> Callable[[_Maker, int], dict[str, Any]]:
    def make(maker: _Maker, index: int) -> dict[str, Any]:
        row = maker.row(maker.household_number(900_000 + index), "户主", 1)
        return {**row, **{name: change(row) for name, change in changes.items()}}

    return make


def _wrong_check(row: dict[str, Any]) -> str:
    number = row["证件号码"]
    return number[:17] + ("1" if number[17] != "1" else "2")


def _born(text: str) -> Callable[[dict[str, Any]], str]:
    first = f"990000{text}002"
    return lambda _row: first + check_character(first)


# Code of the problem -> how such a row comes about.
BAD_KINDS: dict[str, Callable[[_Maker, int], dict[str, Any]]] = {
    "id_not_text": _bad(证件号码=lambda row: float(row["证件号码"][:17] + "0")),
    "id_wrong_length": _bad(证件号码=lambda row: row["证件号码"][:17]),
    "id_bad_date": _bad(证件号码=_born("19900231")),
    "id_future_date": _bad(证件号码=_born("20990101")),
    "id_bad_check": _bad(证件号码=_wrong_check),
    "duplicate": lambda maker, index: {
        **_bad()(maker, index),
        "证件号码": maker.first_id_number,
    },
    "name_missing": _bad(姓名=lambda _row: ""),
    "household_missing": _bad(户编号=lambda _row: ""),
    "village_unknown": _bad(行政村=lambda _row: "不存在村"),
    "county_other": _bad(县=lambda _row: "江华瑶族自治县"),
    "status_unknown": _bad(脱贫属性=lambda _row: "待核实"),
}


def _villages() -> list[tuple[str, str]]:
    with _REGIONS.open(encoding="utf-8", newline="") as file:
        names = {
            row["code"]: row["name"]
            for row in csv.DictReader(line for line in file if not line.startswith("#"))
        }
    return [(names[code[:9]], name) for code, name in names.items() if len(code) == 12]


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    workbook = xlsxwriter.Workbook(path, {"constant_memory": True})
    # A fixed date, so that the same roster is the same file.
    workbook.set_properties({"created": date(2026, 1, 1)})
    page = workbook.add_worksheet("Sheet1")
    text = workbook.add_format({"num_format": "@"})
    title = workbook.add_format({"bold": True, "align": "center"})
    page.set_column(0, len(EXPORT_COLUMNS) - 1, 12, text)
    page.merge_range(
        0, 0, 0, len(EXPORT_COLUMNS) - 1, "江永县防返贫监测对象及脱贫人口名册（示例数据）", title
    )
    for column, name in enumerate(EXPORT_COLUMNS):
        page.write_string(1, column, name, title)
    for line, row in enumerate(rows, start=2):
        for column, name in enumerate(EXPORT_COLUMNS):
            value = row[name]
            if isinstance(value, float):
                page.write_number(line, column, value)
            else:
                page.write_string(line, column, value, text)
    workbook.close()
