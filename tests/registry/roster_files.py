"""Makes small registry exports for tests."""

from pathlib import Path
from typing import Any

import xlsxwriter

from registry.roster.columns import EXPORT_COLUMNS
from tests.factories.registry import id_number

BASE = {
    "县": "江永县",
    "乡": "潇浦镇",
    "行政村": "四方井社区居委会",
    "户编号": "0001",
    "人编号": "01",
    "姓名": "学员甲",
    "证件号码": id_number(1),
    "与户主关系": "户主",
    "健康状况": "残疾",
    "脱贫属性": "已脱贫(享受政策)",
    "联系电话": "19900000001",
}


def row(n: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a good row of household and person number `n`, with `changes`."""
    own = {
        "户编号": f"{n:04d}",
        "姓名": f"学员{n}",
        "证件号码": id_number(n),
        "联系电话": f"1990000{n:04d}",
    }
    return {**BASE, **own, **changes}


def write_roster(path: Path, rows: list[dict[str, Any]], headers: tuple[str, ...] = EXPORT_COLUMNS) -> Path:
    """Write an export; floats become numbers, everything else text."""
    workbook = xlsxwriter.Workbook(path)
    page = workbook.add_worksheet()
    for column, header in enumerate(headers):
        page.write_string(0, column, header)
        for line, cells in enumerate(rows, start=1):
            value = cells.get(header, "")
            if isinstance(value, float):
                page.write_number(line, column, value)
            else:
                page.write_string(line, column, value)
    workbook.close()
    return path


# What gets a row refused: changes to a good row, the column to blame, the code.
REFUSED = (
    ({"证件号码": 990000199001010017.0}, "证件号码", "id_not_text"),
    ({"证件号码": "9.90000199E+17"}, "证件号码", "id_not_text"),
    ({"证件号码": "99000019900101"}, "证件号码", "id_wrong_length"),
    ({"证件号码": "990000199002300017"}, "证件号码", "id_bad_date"),
    ({"证件号码": "990000209901010010"}, "证件号码", "id_future_date"),
    ({"证件号码": "990000199001010018"}, "证件号码", "id_bad_check"),
    ({"姓名": " "}, "姓名", "name_missing"),
    ({"姓名": "甲" * 101}, "姓名", "name_too_long"),
    ({"户编号": ""}, "户编号", "household_missing"),
    ({"户编号": 4.3112500001e17}, "户编号", "number_not_text"),
    ({"户编号": "1" * 31}, "户编号", "number_too_long"),
    ({"县": "江华瑶族自治县"}, "县", "county_other"),
    ({"行政村": ""}, "行政村", "village_missing"),
    ({"行政村": "不存在村"}, "行政村", "village_unknown"),
    ({"脱贫属性": "待核实"}, "脱贫属性", "status_unknown"),
)
