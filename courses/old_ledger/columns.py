"""The five sheets of an old ledger and how offices head their columns."""

from registry.roster.columns import header_key

CLASSES, SITTINGS, ROSTER, SIGN_INS, MARKS = "班次", "课次", "名册", "签到", "考核"

# Sheet, column as the checks call it, its headers: the first is what we call it to the office.
_CLASS_NUMBER = ("班次编号", "班号", "班级编号", "期次", "class number")
_SEAT = ("座号", "序号", "学号", "seat")
_SITTING = ("课次", "课次号", "课次序号", "sitting number", "sitting")
_CATEGORY = ("类别", "人员类别", "category")
SHEETS: dict[str, dict[str, tuple[str, ...]]] = {
    CLASSES: {
        "class": _CLASS_NUMBER,
        "course": ("课程代码", "课程编号", "course code"),
        "name": ("班次名称", "班级名称", "班名", "名称", "name"),
        "first": ("开班日期", "开始日期", "first day"),
        "last": ("结班日期", "结业日期", "结束日期", "last day"),
        "hours": ("计划学时", "学时", "planned hours"),
        "venue": ("办班地区代码", "办班地代码", "venue region code"),
        "funding": ("出资地区代码", "出资地代码", "funding region code"),
        "category": ("类别", "班次类别", "category"),
    },
    SITTINGS: {
        "class": _CLASS_NUMBER,
        "sitting": _SITTING,
        "date": ("日期", "上课日期", "date"),
        "start": ("开始", "开始时间", "start"),
        "end": ("结束", "结束时间", "end"),
        "site": ("地点", "听课点", "教学点", "site"),
    },
    ROSTER: {
        "class": _CLASS_NUMBER,
        "seat": _SEAT,
        "name": ("姓名", "name"),
        "id_number": ("证件号码", "身份证号码", "身份证号", "公民身份号码", "id number"),
        "village": ("村代码", "行政村代码", "village code"),
        "date": ("报名日期", "入班日期", "enrolment date"),
        "category": _CATEGORY,
    },
    SIGN_INS: {
        "class": _CLASS_NUMBER,
        "sitting": _SITTING,
        "seat": _SEAT,
        "minutes": ("分钟", "出勤分钟", "分钟数", "minutes"),
        "kind": ("签到方式", "方式", "kind"),
    },
    MARKS: {
        "class": _CLASS_NUMBER,
        "seat": _SEAT,
        "mark": ("实操成绩", "成绩", "practical mark"),
        "red_line": ("红线", "触碰红线", "red line"),
        "certificate": ("证书编号", "证书号", "certificate number"),
    },
}


def column_key(text: object) -> str:
    """Return a header as compared: half-width, without blanks, in small letters."""
    return header_key(text).replace("_", "").casefold()


FIELD_OF_HEADER = {
    sheet: {column_key(header): name for name, headers in columns.items() for header in headers}
    for sheet, columns in SHEETS.items()
}
