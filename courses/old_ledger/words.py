"""The words by which an old ledger names kinds: stored values, their names in each language, and habits."""

from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation

from courses.models import Course, Enrolment, Evidence

E = Enrolment.Category
CADRES = frozenset({E.VILLAGE_CADRE.value, E.OFFICIAL.value, E.ADMINISTRATOR.value})
_PEOPLE = {
    "农户": E.VILLAGER, "农民": E.VILLAGER, "群众": E.VILLAGER, "普通": E.VILLAGER, "普通班": E.VILLAGER,
    "返乡青年": E.RETURNED, "返乡大学生": E.RETURNED, "退役军人": E.VETERAN, "合作社": E.COOPERATIVE,
    "企业": E.COOPERATIVE, "站长": E.KEEPER, "村干部": E.VILLAGE_CADRE, "干部": E.OFFICIAL,
    "干部班": E.OFFICIAL, "机关干部": E.OFFICIAL, "管理员": E.ADMINISTRATOR,
}  # fmt: skip
_EVIDENCE = {
    "签字": Evidence.PEN, "签名": Evidence.PEN, "手印": Evidence.THUMB, "按手印": Evidence.THUMB,
    "指印": Evidence.THUMB, "扫码": Evidence.QR, "刷卡": Evidence.PIN, "口令": Evidence.PIN,
    "教师确认": Evidence.TUTOR, "老师确认": Evidence.TUTOR, "线上": Evidence.LIVE,
    "signature": Evidence.PEN, "signed": Evidence.PEN, "thumbprint": Evidence.THUMB,
}  # fmt: skip
_YES = ("是", "有", "1", "√", "yes", "true", "y")
_NO = ("否", "无", "0", "×", "no", "false", "n")


def people_words() -> dict[str, str]:
    """Return categories of people by the words for them."""
    return _named(Enrolment.Category) | {word: kind.value for word, kind in _PEOPLE.items()}


def course_words() -> dict[str, str]:
    """Return categories of courses by the words for them."""
    return _named(Course.Category)


def evidence_words() -> dict[str, str]:
    """Return kinds of evidence by the words for them; a lesson's quiz is none of a sitting."""
    words = _named(Evidence) | {word: kind.value for word, kind in _EVIDENCE.items()}
    return {word: kind for word, kind in words.items() if kind != Evidence.QUIZ}


def red_line_words() -> dict[str, str]:
    """Return "yes" and "no" by the words for them."""
    return dict.fromkeys(_YES, "yes") | dict.fromkeys(_NO, "no")


def _named(kinds: type[TextChoices]) -> dict[str, str]:
    words = {kind.value: kind.value for kind in kinds}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words |= {str(kind.label).casefold(): kind.value for kind in kinds}
    return words
