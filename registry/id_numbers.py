"""Resident ID numbers (GB 11643): 6 region + 8 birth + 3 sequence (odd male) + 1 check.

Own checksum and date instead of python-stdnum: that one refuses people whose county code is younger than
they are (late registration) and accepts birth dates ahead of today.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import mul

from django.utils import timezone
from stdnum import numdb

from registry import errors

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ABOVE_DIGITS = ord("0") * sum(_WEIGHTS)
_CHECK_CHARACTERS = "10X98765432"
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+")
_EIGHTEEN = re.compile(r"\d{17}[\dX]")
_FIFTEEN = re.compile(r"\d{15}")
# Residents from Hong Kong, Macao and Taiwan (81-83) and permanent foreign residents (9) use the same check.
_OUTSIDE_REGIONS = ("81", "82", "83", "9")


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A checked number; `warnings` holds codes of `ID_WARNINGS` in `problems.py`."""

    number: str
    birth_date: date
    sex: str
    warnings: tuple[str, ...] = ()


def parse_id_number(text: str, today: date | None = None) -> IdNumber:
    """Read an ID number as people write it and return it in 18 characters.

    Takes full-width digits, spaces, a lower-case x, the 20 digits of a disability certificate (cut to 18) and
    the 15 digits of an old card (converted, with a warning). Raises an `errors.IdNumberError`.
    """
    number, warnings = _to_eighteen(text)
    birth_date = _birth_date(number[6:14])
    if birth_date > (today or timezone.localdate()):
        raise errors.IdNumberFutureError
    if check_character(number[:17]) != number[17]:
        lost_digits = number.endswith("000")
        raise errors.IdNumberNotTextError if lost_digits else errors.IdNumberCheckError
    if not _region_is_known(number, birth_date):
        warnings.append("id_unknown_region")
    return IdNumber(number, birth_date, "M" if int(number[16]) % 2 else "F", tuple(warnings))


def check_character(first_seventeen: str) -> str:
    """Return the check character of the first seventeen digits (ISO 7064 MOD 11-2)."""
    # Bytes are numbers already; what they lie above the digits' values is taken off at once.
    total = sum(map(mul, first_seventeen.encode(), _WEIGHTS)) - _ABOVE_DIGITS
    return _CHECK_CHARACTERS[total % 11]


def _to_eighteen(text: str) -> tuple[str, list[str]]:
    if text.isascii() and _EIGHTEEN.fullmatch(text):  # which most are
        return text, []
    compact = re.sub(r"[\s'’-]", "", unicodedata.normalize("NFKC", text)).upper()
    if _SCIENTIFIC.fullmatch(compact):
        raise errors.IdNumberNotTextError
    if _EIGHTEEN.fullmatch(compact):
        return compact, []
    if len(compact) == 20 and _EIGHTEEN.fullmatch(compact[:18]):
        # The two further digits are kind and grade of a disability: never kept.
        return compact[:18], ["id_disability_number"]
    if _FIFTEEN.fullmatch(compact):
        first_seventeen = f"{compact[:6]}19{compact[6:]}"
        return first_seventeen + check_character(first_seventeen), ["id_old_number"]
    raise errors.IdNumberLengthError


@lru_cache(maxsize=50_000)
def _birth_date(digits: str) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise errors.IdNumberDateError from None
    if born.year < 1880:
        raise errors.IdNumberDateError
    return born


_locations = numdb.get("cn/loc")
_known_regions: dict[str, bool] = {}


def _region_is_known(number: str, birth_date: date) -> bool:
    code = number[:6]
    if code.startswith(_OUTSIDE_REGIONS):
        return True
    if code not in _known_regions:
        _known_regions[code] = bool(_locations.info(code)[0][1])
    return _known_regions[code]
