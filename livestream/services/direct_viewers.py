"""Who watches by WebRTC: let in for half a minute at a time, cut off when silent or no longer allowed.

Janus forgets nobody by itself, and a phone that is gone does not say so. A viewer's page therefore says every
ten seconds that it is there, and the media agent cuts off whoever has no leave or may no longer watch.
Leaves lie in the cache alone, bound to the login that got them: of who watched nothing is kept.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from django.core.cache import cache

from livestream.engines import engine_named
from livestream.engines.janus import JanusEngine
from livestream.models import Engine, LiveSession
from livestream.permissions import can_watch
from livestream.queries.watching import STAY_SECONDS
from registry.models import User

LEAVE_LASTS = timedelta(seconds=3 * STAY_SECONDS)
MOST_VIEWERS = 12  # of one session: a coach and some peers; each costs the machine what the sender sends


@dataclass(frozen=True)
class Viewer:
    """Somebody at one browser: the login, and what is known by it alone."""

    user_id: int
    login: str


@dataclass(frozen=True)
class Opened:
    """A connection to a viewer and Janus's offer to it."""

    external_id: str
    offer: str


def direct_engine() -> JanusEngine:
    """Return what carries WebRTC here; raises KeyError where this site has none."""
    return cast("JanusEngine", engine_named(Engine.JANUS))


def let_in(*, engine: JanusEngine, session: LiveSession, viewer: Viewer) -> Opened | None:
    """Open a connection to a viewer who may watch; None while nobody sends, or with too many there.

    Raises OSError while Janus is away.
    """
    if sum(each.stream == session.uid.hex for each in engine.viewers()) >= MOST_VIEWERS:
        return None
    external_id = engine.connect()
    cache.set(_key(external_id), (session.pk, viewer), LEAVE_LASTS.total_seconds())
    try:
        offer = engine.subscribe(external_id, session)
    except OSError:
        leave(engine=engine, external_id=external_id)
        raise
    if offer is None:
        leave(engine=engine, external_id=external_id)
        return None
    return Opened(external_id, offer)


def has_leave(*, external_id: str, session: LiveSession, viewer: Viewer) -> bool:
    """Tell whether a connection is this viewer's own and still has its leave."""
    return bool(cache.get(_key(external_id)) == (session.pk, viewer))


def stay(*, external_id: str) -> bool:
    """Let a viewer stay for another while; False when her leave has run out."""
    return bool(cache.touch(_key(external_id), LEAVE_LASTS.total_seconds()))


def leave(*, engine: JanusEngine, external_id: str) -> None:
    """End a viewer's connection."""
    cache.delete(_key(external_id))
    engine.disconnect(external_id, "left")


def cut_off_viewers(*, engine: JanusEngine) -> int:
    """End the connections of viewers who are gone or may no longer watch; return how many.

    Raises OSError while Janus is away: it then shows nobody anything.
    """
    unwelcome = [each for each in engine.viewers() if not _may_stay(each.external_id)]
    for each in unwelcome:
        leave(engine=engine, external_id=each.external_id)
    return len(unwelcome)


def _may_stay(external_id: str) -> bool:
    leave_given = cache.get(_key(external_id))
    if leave_given is None:
        return False
    session_pk, viewer = leave_given
    session = LiveSession.objects.select_related("person", "place").filter(pk=session_pk).first()
    user = User.objects.filter(pk=viewer.user_id, is_active=True).first()
    return bool(session and user and session.is_on_air and can_watch(user, session))


def _key(external_id: str) -> str:
    return f"direct-viewer-{external_id}"
