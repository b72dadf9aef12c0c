"""Numbers of sign-in cards: nine random digits and a check digit (Luhn), so that a slip is noticed."""

import re
import secrets
import unicodedata

LENGTH = 10
_NUMBER = re.compile(rf"\d{{{LENGTH}}}")


def new_card_number() -> str:
    """Return a number nobody can guess from another."""
    digits = f"{secrets.randbelow(10 ** (LENGTH - 1)):0{LENGTH - 1}d}"
    return digits + _check_digit(digits)


def read_card_number(text: str) -> str:
    """Return the ten digits of a number as people type it, or an empty text for what is none."""
    digits = re.sub(r"[\s\-－—]", "", unicodedata.normalize("NFKC", text))
    is_number = _NUMBER.fullmatch(digits) and digits.isascii() and _check_digit(digits[:-1]) == digits[-1]
    return digits if is_number else ""


def spaced(number: str) -> str:
    """Return the number as it is printed: 123 456 7890."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def _check_digit(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
