"""How personal data may be shown: enough to recognise, too little to use."""

from registry.names import SEPARATOR


def mask_name(name: str) -> str:
    """Return the first character and one star for each further one, dots kept: 张*, 阿**·***."""
    return name[:1] + "".join(SEPARATOR if character == SEPARATOR else "*" for character in name[1:])


def mask_id_number(number: str) -> str:
    """Return 431***********001X for an 18-character number; shorter ones show their last four at most."""
    return _mask(number, first=3, last=4)


def mask_phone(phone: str) -> str:
    """Return 138****5678 for a Chinese number in E.164 or without its country code."""
    return _mask(phone.removeprefix("+86"), first=3, last=4)


def mask_address(address: str) -> str:
    """Return o***@example.org: the first character of a mail address and where it leads."""
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}" if at else "***"


def _mask(text: str, *, first: int, last: int) -> str:
    if len(text) < first + last + 2:
        return "*" * len(text)
    return text[:first] + "*" * (len(text) - first - last) + text[-last:]
