"""The fonts papers are printed with, and which characters they hold. Pure.

Taken by path, so what the machine has installed changes nothing but how many rare characters can be printed.
"""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import noto_cjk_sans_otc
import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTFont

_DEBIAN = Path("/usr/share/fonts")
# In order of preference: song type first, and the same wheel font first on every machine.
_FACES: list[tuple[str, Path]] = [
    ("Noto Serif SC", Path(pylopdf_fonts_zh_cn.serif_path())),
    ("Noto Serif CJK SC", _DEBIAN / "opentype" / "noto" / "NotoSerifCJK-Regular.ttc"),
    ("HanaMinA", _DEBIAN / "truetype" / "hanazono" / "HanaMinA.ttf"),
    ("HanaMinB", _DEBIAN / "truetype" / "hanazono" / "HanaMinB.ttf"),
    ("Noto Sans CJK SC", Path(str(files(noto_cjk_sans_otc) / noto_cjk_sans_otc.FONT_FILE))),
]


def unprintable_characters(text: str) -> str:
    """Return the characters of `text` that no font at hand can print, each once, in their order."""
    printable = _printable_code_points()
    return "".join(dict.fromkeys(c for c in text if ord(c) not in printable))


def named(characters: str) -> str:
    """Name each character by its code point too: the reader's screen may lack it as well."""
    return " ".join(f"{character} (U+{ord(character):04X})" for character in characters)


def faces() -> list[tuple[str, Path]]:
    """Return family and file of the fonts at hand, in order of preference."""
    return [(family, path) for family, path in _FACES if path.exists()]


@lru_cache(maxsize=1)
def _printable_code_points() -> frozenset[int]:
    points: set[int] = set()
    for _, path in faces():
        with TTFont(path, fontNumber=0, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)
