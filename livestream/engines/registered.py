"""Which engines this site has: `LIVE_ENGINES` names a class and its options for each."""

from functools import cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from livestream.engines.base import LiveEngine
from livestream.models import LiveSession


@cache
def engine_named(name: str) -> LiveEngine:
    """Return the engine of that name; raises KeyError for one this site does not have."""
    options = dict(settings.LIVE_ENGINES[name])
    return cast("LiveEngine", import_string(str(options.pop("class")))(**options))


def engine_of(session: LiveSession) -> LiveEngine:
    """Return the engine that carries a session."""
    return engine_named(session.engine)


def engines() -> list[LiveEngine]:
    """Return every engine of this site."""
    return [engine_named(name) for name in settings.LIVE_ENGINES]
