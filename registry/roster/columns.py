"""The 26 columns of the registry's member export, and the few of them we may keep (PIPL art. 6)."""

import re
import unicodedata

# In the order of the export.
EXPORT_COLUMNS = (
    "县", "乡", "行政村", "自然村", "户编号", "人编号", "姓名", "证件号码", "人数", "与户主关系",
    "民族", "文化程度", "在校生状况", "健康状况", "劳动技能", "务工状况", "务工时间(月)", "参加大病医疗",
    "脱贫属性", "贫困户属性", "主要致贫原因", "危房户", "饮水安全", "饮水困难", "人均纯收入", "联系电话",
)  # fmt: skip

# Field -> spellings of its header. Everything else is dropped while reading and never written or logged.
KEPT_COLUMNS = {
    "county": ("县", "县市区", "县(市、区)", "县(区)"),
    "town": ("乡", "乡镇", "乡(镇)", "镇", "乡(镇、街道)"),
    "village": ("行政村", "村", "行政村(社区)"),
    "household": ("户编号", "户编码"),
    "number": ("人编号", "人编码"),
    "name": ("姓名",),
    "id_number": ("证件号码", "身份证号码", "身份证号", "公民身份号码"),
    "relation": ("与户主关系",),
    "status": ("脱贫属性",),
    "phone": ("联系电话", "电话", "手机号码"),
}
REQUIRED_FIELDS = ("village", "household", "name", "id_number", "status")
# One cell for a whole household: merged downwards in many exports.
HOUSEHOLD_FIELDS = ("county", "town", "village", "household", "status")

REASON_COLUMN = "退回原因"


def header_key(text: object) -> str:
    """Return a header's text as compared: half-width, without spaces and line breaks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(text)))


FIELD_OF_HEADER = {
    header_key(spelling): field for field, spellings in KEPT_COLUMNS.items() for spelling in spellings
}
KNOWN_HEADERS = FIELD_OF_HEADER.keys() | {header_key(name) for name in EXPORT_COLUMNS}
