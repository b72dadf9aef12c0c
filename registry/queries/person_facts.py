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
    """One fact as both records have it."""

    label: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        return bool(self.first and self.second) and self.first != self.second


def compared_facts(first: Person, second: Person) -> list[ComparedFact]:
    """Return the facts of two records in the order an official asks for them."""
    names = village_names({one.village_id for one in (first, second) if one.village_id})
    columns = [_facts_of(one, names) for one in (first, second)]
    labels = [
        _("Name"), _("ID number"), _("Temporary number"), _("Identity"), _("Sex"), _("Birth year"),
        _("Village"), _("Phone"), _("Whose phone"), _("On the roster of"), _("Login"), _("On record since"),
    ]  # fmt: skip
    return [ComparedFact(*facts) for facts in zip(labels, *columns, strict=True)]


def reasons_of(first: Person, second: Person) -> list[str]:
    """Return in words why two records look like one person; nothing when they only were put side by side."""
    pair = compare(first, second)
    return [str(why.label) for why in pair.whys] if pair else []


def _facts_of(person: Person, villages: dict[int, str]) -> list[str]:
    return [
        person.name,
        mask_id_number(person.id_number) if person.id_number_sealed else "",
        person.temporary_number or "",
        person.get_identity_level_display(),
        person.get_sex_display() if person.sex else "",
        str(person.birth_year or ""),
        villages.get(person.village_id or 0, ""),
        mask_phone(person.phone) if person.phone_sealed else "",
        person.get_phone_owner_display() if person.phone_owner else "",
        f"{person.listed_on:%Y-%m-%d}" if person.listed_on else "",
        _("yes") if person.user_id else _("no"),
        f"{timezone.localdate(person.created_at):%Y-%m-%d}",
    ]
