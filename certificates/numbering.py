"""The certificate number: `H431125-2026-0012-0037-H` (domain rules, "Certificates").

Kind and county code at issue, year, class, seat, and one check character by ISO 7064 MOD 37,36 over
the letters and digits. Letters and hyphens keep it apart from the 16 digits of state vocational papers.
Nothing in it ever changes: a county that is recoded later keeps its old numbers.
"""

import re
import unicodedata
from dataclasses import dataclass

from stdnum.iso7064 import mod_37_36

from certificates.errors import InvalidNumber, NumberOutOfRange

LARGEST = 9999
_FORM = re.compile(
    r"(?P<kind>[A-Z])(?P<county_code>[0-9]{6})(?P<year>[0-9]{4})"
    r"(?P<class_number>[0-9]{4})(?P<seat>[0-9]{4})(?P<check>[0-9A-Z])"
)
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−_.·]+")


@dataclass(frozen=True)
class CertificateNumber:
    """The parts of a number without its check character."""

    kind: str
    county_code: str
    year: int
    class_number: int
    seat: int

    def __str__(self) -> str:
        body = f"{self.kind}{self.county_code}-{self.year:04d}-{self.class_number:04d}-{self.seat:04d}"
        return f"{body}-{check_character(body)}"


def check_character(body: str) -> str:
    """Return the ISO 7064 MOD 37,36 character for the letters and digits of `body`."""
    return mod_37_36.calc_check_digit(body.replace("-", ""))


def format_number(*, kind: str, county_code: str, year: int, class_number: int, seat: int) -> str:
    """Return the printed number. Raises `NumberOutOfRange` when a part does not fit its digits."""
    if not (1 <= class_number <= LARGEST and 1 <= seat <= LARGEST):
        raise NumberOutOfRange(f"class {class_number}, seat {seat}")
    return str(CertificateNumber(kind, county_code, year, class_number, seat))


def parse_number(text: str) -> CertificateNumber:
    """Return the number that somebody typed, however she wrote case, width, hyphens and spaces.

    Raises `InvalidNumber`. The check character refuses every single changed character and every two
    neighbours changed places, save one in 36 swaps of digits that differ by one (a limit of MOD 37,36).
    """
    compact = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    match = _FORM.fullmatch(compact)
    if match is None or not mod_37_36.is_valid(compact):
        raise InvalidNumber(text)
    return CertificateNumber(
        kind=match["kind"],
        county_code=match["county_code"],
        year=int(match["year"]),
        class_number=int(match["class_number"]),
        seat=int(match["seat"]),
    )
