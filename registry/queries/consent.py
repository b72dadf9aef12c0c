"""What people have agreed to.

Of somebody with several records every sheet counts, and so does every withdrawal: what she took back on one
record no older yes on another gives again.
"""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from registry.models import Consent, ConsentItem, ConsentText, Person
from registry.queries.people import records_of

_GUARDED_YEARS = 14


def has_consent(person: Person, item: str, on: date) -> bool:
    """Tell whether `person` agrees to `item` on that day; on the day of a withdrawal she no longer does."""
    return _in_force(on).filter(person__in=records_of(person), item=item).exists()


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
    """Return everybody who agrees to `item` on that day, each by the record that stands for her."""
    agreed = _in_force(on).filter(item=item)
    return Person.objects.filter(pk__in=agreed.values(root=Coalesce("person__kept_as", "person")))


def open_consents(person: Person) -> dict[str, ConsentItem]:
    """Return what `person` agrees to now, by item, for her own page."""
    items = open_items_of(person).filter(~_is_taken_back())
    return {item.item: item for item in items.select_related("consent__text").order_by("given_on", "pk")}


def open_items_of(person: Person) -> QuerySet[ConsentItem]:
    """Return the items without an end on any record of `person`, also what a withdrawal on another undid."""
    return ConsentItem.objects.filter(person__in=records_of(person), ended_on__isnull=True)


def consents_of(person: Person) -> QuerySet[Consent]:
    """Return every sheet of `person` with its items, newest first: her copy (PIPL 45)."""
    return (
        Consent.objects.filter(person__in=records_of(person)).select_related("text").prefetch_related("items")
    )


def current_consent_text(language: str) -> ConsentText:
    """Return the newest wording in `language`, else in Chinese; raises `ConsentText.DoesNotExist`."""
    texts = ConsentText.objects.order_by("-version")
    return texts.filter(language=language).first() or texts.filter(language="zh-hans").earliest("-version")


def _in_force(on: date) -> QuerySet[ConsentItem]:
    open_then = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
    return ConsentItem.objects.filter(open_then, ~_is_taken_back(Q(ended_on__lte=on)), given_on__lte=on)


def _is_taken_back(condition: Q | None = None) -> Exists:
    """Say of an item whether she took it back later, on whichever record; the same day, the later entry."""
    later = Q(ended_on__gt=OuterRef("given_on")) | Q(
        ended_on=OuterRef("given_on"), end_recorded_at__gt=OuterRef("consent__recorded_at")
    )
    root = Coalesce(OuterRef(OuterRef("person__kept_as")), OuterRef(OuterRef("person")))
    withdrawn = ConsentItem.objects.filter(
        condition or Q(),
        later,
        item=OuterRef("item"),
        end=ConsentItem.End.WITHDRAWN,
        person__in=Person.objects.filter(Q(pk=root) | Q(kept_as=root)).values("pk"),
    )
    return Exists(withdrawn)
