"""Looking people up, inside the regions somebody may see."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet

from registry import sealing
from registry.models import Person, RegionVersion
from registry.names import compare_key
from registry.queries.places import in_subtree

_MOST_TO_OPEN = 500  # sealed numbers compared for their last four
_LAST_FOUR = re.compile(r"\d{3}[\dX]")
_TEMPORARY = re.compile(r"T-[\d-]+")


def people_in(scopes: Iterable[str], on: date) -> QuerySet[Person]:
    """Return the people who live in the regions on that day ([""]: everywhere); others belong to home."""
    inside = Q(pk__in=[])
    for code in scopes:
        if not code:
            return Person.objects.all()
        places = RegionVersion.objects.filter(in_subtree(code), valid__contains=on)
        inside |= Q(village__in=places.values("region"))
        if str(settings.HOME_COUNTY).startswith(code):
            inside |= Q(village__isnull=True)
    return Person.objects.filter(inside)


def clean_number(typed: str) -> str:
    """Return what was typed for a number without spaces, narrow and in capitals."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).upper()


def find_people(scopes: Iterable[str], on: date, *, name: str, number: str, most: int) -> list[Person]:
    """Return at most `most` people by the beginning of their name, their number, or both.

    `number` is a whole ID number, a temporary number, or the last four, which narrow a name: ID numbers
    lie sealed, so that four characters alone find nobody.
    """
    found = people_in(scopes, on).order_by("name_key", "pk")
    if name:
        found = found.filter(name_key__startswith=compare_key(name))
    number = clean_number(number)
    if _LAST_FOUR.fullmatch(number):
        return _ending_in(found, number)[:most] if name else []
    if _TEMPORARY.fullmatch(number):
        found = found.filter(temporary_number=number)
    elif number:
        hashes = sealing.lookup_hashes(number, purpose="id_number")
        found = found.filter(id_number_hash__in=hashes)
    elif not name:
        return []
    return list(found[:most])


def person_by_number(scopes: Iterable[str], on: date, number: str) -> Person | None:
    """Return the person with that ID or temporary number in the regions."""
    found = find_people(scopes, on, name="", number=number, most=1)
    return found[0] if found else None


def village_names(people: Iterable[Person], on: date) -> dict[int, str]:
    """Return today's name of each person's village by region id; one query."""
    villages = {person.village_id for person in people if person.village_id}
    named = RegionVersion.objects.filter(region__in=villages, valid__contains=on)
    return dict(named.values_list("region", "name"))


def _ending_in(found: QuerySet[Person], last_four: str) -> list[Person]:
    candidates = found.filter(id_number_sealed__isnull=False)[:_MOST_TO_OPEN]
    return [person for person in candidates if person.id_number[-4:] == last_four]
