"""Words in a script that may cost a fine, with what stands around them. No database.

The check warns with context and never bans by word: 最佳食用期 is a tip, 全国最佳 is a claim (domain.md 5).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_LIST = Path(__file__).parent / "data" / "risky-words.yaml"
CONTEXT = 8

ADVICE: dict[str, str | Promise] = {
    "superlative": _("A claim above all others. Say what one can see or measure instead."),
    "superlative_own": _("Against whom? Compare only with your own goods, or show it."),
    "cure": _("Food cures nothing. Say how it tastes and what is in it."),
    "false_original_price": _("Only a price that was really asked in the last seven days counts."),
    "absolute_price": _("Nobody knows all prices. Say today's price and stop."),
    "urgency": _("Only if it is true: say how many are left and show them."),
    "misery": _("Nobody's need sells goods, and no one's poverty card is shown. Leave it out."),
    "promise_income": _("No promise of earnings."),
    "private_trade": _("Pay on the platform only: it protects buyer and seller."),
    "absolute_nature": _("Needs a paper: name the certificate, or say what you really do."),
}


@dataclass(frozen=True)
class RiskyWord:
    """One hit: where it stands, what stands around it, how grave, why, and under which law."""

    start: int
    end: int
    word: str
    before: str
    after: str
    is_red: bool
    advice: str | Promise
    law: str


@dataclass(frozen=True)
class _Rule:
    key: str
    is_red: bool
    law: str
    words: re.Pattern[str]
    fine_when: tuple[re.Pattern[str], ...]


def risky_words(text: str) -> list[RiskyWord]:
    """Return the risky words of `text` in their order; where two rules hit one place, the graver."""
    hits = sorted(_hits(text), key=lambda hit: (hit.start, not hit.is_red, -hit.end))
    kept: list[RiskyWord] = []
    for hit in hits:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
        elif hit.is_red and not kept[-1].is_red:
            kept[-1] = hit
    return kept


def _hits(text: str) -> Iterable[RiskyWord]:
    for rule in _rules():
        fine = [match.span() for pattern in rule.fine_when for match in pattern.finditer(text)]
        for match in rule.words.finditer(text):
            start, end = match.span()
            if any(first <= start and end <= last for first, last in fine):
                continue
            yield RiskyWord(
                start,
                end,
                match.group(),
                text[max(0, start - CONTEXT) : start],
                text[end : end + CONTEXT],
                rule.is_red,
                ADVICE[rule.key],
                rule.law,
            )


@cache
def _rules() -> tuple[_Rule, ...]:
    rows = yaml.safe_load(_LIST.read_text(encoding="utf-8"))
    return tuple(
        _Rule(
            row["key"],
            row["severity"] == "red",
            row["law"],
            re.compile("|".join(f"(?:{word})" for word in row["words"])),
            tuple(re.compile(pattern) for pattern in row["fine_when"]),
        )
        for row in rows
    )
