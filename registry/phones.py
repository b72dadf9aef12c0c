"""Phone numbers: read as people write them, kept in E.164."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

from registry.errors import PhoneError

_MOBILE_TYPES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_CHINESE_MOBILE = re.compile(r"(?:0|86|0086)?(1[3-9]\d{9})")


def clean_phone(text: str) -> str:
    """Return a mobile number in E.164; without a country code it is read as Chinese. Raises `PhoneError`."""
    compact = text
    if not (text.isascii() and text.isdigit()):  # which most are
        compact = re.sub(r"[\s()\-.－—]", "", unicodedata.normalize("NFKC", text))
    chinese = _CHINESE_MOBILE.fullmatch(compact)
    if chinese and _is_mobile_range(chinese[1][:7]):
        return f"+86{chinese[1]}"
    try:
        number = phonenumbers.parse(chinese[1] if chinese else compact, "CN")
    except phonenumbers.NumberParseException:
        raise PhoneError from None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _MOBILE_TYPES:
        raise PhoneError
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=10_000)
def _is_mobile_range(first_seven: str) -> bool:
    """Tell whether Chinese numbers of 11 digits that begin so are mobile ones: they are given in ranges."""
    number = phonenumbers.parse(f"+86{first_seven}0000")
    return phonenumbers.number_type(number) in _MOBILE_TYPES
