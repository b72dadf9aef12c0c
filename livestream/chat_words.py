"""Which chat messages wait for the teacher: insults, tricks of swindlers, numbers and addresses.

The list holds back and never deletes; a person decides. Pure calculation.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_LIST = Path(__file__).resolve().parent / "data" / "chat-words.yaml"
_BETWEEN = re.compile(r"[\s*·._\-—~`'\"|,,。!!??、]+")
_GAPS = re.compile(r"[\s\-]+")
OWN = "own"
REASONS: dict[str, str | Promise] = {
    "insult": _("an insult"),
    "money": _("a trick to get at money"),
    "contact": _("a number or address"),
    OWN: _("a word of your own list"),
}


def reason_to_hold(text: str, own_words: Iterable[str] = ()) -> str:
    """Return why a message waits for the teacher, as a key of REASONS; nothing when it may pass.

    `own_words` are the class's own. Signs and spaces between characters hide nothing.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    bare, unspaced = _BETWEEN.sub("", plain), _GAPS.sub("", plain)
    for reason, words, patterns in _listed():
        if any(word in bare for word in words) or any(
            pattern.search(plain) or pattern.search(unspaced) for pattern in patterns
        ):
            return reason
    own = (_BETWEEN.sub("", unicodedata.normalize("NFKC", word).lower()) for word in own_words)
    return OWN if any(word and word in bare for word in own) else ""


@lru_cache(maxsize=1)
def _listed() -> list[tuple[str, list[str], list[re.Pattern[str]]]]:
    return [
        (
            each["reason"],
            [_BETWEEN.sub("", str(word).lower()) for word in each.get("words", [])],
            [re.compile(pattern) for pattern in each.get("patterns", [])],
        )
        for each in yaml.safe_load(_LIST.read_text(encoding="utf-8"))
    ]
