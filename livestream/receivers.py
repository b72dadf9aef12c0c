"""Listens to what the registry announces about people."""

from typing import Any

from livestream.services import forget_runs, remove_recordings_of
from livestream.services.chat import forget_words
from registry.models import Person


def forget_erased_person(sender: object, *, person: Person, **kwargs: Any) -> None:
    """Take away what a deleted person wrote, and what was recorded of her."""
    remove_recordings_of(person=person)
    forget_words(person=person)
    forget_runs(person=person)
