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
