"""Two records that may be one human being: how alike they are and why. Pure, no database."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from registry.models import Person


class Why(TextChoices):
    """What makes two records of one name look like one person."""

    NUMBER = "number", _("the ID numbers differ by one slip")
    PHONE = "phone", _("same name and phone")
    ACCOUNT = "account", _("a login she made herself beside the roster")
    BIRTH_YEAR = "birth_year", _("same name, birth year and village")
    VILLAGE = "village", _("same name and village, one birth year is missing")


_WEIGHTS = {Why.NUMBER: 8, Why.PHONE: 4, Why.ACCOUNT: 2, Why.BIRTH_YEAR: 3, Why.VILLAGE: 1}


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Keys of two records of one name (`first` is the lower) and what else they share."""

    first: int
    second: int
    is_account: bool
    has_same_phone: bool
    has_same_village: bool
    has_same_year: bool
    lacks_year: bool
    has_slip: bool = False

    @property
    def whys(self) -> list[Why]:
        """Why it is suggested, the strongest reason first."""
        found = []
        if self.has_slip:
            found.append(Why.NUMBER)
        if self.has_same_phone:
            found.append(Why.PHONE)
        if self.has_same_village and self.has_same_year:
            found.append(Why.BIRTH_YEAR)
        elif self.has_same_village and self.lacks_year:
            found.append(Why.VILLAGE)
        if self.is_account:
            found.append(Why.ACCOUNT)
        return sorted(found, key=lambda why: -_WEIGHTS[why])

    @property
    def likelihood(self) -> int:
        """A weight to sort by, no probability."""
        return sum(_WEIGHTS[why] for why in self.whys)


def compare(first: Person, second: Person) -> LikelyPair | None:
    """Return what two records of one name share, or None when they are hardly one person.

    Two different ID numbers are two people unless one is a slip; another sex contradicts, and another birth
    year unless the phone is the same.
    """
    if first.name_key != second.name_key:
        return None
    years = (first.birth_year, second.birth_year)
    is_same_phone = first.phone_hash is not None and _same(first.phone_hash, second.phone_hash)
    have_numbers = first.id_number_sealed is not None and second.id_number_sealed is not None
    if not is_same_phone and years[0] != years[1] and (have_numbers or None not in years):
        return None
    if have_numbers and not is_slip(first.id_number, second.id_number):
        return None
    if not have_numbers and first.sex and second.sex and first.sex != second.sex:
        return None
    return LikelyPair(
        first=min(first.pk, second.pk),
        second=max(first.pk, second.pk),
        is_account=_is_account(first) or _is_account(second),
        has_same_phone=is_same_phone,
        has_same_village=first.village_id is not None and first.village_id == second.village_id,
        has_same_year=None not in years and years[0] == years[1],
        lacks_year=None in years,
        has_slip=have_numbers,
    )


def _is_account(person: Person) -> bool:
    """A login that registered herself and stands on no roster."""
    return person.user_id is not None and person.listed_on is None and person.id_number_sealed is None


def _same(one: bytes | memoryview, other: bytes | memoryview | None) -> bool:
    return other is not None and bytes(one) == bytes(other)


def is_slip(one: str, other: str) -> bool:
    """Tell whether two ID numbers are equal, one digit apart, or differ by two neighbours changing places.

    The last character follows from the others, so that a slip may have been given a fitting one.
    """
    if len(one) != len(other):
        return False
    if one == other:
        return True
    places = [place for place in range(len(one) - 1) if one[place] != other[place]]
    if len(places) <= 1:
        return True
    first, second = places[0], places[-1]
    is_swap = (one[first], one[second]) == (other[second], other[first])
    return len(places) == 2 and second == first + 1 and is_swap


def suggest_kept(first: Person, second: Person) -> tuple[Person, Person]:
    """Return (kept, absorbed): the better known identity stands, then an ID number, then the older record."""
    ranked = sorted(
        (first, second),
        key=lambda one: (-one.identity_level, one.id_number_hash is None, one.created_at, one.pk),
    )
    return ranked[0], ranked[1]
