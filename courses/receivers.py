"""Listens to what Wagtail announces about pages, and the registry about places and people."""

from collections.abc import Mapping
from typing import Any

from courses import lesson_cache
from courses.services import repin_enrolments
from courses.services.forgetting import forget_work
from registry.models import Person, RegionChange


def forget_kept_lessons(sender: object, **kwargs: Any) -> None:
    """Have lessons read again: a page was published, unpublished, moved, or its readers restricted."""
    lesson_cache.forget_all()


def follow_places(
    sender: object, *, change: RegionChange, replaced: Mapping[int, int], **kwargs: Any
) -> None:
    """Have enrolments of days since a change that was recorded late moved to the place in force then."""
    repin_enrolments(change=change, replaced=replaced)


def forget_erased_person(sender: object, *, person: Person, **kwargs: Any) -> None:
    """Take away what a deleted person handed in."""
    forget_work(person=person)
