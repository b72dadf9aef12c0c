"""How long a script takes to say. No database.

State radio reads news at 250 to 270 characters a minute; beginners are asked for 200 to 280 (domain.md 5).
"""

import re

CHARACTERS_PER_MINUTE = 240
WORDS_PER_MINUTE = 140
_HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*|\d+(?:\.\d+)?")
_STAGE = re.compile(r"【[^】]*】|\[[^\]]*\]")


def speaking_seconds(script: str) -> int:
    """Return about how many seconds `script` takes; stage directions in 【】 or [] are not spoken."""
    spoken = _STAGE.sub("", script)
    minutes = (
        len(_HAN.findall(spoken)) / CHARACTERS_PER_MINUTE + len(_WORD.findall(spoken)) / WORDS_PER_MINUTE
    )
    return round(minutes * 60)


def spoken_characters(script: str) -> int:
    """Return how many Han characters of `script` are spoken; a foreign word counts as two."""
    spoken = _STAGE.sub("", script)
    return len(_HAN.findall(spoken)) + 2 * len(_WORD.findall(spoken))
