"""What a paper may say: the fixed footer, words it must not claim, and the blanks in its text. Pure.

人社部函〔2022〕25号 and the clean-up of 2022 forbid training papers to look like a state's. So do we, with
the reason, before anything is printed.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FOOTER = "本证书为培训结业证明，不是国家职业资格证书或职业技能等级证书"
FOOTER_EN = (
    "This paper proves completed training."
    " It is not a state vocational qualification or skill-level certificate."
)
_STATE = _("It reads like a paper of the state. This is a training paper of a county body.")
_QUALIFICATION = _("It claims a vocational qualification, which only the state's own examinations give.")
_PROMISE = _("It promises work or earnings. Nobody may promise that for a training.")
_FORBIDDEN_WORDS: list[tuple[str | Promise, str]] = [
    (_STATE, "中华人民共和国 中国 全国 国家 国务院 人民政府 国徽 china national prc ministry"),
    (_QUALIFICATION, "职业资格 职业技能等级 专项职业能力 岗位合格 专业技术职务 上岗必须 持证上岗"),
    (_QUALIFICATION, "vocationalqualification skilllevel professionaltitle"),
    (_PROMISE, "包过 天拿证 包就业 包赚 稳赚 月入 年入 日入 收入过万 保证收入 保底收入 guaranteed"),
]
_FORBIDDEN = [(word, reason) for reason, words in _FORBIDDEN_WORDS for word in words.split()]
# These count only as words: "international" may stay.
_WHOLE_WORDS = {"china", "national", "prc", "ministry"}
_NOISE = re.compile(r"[\W_]+")

# The blanks a text may hold, in Chinese and in English, and the field each stands for.
BLANKS = {
    "课程": "course_name",
    "课程编号": "course_code",
    "期次": "class_label",
    "开始": "studied_from",
    "结束": "studied_until",
    "学时": "hours",
    "计划学时": "planned_hours",
    "成绩": "practical",
}
BLANKS_EN = {
    "course": "course_name_en",
    "code": "course_code",
    "class": "class_label",
    "from": "studied_from",
    "to": "studied_until",
    "hours": "hours",
    "planned": "planned_hours",
    "mark": "practical",
}
_BLANK = re.compile(r"\{([^{}]*)\}")

DEFAULTS: dict[str, dict[str, Any]] = {
    "Z": {
        "title": "培训证明",
        "title_en": "Proof of Training",
        "body": "于{开始}至{结束}参加《{课程}》培训（{课程编号}，第 {期次} 期培训班），"
        "实际参训 {学时} 学时，特此证明。",
        "body_en": "took part in the training {course} ({code}, class {class}) from {from} to {to} and"
        " attended {hours} class hours of 45 minutes.",
    },
    "H": {
        "title": "结业证书",
        "title_en": "Certificate of Completion",
        "body": "于{开始}至{结束}参加《{课程}》课程（{课程编号}，第 {期次} 期培训班）的学习，"
        "完成 {学时} 学时，实操成绩 {成绩} 分，准予结业。",
        "body_en": "has completed the course {course} ({code}, class {class}) from {from} to {to} with"
        " {hours} class hours of 45 minutes and a practical mark of {mark} out of 100.",
    },
    "G": {
        "title": "培训合格证书",
        "title_en": "Certificate of a Passed Training Test",
        "body": "于{开始}至{结束}参加《{课程}》培训（{课程编号}，第 {期次} 期培训班），"
        "经实操考核，成绩 {成绩} 分，培训考核合格。",
        "body_en": "took part in the training {course} ({code}, class {class}) from {from} to {to} and passed"
        " its practical test with {mark} out of 100.",
    },
}
for _wording in DEFAULTS.values():
    _wording |= {"languages": "both", "signatory": "", "signatory_en": ""}


@dataclass(frozen=True)
class Claim:
    """A word that a text must not hold, and why."""

    word: str
    reason: str | Promise


def forbidden_claims(text: str) -> Iterator[Claim]:
    """Yield what `text` must not claim, however it is spaced, cased or widened."""
    squeezed = _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    words = set(re.findall(r"[a-z]+", unicodedata.normalize("NFKC", text).casefold()))
    for word, reason in _FORBIDDEN:
        if word in (words if word in _WHOLE_WORDS else squeezed):
            yield Claim(word, reason)


def unknown_blanks(text: str, blanks: dict[str, str]) -> list[str]:
    """Return the names in braces that stand for nothing, and a brace left open."""
    unknown = [name for name in _BLANK.findall(text) if name not in blanks]
    rest = _BLANK.sub("", text)
    return unknown + [brace for brace in "{}" if brace in rest]


def filled(text: str, blanks: dict[str, str], values: dict[str, str]) -> str:
    """Return `text` with every blank filled; what a value holds is never read as a blank."""
    return _BLANK.sub(lambda found: values[blanks[found[1]]], text)
