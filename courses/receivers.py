"""Listens to what Wagtail announces about pages, and the registry about people."""

from typing import Any

from courses import lesson_cache
from courses.services.forgetting import forget_work
from registry.models import Person


def forget_kept_lessons(sender: object, **kwargs: Any) -> None:
    """Have lessons read again: a page was published, unpublished, moved, or its readers restricted."""
    lesson_cache.forget_all()


def forget_erased_person(sender: object, *, person: Person, **kwargs: Any) -> None:
    """Take away what a deleted person handed in."""
    forget_work(person=person)
