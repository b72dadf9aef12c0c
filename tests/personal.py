"""What must stand in no log and no address: numbers, names and codes of the people of a test."""

import re
from urllib.parse import unquote

from registry.models import Person, SentMessage, User

# Well-formed numbers of tests and demo: region 99, the standard's sample, mobiles of the unused 1990.
_NUMBERS = re.compile(r"(?<!\d)(?:990000\d{11}[\dXx]|11010519491231002[Xx]|(?:\+?86)?1990\d{7})(?!\d)")
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


def personal_texts() -> set[str]:
    """Return names, numbers and sign-in codes of everybody in the test's database."""
    texts = set()
    for person in Person.objects.all():
        texts |= {person.name, person.id_number, person.phone, person.phone.removeprefix("+86")}
    for user in User.objects.all():
        texts |= {user.display_name, user.phone or "", (user.phone or "").removeprefix("+86")}
    for message in SentMessage.objects.all():
        texts |= set(_CODE.findall(message.text))
    return {text for text in texts if len(text) > 1}


def personal_in(lines: list[str], texts: set[str]) -> list[str]:
    """Return those lines that hold a personal text or a number that looks like one."""
    plain = [unquote(line) for line in lines]
    return [line for line in plain if _NUMBERS.search(line) or any(text in line for text in texts)]
