"""Papers for printing: the fonts at hand and the typesetter (typst). Pure: no database, no clock.

Text reaches a document as JSON, never as markup, and fonts are taken by path, so what the machine has
installed changes nothing but how many rare characters can be printed.
"""

import io
import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any

import noto_cjk_sans_otc
import pylopdf_fonts_zh_cn
import segno
import typst
from fontTools.ttLib import TTFont

_one_at_a_time = Lock()  # a compiler refuses a second thread
_DEBIAN = Path("/usr/share/fonts")
_LONG, _MASK = 120, 4  # characters of an address; a mask of the eight
# In order of preference: song type first, and the same wheel font first on every machine.
_FACES: list[tuple[str, Path]] = [
    ("Noto Serif SC", Path(pylopdf_fonts_zh_cn.serif_path())),
    ("Noto Serif CJK SC", _DEBIAN / "opentype" / "noto" / "NotoSerifCJK-Regular.ttc"),
    ("HanaMinA", _DEBIAN / "truetype" / "hanazono" / "HanaMinA.ttf"),
    ("HanaMinB", _DEBIAN / "truetype" / "hanazono" / "HanaMinB.ttf"),
    ("Noto Sans CJK SC", Path(str(files(noto_cjk_sans_otc) / noto_cjk_sans_otc.FONT_FILE))),
]


def faces() -> list[tuple[str, Path]]:
    """Return family and file of the fonts at hand, in order of preference."""
    return [(family, path) for family, path in _FACES if path.exists()]


def unprintable_characters(text: str) -> str:
    """Return the characters of `text` that no font at hand can print, each once, in their order."""
    printable = _printable_code_points()
    return "".join(dict.fromkeys(character for character in text if ord(character) not in printable))


def named(characters: str) -> str:
    """Name each character by its code point too: the reader's screen may lack it as well."""
    return " ".join(f"{character} (U+{ord(character):04X})" for character in characters)


def typeset(template: Path, paper: dict[str, Any]) -> bytes:
    """Return the PDF that a typst template makes of `paper`; the template finds the fonts in it too."""
    return _compiled(template, paper, format="pdf", pdf_standards="a-2u")


def picture(template: Path, paper: dict[str, Any]) -> bytes:
    """Return what `typeset` would print as a picture (PNG) for the screen."""
    return _compiled(template, paper, format="png", ppi=72.0)


def qr_picture(address: str) -> list[int]:
    """Return a QR code as the bytes of a PNG with its quiet zone, 4 x 4 pixels a module.

    PDF readers blur a picture that they must enlarge more. A long code takes one mask as it comes: what is
    signed looks random under each of the eight, and weighing them took half the time of a certificate.
    """
    mask = _MASK if len(address) > _LONG else None
    png = io.BytesIO()
    segno.make(address, error="m", micro=False, mask=mask).save(png, kind="png", scale=4, border=4)
    return list(png.getvalue())


def _compiled(template: Path, paper: dict[str, Any], **options: Any) -> bytes:
    inputs = {"paper": json.dumps(paper | {"fonts": [family for family, _ in faces()]}, ensure_ascii=False)}
    with _one_at_a_time:
        made = _compiler(template).compile(sys_inputs=inputs, **options)
    assert isinstance(made, bytes)  # noqa: S101 - one document; the binding's type allows a list
    return made


@cache
def _printable_code_points() -> frozenset[int]:
    points: set[int] = set()
    for _, path in faces():
        with TTFont(path, fontNumber=0, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)


@cache
def _compiler(template: Path) -> typst.Compiler:
    """Return the one compiler of a template in this process; it keeps the parsed fonts."""
    folders = list(dict.fromkeys(str(path.parent) for _, path in faces()))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(input=str(template), font_paths=fonts)
