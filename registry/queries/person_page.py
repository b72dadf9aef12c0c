"""Everything staff see about one person on one page, numbers masked; queries do not grow with its rows."""

from dataclasses import dataclass
from datetime import date, datetime

from registry.held_data import Section, held_about
from registry.masking import mask_id_number, mask_phone
from registry.models import Membership, Person, RegionVersion
from registry.queries.audit import region_code_of


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What the page shows; `place` reads county, town, village."""

    person: Person
    code: str
    place: str
    id_number: str
    phone: str
    login_phone: str
    last_login: datetime | None
    memberships: list[Membership]
    sections: list[Section]


def person_page(person: Person, on: date) -> PersonPage:
    """Return the page of `person` as of that day."""
    code = region_code_of(person, on)
    user = person.user
    return PersonPage(
        person=person,
        code=code,
        place=_place(code, on) if person.village_id else "",
        id_number=mask_id_number(person.id_number),
        phone=mask_phone(person.phone),
        login_phone=mask_phone(user.phone) if user else "",
        last_login=user.last_login if user else None,
        memberships=list(
            person.memberships.select_related("household")
            .prefetch_related("household__status_periods")
            .order_by("-valid")
        ),
        sections=held_about(person),
    )


def _place(code: str, on: date) -> str:
    above = [code[:length] for length in (6, 9, 12) if length <= len(code)]
    versions = RegionVersion.objects.filter(code__in=above, valid__contains=on).order_by("code")
    return " ".join(versions.values_list("name", flat=True))
