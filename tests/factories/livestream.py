"""Rehearsals and their recordings, with a trait per state."""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta

from livestream.blueprints import BLUEPRINTS
from livestream.models import LiveSession, MediaPart
from livestream.services import start_run
from registry.models import Person

MORNING = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
_OVER = {"ended", "processing", "published", "partial", "failed"}
_BEGUN = {"live", "interrupted", *_OVER}


def make_session(person: Person, state: str = "ready", **fields: object) -> LiveSession:
    """Make a rehearsal of a new run-of-show in any state; an hour long where it is over."""
    run = fields.pop("run", None) or start_run(
        person=person, blueprint=BLUEPRINTS["loop"], client_token=uuid.uuid4()
    )
    if state in _BEGUN:
        fields = {"started_at": MORNING, "last_media_at": MORNING, **fields}
    if state in _OVER:
        fields = {"ended_at": MORNING + timedelta(hours=1), "end_reason": "host", **fields}
    values = {
        "kind": "rehearsal",
        "person": person,
        "run": run,
        "run_version": run.versions.first(),
        "attempt": run.sessions.count() + 1,
        "created_at": MORNING,
        **fields,
    }
    return LiveSession.objects.create(state=state, **values)


def make_class_session(state: str = "scheduled", **fields: object) -> LiveSession:
    """Make a live class."""
    values = {"kind": "class", "created_at": MORNING, "scheduled_at": MORNING, "grace_seconds": 900, **fields}
    if state in _BEGUN:
        values = {"started_at": MORNING, "last_media_at": MORNING, **values}
    if state in _OVER:
        values = {"ended_at": MORNING + timedelta(hours=1), "end_reason": "host", **values}
    return LiveSession.objects.create(state=state, **values)


def make_part(
    session: LiveSession,
    number: int = 0,
    *,
    begins: float = 0,
    seconds: float = 60,
    media_start: float | None = None,
    state: str = "complete",
) -> MediaPart:
    """Make a part that began `begins` seconds after nine o'clock of China."""
    return MediaPart.objects.create(
        session=session,
        number=number,
        state=state,
        mime="video/webm",
        wall_start=MORNING + timedelta(seconds=begins),
        media_start=media_start,
        seconds=seconds,
        sha256=hashlib.sha256(str(number).encode()).hexdigest() if state == "complete" else "",
    )
