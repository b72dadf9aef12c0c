"""What merging two records would change, row by row; apps above add what they keep about a person.

Both sides may be several records: what was absorbed earlier comes along.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from registry.masking import mask_phone
from registry.models import ConsentItem, Membership, Person
from registry.queries.people import records_of


@dataclass(frozen=True)
class PreviewRow:
    """One thing: what either side has of it, and what the one person will have."""

    what: str
    first: str
    second: str
    after: str
    is_change: bool = False


@dataclass(frozen=True)
class PreviewSection:
    """The rows about one subject; `note` says in a sentence what they come to."""

    title: str
    rows: list[PreviewRow] = field(default_factory=list)
    note: str = ""


Sides = tuple[Sequence[int], Sequence[int]]
# Functions from the keys of both sides' records to a section. An app above adds its own when it starts.
SECTIONS: list[Callable[[Sides], PreviewSection]] = []


def merge_preview(first: Person, second: Person) -> list[PreviewSection]:
    """Return what merging the people behind two records would change; empty subjects are left out."""
    sides = (_keys(first), _keys(second))
    sections = [make(sides) for make in [*SECTIONS, _households, _consents, _logins]]
    return [section for section in sections if section.rows]


def side_of(record: int, sides: Sides) -> int:
    """Return 0 or 1: on which side a record is."""
    return 0 if record in sides[0] else 1


def _keys(person: Person) -> list[int]:
    return list(records_of(person).order_by("pk").values_list("pk", flat=True))


def _households(sides: Sides) -> PreviewSection:
    spells = Membership.objects.filter(person__in=[*sides[0], *sides[1]]).select_related("household")
    rows: dict[int, list[str]] = {}
    for spell in spells.order_by("valid"):
        since = f"{spell.valid.lower:%Y-%m-%d}" if spell.valid.lower else ""
        until = f"{spell.valid.upper:%Y-%m-%d}" if spell.valid.upper else ""
        texts = rows.setdefault(spell.household_id, [spell.household.number, "", ""])
        texts[1 + side_of(spell.person_id, sides)] = f"{since} – {until}"
    both = _("kept; the status of either counts")
    return PreviewSection(
        _("Households"), [PreviewRow(number, one, other, both) for number, one, other in rows.values()]
    )


def _consents(sides: Sides) -> PreviewSection:
    items = ConsentItem.objects.filter(person__in=[*sides[0], *sides[1]]).select_related("consent")
    latest: dict[str, list[ConsentItem | None]] = {}
    for item in items.order_by("given_on", "pk"):
        latest.setdefault(item.item, [None, None])[side_of(item.person_id, sides)] = item
    rows = []
    for pair in latest.values():
        known = [item for item in pair if item]
        has_open = [item for item in known if item.ended_on is None]
        withdrawn = [item for item in known if item.end == ConsentItem.End.WITHDRAWN]
        taken_back = [item.ended_on for item in withdrawn if item.ended_on]
        holds = any(item.given_on > max(taken_back, default=item.given_on.min) for item in has_open)
        after = _("agreed") if holds else _("taken back")
        is_change = bool(has_open) and not holds
        texts = [_consent_text(item) for item in pair]
        rows.append(PreviewRow(known[0].get_item_display(), texts[0], texts[1], after, is_change))
    return PreviewSection(_("Consents"), rows, _("What was taken back on either record stays taken back."))


def _consent_text(item: ConsentItem | None) -> str:
    if item is None:
        return "–"
    if item.ended_on:
        return _("taken back on %(day)s") % {"day": f"{item.ended_on:%Y-%m-%d}"}
    return _("agreed on %(day)s") % {"day": f"{item.given_on:%Y-%m-%d}"}


def _logins(sides: Sides) -> PreviewSection:
    records = Person.objects.filter(pk__in=[*sides[0], *sides[1]], user__isnull=False).select_related("user")
    rows = []
    for record in records.order_by("pk"):
        user = record.user
        assert user is not None  # noqa: S101 - the filter saw to it
        texts = ["", ""]
        texts[side_of(record.pk, sides)] = mask_phone(user.phone) if user.phone_sealed else _("no phone")
        rows.append(PreviewRow(_("Login"), texts[0], texts[1], _("keeps working, shows the one person")))
    return PreviewSection(_("Logins"), rows)
