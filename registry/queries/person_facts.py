"""Two records side by side: what each says of its person, numbers masked, and what they share."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from registry.duplicates import compare
from registry.masking import mask_id_number, mask_phone
from registry.models import Person
from registry.queries.duplicates import village_names


@dataclass(frozen=True)
class ComparedFact:
    """One fact as both records show it; `differs` where the two contradict each other."""

    label: str
    first: str
    second: str
    differs: bool = False


def compared_facts(first: Person, second: Person) -> list[ComparedFact]:
    """Return the facts of two records in the order an official asks for them."""
    names = village_names({one.village_id for one in (first, second) if one.village_id})
    columns = [_facts_of(one, names) for one in (first, second)]
    labels = [
        _("Name"), _("ID number"), _("Temporary number"), _("Identity"), _("Sex"), _("Birth year"),
        _("Village"), _("Phone"), _("Whose phone"), _("On the roster of"), _("Login"), _("On record since"),
    ]  # fmt: skip
    return [
        ComparedFact(label, one, other, bool(own and hers) and own != hers)
        for label, (one, own), (other, hers) in zip(labels, *columns, strict=True)
    ]


def reasons_of(first: Person, second: Person) -> list[str]:
    """Return in words why two records look like one person; nothing when they only were put side by side."""
    pair = compare(first, second)
    return [str(why.label) for why in pair.whys] if pair else []


def _facts_of(person: Person, villages: dict[int, str]) -> list[tuple[str, object]]:
    """Return each fact as shown, and where two people would differ in it, as compared: in clear."""
    number, phone = person.id_number, person.phone
    return [
        (person.name, person.name_key),
        (mask_id_number(number), number),
        (person.temporary_number or "", None),
        (person.get_identity_level_display(), None),
        (person.get_sex_display() if person.sex else "", person.sex),
        (str(person.birth_year or ""), person.birth_year),
        (villages.get(person.village_id or 0, ""), person.village_id),
        (mask_phone(phone), phone),
        (person.get_phone_owner_display() if person.phone_owner else "", None),
        (f"{person.listed_on:%Y-%m-%d}" if person.listed_on else "", None),
        (_("yes") if person.user_id else _("no"), None),
        (f"{timezone.localdate(person.created_at):%Y-%m-%d}", None),
    ]
