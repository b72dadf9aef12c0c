"""Names of people: how they are kept, how they are compared, what is odd about them (民委发〔2016〕33号)."""

import re
import unicodedata

SEPARATOR = "·"  # U+00B7, the one the standard names
MAX_LENGTH = 100  # the standard asks for room for at least 50

_HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Dots that old lists and input methods use; Unicode normalisation does not fold them.
_SEPARATOR_VARIANTS = re.compile(rf"(?<=[{_HAN}])\s*[•・･‧∙⋅．.·]\s*(?=[{_HAN}])")
_SPACE_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_SPACES = re.compile(r"\s+")
_IS_HAN = re.compile(f"[{_HAN}]")
_MISSING = re.compile("[?？□\ufffd■]")
_LATIN = re.compile("[A-Za-z]")
# Most names by far: common characters only, of which nothing is to be cleaned, folded or flagged.
_PLAIN = re.compile("[\u4e00-\u9fff]+")


def clean_name(raw: str) -> str:
    """Return the name as it is kept and printed: one kind of dot, no stray spaces, its own characters.

    Compatibility ideographs stay as they were written; only `compare_key` folds them.
    """
    if _PLAIN.fullmatch(raw):
        return raw
    visible = "".join(
        character
        for character in raw
        if unicodedata.category(character) not in {"Cc", "Cf"} or character == "\t"
    )
    dotted = _SEPARATOR_VARIANTS.sub(SEPARATOR, visible.strip())
    return _SPACES.sub(" ", _SPACE_BETWEEN_HAN.sub("", dotted))


def _is_invisible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) in {"Cc", "Cf"}


def compare_key(name: str) -> str:
    """Return the form in which two spellings of one name are equal: NFC, one kind of dot, no spaces."""
    if _PLAIN.fullmatch(name):
        return name
    return _SPACES.sub("", unicodedata.normalize("NFC", clean_name(name))).casefold()


def name_flags(name: str) -> list[str]:
    """Return codes of what staff should look at; an empty list is the usual case."""
    if _PLAIN.fullmatch(name):
        return []
    flags = []
    if _MISSING.search(name):
        flags.append("name_character_missing")
    if any(unicodedata.category(character) == "Co" for character in name):
        flags.append("name_private_character")
    if _LATIN.search(name) and _IS_HAN.search(name):
        flags.append("name_holds_letters")
    if any(ord(character) > 0xFFFF for character in name):
        flags.append("name_rare_character")
    return flags
