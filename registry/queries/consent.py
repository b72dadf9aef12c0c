"""What people have agreed to."""

from datetime import date

from django.db.models import Q, QuerySet

from registry.models import Consent, ConsentItem, ConsentText, Person

_GUARDED_YEARS = 14


def has_consent(person: Person, item: str, on: date) -> bool:
    """Tell whether `person` agrees to `item` on that day; on the day of a withdrawal she no longer does."""
    return _in_force(on).filter(person=person, item=item).exists()


def may_match(person: Person, on: date) -> bool:
    """Tell whether her records may be compared with the roster to suggest that they are one.

    Not once she has taken back her consent to it and given no new one. Somebody never asked may be matched:
    the county keeps its roster by a statutory duty (PIPL 13). For the same reason a link made before stays
    when the consent ends: whom the county trained it must be able to count. She is told so on her page.
    """
    if has_consent(person, Consent.Item.ID_MATCHING, on):
        return True
    withdrawn = ConsentItem.objects.filter(
        person=person,
        item=Consent.Item.ID_MATCHING,
        end=ConsentItem.End.WITHDRAWN,
        ended_on__lte=on,
    )
    return not withdrawn.exists()


def needs_guardian(person: Person, on: date) -> bool:
    """Tell whether a parent or guardian has to agree for her (PIPL 31).

    We know the year of birth only: who may still be 13 that day counts as 13.
    """
    return bool(person.birth_year) and on.year - (person.birth_year or 0) <= _GUARDED_YEARS


def has_been_asked(person: Person) -> bool:
    """Tell whether she ever answered, a no to everything being an answer too."""
    return Consent.objects.filter(person=person).exists()


def people_with_consent(item: str, on: date) -> QuerySet[Person]:
    """Return everybody who agrees to `item` on that day, for lists and exports."""
    return Person.objects.filter(pk__in=_in_force(on).filter(item=item).values("person"))


def open_consents(person: Person) -> dict[str, ConsentItem]:
    """Return what `person` agrees to now, by item, for her own page."""
    items = ConsentItem.objects.filter(person=person, ended_on__isnull=True)
    return {item.item: item for item in items.select_related("consent__text")}


def consents_of(person: Person) -> QuerySet[Consent]:
    """Return every sheet of `person` with its items, newest first: her copy (PIPL 45)."""
    return Consent.objects.filter(person=person).select_related("text").prefetch_related("items")


def current_consent_text(language: str) -> ConsentText:
    """Return the newest wording in `language`, else in Chinese; raises `ConsentText.DoesNotExist`."""
    texts = ConsentText.objects.order_by("-version")
    return texts.filter(language=language).first() or texts.filter(language="zh-hans").earliest("-version")


def _in_force(on: date) -> QuerySet[ConsentItem]:
    return ConsentItem.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), given_on__lte=on)
