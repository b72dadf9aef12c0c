"""Resident ID numbers (GB 11643): 6 region + 8 birth + 3 sequence (odd male) + 1 check.

Own checksum and date instead of python-stdnum: that one refuses people whose county code is younger than
they are (late registration) and accepts birth dates ahead of today.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from stdnum import numdb

from registry import errors

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
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
    compact = re.sub(r"[\s'’-]", "", unicodedata.normalize("NFKC", text)).upper()
    if _SCIENTIFIC.fullmatch(compact):
        raise errors.IdNumberNotTextError
    number, warnings = _to_eighteen(compact)
    birth_date = _birth_date(number, today or timezone.localdate())
    if check_character(number[:17]) != number[17]:
        lost_digits = number.endswith("000")
        raise errors.IdNumberNotTextError if lost_digits else errors.IdNumberCheckError
    if not _region_is_known(number, birth_date):
        warnings.append("id_unknown_region")
    return IdNumber(number, birth_date, "M" if int(number[16]) % 2 else "F", tuple(warnings))


def check_character(first_seventeen: str) -> str:
    """Return the check character of the first seventeen digits (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def _to_eighteen(compact: str) -> tuple[str, list[str]]:
    if _EIGHTEEN.fullmatch(compact):
        return compact, []
    if len(compact) == 20 and _EIGHTEEN.fullmatch(compact[:18]):
        # The two further digits are kind and grade of a disability: never kept.
        return compact[:18], ["id_disability_number"]
    if _FIFTEEN.fullmatch(compact):
        first_seventeen = f"{compact[:6]}19{compact[6:]}"
        return first_seventeen + check_character(first_seventeen), ["id_old_number"]
    raise errors.IdNumberLengthError


def _birth_date(number: str, today: date) -> date:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise errors.IdNumberDateError from None
    if born > today:
        raise errors.IdNumberFutureError
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
