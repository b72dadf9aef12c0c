"""Listens to what Wagtail announces about pages, and the registry about places and people."""

from collections.abc import Mapping
from typing import Any

from courses import lesson_cache
from courses.services import repin_enrolments
from courses.services.forgetting import forget_work
from courses.services.stories import forget_stories, take_off_stories
from registry.models import Consent, Person, RegionChange


def forget_kept_lessons(sender: object, **kwargs: Any) -> None:
    """Have lessons read again: a page was published, unpublished, moved, or its readers restricted."""
    lesson_cache.forget_all()


def follow_places(
    sender: object, *, change: RegionChange, replaced: Mapping[int, int], **kwargs: Any
) -> None:
    """Have enrolments of days since a change that was recorded late moved to the place in force then."""
    repin_enrolments(change=change, replaced=replaced)


def forget_erased_person(sender: object, *, person: Person, **kwargs: Any) -> None:
    """Take away what a deleted person handed in, and her story."""
    forget_work(person=person)
    forget_stories(person=person)


def take_story_off(sender: object, *, person: Person, items: list[str], **kwargs: Any) -> None:
    """Take the story of a person off the site when she takes her consent to it back."""
    if Consent.Item.SUCCESS_STORY in items:
        take_off_stories(person=person, by=None)
