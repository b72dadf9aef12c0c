"""The office's lists of people: who was trained, whom to call, what the province may have."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from county.maps import Asked
from county.queries import PersonTime, people_behind
from registry.errors import ExportTooLong
from registry.list_kinds import ListKind, ListQuestion, Row, add_kind
from registry.models import Consent, Person
from registry.permissions import office_scopes
from registry.queries.consent import people_with_consent

_FIRST_DAY = date(2014, 1, 1)  # when the national scheme began
_HEADINGS = [
    _("Name"),
    _("Village"),
    _("Course"),
    _("Class"),
    _("Last day"),
    _("Completed"),
    _("Certificate"),
]


def trained(question: ListQuestion) -> Iterable[Row]:
    """Return everybody counted in the region and period, a row a person-time; without poverty status."""
    return _rows(question, item="")


def to_call(question: ListQuestion) -> Iterable[Row]:
    """Return those who agree today to be called after the training."""
    return _rows(question, item=Consent.Item.PHONE_FOLLOW_UP)


def for_the_province(question: ListQuestion) -> Iterable[Row]:
    """Return those who agree today to stand on a list for the province (PIPL 23)."""
    return _rows(question, item=Consent.Item.EXPORT_TO_PROVINCE)


def add_lists() -> None:
    """Offer the three lists to the export desk."""
    for key, title, note, rows in (
        ("trained", _("Trained people"), _("Everybody the count holds, a row a person-time."), trained),
        ("follow_up", _("People to call"), _("Only who agrees to be called."), to_call),
        ("province", _("List for the province"), _("Only who agrees to it."), for_the_province),
    ):
        add_kind(ListKind(key, title, note, [*_HEADINGS], True, rows, office_scopes))


def _rows(question: ListQuestion, item: str) -> Iterable[Row]:
    since, until = question.since or _FIRST_DAY, question.until or timezone.localdate()
    found = people_behind(Asked(question.region_code, since, until), most=question.most)
    if len(found) >= question.most:  # before the filter, or the rest would be cut off silently
        raise ExportTooLong(most=question.most - 1)
    people = Person.objects.in_bulk({row.person_id for row in found})
    if item:
        agreed = people_with_consent(item, timezone.localdate()).filter(pk__in=people)
        people = {person.pk: person for person in agreed}
    for row in found:
        if row.person_id in people and since <= row.training_class.ends_on <= until:
            yield people[row.person_id], _cells(people[row.person_id], row)


def _cells(person: Person, row: PersonTime) -> list[str | int]:
    training_class = row.training_class
    return [
        person.name,
        row.village,
        training_class.course.title,
        training_class.label,
        training_class.ends_on.isoformat(),
        "✓" if row.is_completed else "",
        "✓" if row.is_certified else "",
    ]
