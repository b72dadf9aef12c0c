"""The practice audience: who says what at which second of a rehearsal. No database.

The words are data (data/practice-audience.yaml). One run-of-show with one attempt number always meets the
same audience, so that a rehearsal can be looked at again; the next attempt meets another.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

_SCRIPT = Path(__file__).parent / "data" / "practice-audience.yaml"
_DEFAULT_LANGUAGE = "zh-hans"
# The host needs the first seconds of a segment to begin it, and the last ones to answer.
_FIRST, _LAST = 4, 6
_EVERY, _EVERY_IN_QUESTIONS = 40, 14
_QUESTIONS = "questions"
# What sort of line comes in turn: mostly questions, and every few one that takes nerve.
_TURNS = (
    *("greeting", "question", "question", "bait", "question", "rude", "question", "praise"),
    *("question", "bait", "question", "greeting", "question", "question", "rude"),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A segment as the audience sees it: its kind, when it begins, how long, and what is on the table."""

    kind: str
    starts_at: int
    seconds: int
    product: str = ""
    price: str = ""


@dataclass(frozen=True, slots=True)
class AudienceLine:
    """One remark: `key` is unique in its rehearsal, `tip` is what a good host does then."""

    key: str
    second: int
    kind: str
    who: str
    text: str
    tip: str


def script_version() -> int:
    """Return the version of the words now in use."""
    return int(_script()["version"])


def audience_for(moments: Sequence[Moment], *, attempt: int, language: str) -> list[AudienceLine]:
    """Return the remarks of a whole rehearsal in the order they appear."""
    seed = f"{script_version()} {attempt} {[(moment.kind, moment.seconds) for moment in moments]}"
    chance = Random(seed)  # noqa: S311 - the same again, not a secret
    names = _in(_script()["names"], language)
    chance.shuffle(order := list(range(len(names))))
    used: Counter[str] = Counter()
    lines = []
    for number, (second, moment) in enumerate(_slots(moments)):
        line = _choose(moment, _TURNS[(number + 3 * (attempt - 1)) % len(_TURNS)], used, chance)
        used[line["key"]] += 1
        lines.append(
            AudienceLine(
                key=f"{number + 1}-{line['key']}",
                second=second,
                kind=line["kind"],
                who=names[order[number % len(names)]],
                text=_filled(_in(line["text"], language), moment),
                tip=_in(line["tip"], language),
            )
        )
    return lines


def _slots(moments: Sequence[Moment]) -> Iterator[tuple[int, Moment]]:
    for moment in moments:
        every = _EVERY_IN_QUESTIONS if moment.kind == _QUESTIONS else _EVERY
        for second in range(_FIRST, max(_FIRST + 1, moment.seconds - _LAST), every):
            if second < moment.seconds:
                yield moment.starts_at + second, moment


def _choose(moment: Moment, wanted: str, used: Counter[str], chance: Random) -> dict[str, Any]:
    """Take a line of the wanted kind that fits and was said least; where none fits, a question."""
    fitting = [line for line in _script()["lines"] if _fits(line, moment)]
    lines = [line for line in fitting if line["kind"] == wanted]
    lines = lines or [line for line in fitting if line["kind"] == "question"] or fitting
    least = min(used[line["key"]] for line in lines)
    chosen: dict[str, Any] = chance.choice([line for line in lines if used[line["key"]] == least])
    return chosen


def _fits(line: dict[str, Any], moment: Moment) -> bool:
    if line["in"] and moment.kind not in line["in"]:
        return False
    words = line["text"][_DEFAULT_LANGUAGE]
    return ("{product}" not in words or bool(moment.product)) and (
        "{price}" not in words or bool(moment.price)
    )


def _filled(words: str, moment: Moment) -> str:
    """Put the card's words in; they are the host's own and may hold braces."""
    return words.replace("{price}", moment.price).replace("{product}", moment.product)


def _in(texts: dict[str, Any], language: str) -> Any:
    return texts.get(language, texts[_DEFAULT_LANGUAGE])


@cache
def _script() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_SCRIPT.read_text(encoding="utf-8"))
    return loaded
