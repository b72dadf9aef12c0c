"""Listens to what the registry announces about people."""

from typing import Any

from county.services.samples import forget_notes
from registry.models import Person


def forget_erased_person(sender: object, *, person: Person, **kwargs: Any) -> None:
    """Take away what callers noted about a deleted person."""
    forget_notes(person=person)
