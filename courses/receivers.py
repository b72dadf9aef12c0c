"""Listens to what Wagtail announces about pages."""

from typing import Any

from courses import lesson_cache


def forget_kept_lessons(sender: object, **kwargs: Any) -> None:
    """Have lessons read again: a page was published, unpublished, moved, or its readers restricted."""
    lesson_cache.forget_all()
