"""Listens to what the registry announces about people."""

from typing import Any

from livestream.services import forget_runs, remove_recordings_of
from registry.models import Consent, Person


def forget_erased_person(sender: object, *, person: Person, **kwargs: Any) -> None:
    """Take away what a deleted person wrote, and what was recorded of her."""
    remove_recordings_of(person=person)
    forget_runs(person=person)


def forget_withdrawn_recordings(sender: object, *, person: Person, items: list[str], **kwargs: Any) -> None:
    """Take away what was recorded of somebody who takes back her consent to it."""
    if Consent.Item.RECORD_REHEARSAL in items:
        remove_recordings_of(person=person)
