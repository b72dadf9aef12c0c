"""What everybody sees of a lesson, kept in the cache until anything that is published changes.

All kept lessons bear one version: a change of any page, above, beside or below, makes them all strangers.
Whoever began to read before a change keeps what she read under the old version, so nobody is shown it.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import transaction

# A picture replaced in place shows up after this long; pages do at once.
SECONDS = 600
_VERSION = "lessons:version"
# To be raised with every change of `ShownLesson` or of what it holds: an old pickle must not meet new code.
_SHAPE = 1


def kept(name: str, read: Callable[[], Any]) -> Any:
    """Return what is kept under `name`, else what `read` returns, which is kept unless it is None."""
    key = f"lessons:{_SHAPE}:{name}"
    found = cache.get_many([_VERSION, key])
    version = found.get(_VERSION) or cache.get_or_set(_VERSION, _new_version, None)
    kept_version, lesson = found.get(key, (None, None))
    if kept_version == version:
        return lesson
    lesson = read()
    if lesson is not None:
        cache.set(key, (version, lesson), SECONDS)
    return lesson


def forget_all() -> None:
    """Have every lesson read again, as soon as the change that asks for it is committed."""
    transaction.on_commit(lambda: cache.set(_VERSION, _new_version(), None), robust=True)


def _new_version() -> str:
    return uuid.uuid4().hex
