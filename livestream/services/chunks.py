"""Taking a recording piece by piece. What is answered with success is on the disk, whole, for good.

The sender deletes its copy on our word, so the order is: judge, write beside and flush, note in the database,
give the file its name, commit. Whatever fails on the way leaves the sender with its copy and us with none.
"""

import errno
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from livestream import raw
from livestream.errors import ChunkConflict, ChunkTooLarge, DiskFull, HashMismatch, SessionOver
from livestream.events.publishing import publish_on_commit
from livestream.models import LiveSession, MediaChunk, MediaPart
from livestream.queries.media import missing_chunks
from livestream.services.finalise import request_build
from livestream.services.sessions import end_session, note_media

MOST_CHUNK_BYTES = 4 * 1024 * 1024
MOST_PARTS = 500
MOST_CHUNKS = 20_000
# A phone may come back into the network days later.
TAKEN_AFTER_END = timedelta(days=7)
State = LiveSession.State
_TAKES_NOTHING = {State.PUBLISHED, State.FAILED}


@dataclass(frozen=True)
class Chunk:
    """A piece as it came, with what the sender says of it and of the part it begins."""

    part: int
    seq: int
    sha256: str
    body: bytes
    wall_start: datetime | None = None
    mime: str = ""
    client: str = ""


@dataclass(frozen=True)
class Taken:
    """The answer to a piece: whether it is new to us, and how many of its part we hold."""

    is_new: bool
    have: int


@dataclass(frozen=True)
class Declared:
    """What the sender says a part consists of."""

    part: int
    chunks: int
    seconds: float | None = None
    wall_start: datetime | None = None


@dataclass(frozen=True)
class Finished:
    """What is still to come after the sender has declared all parts."""

    missing: dict[int, list[int]] = field(default_factory=dict)


def take_chunk(*, session: LiveSession, chunk: Chunk, now: datetime | None = None) -> Taken:
    """Keep a piece. The same bytes again change nothing, whatever has become of the session since.

    Raises ChunkConflict (other bytes under this number), HashMismatch, SessionOver, ChunkTooLarge, DiskFull.
    """
    at = now or timezone.now()
    known = _known(session, chunk)
    if known is not None:
        return known
    if hashlib.sha256(chunk.body).hexdigest() != chunk.sha256.lower():
        raise HashMismatch
    _check_limits(session, chunk, at)
    path = raw.chunk_path(session.uid, chunk.part, chunk.seq)
    try:
        raw.check_free_space()
        beside = raw.lay_down(path, chunk.body)
    except OSError as error:
        if isinstance(error, raw.DiskNearlyFull) or error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull from error
        raise
    try:
        return _note(session, chunk, beside, path, at)
    except IntegrityError:
        # The same number at the same moment: now it is known.
        known = _known(session, chunk)
        if known is None:
            raise
        return known
    finally:
        beside.unlink(missing_ok=True)


@transaction.atomic
def finish(*, session: LiveSession, parts: Iterable[Declared], now: datetime | None = None) -> Finished:
    """End the session and note how many pieces each part has; tells which are still missing.

    Once all are here the recording is made. Said twice, the later word holds.
    """
    at = now or timezone.now()
    locked = LiveSession.objects.select_for_update().get(pk=session.pk)
    declared = list(parts)
    if any(each.part >= MOST_PARTS or each.chunks > MOST_CHUNKS for each in declared):
        raise ChunkTooLarge
    for each in declared:
        MediaPart.objects.get_or_create(
            session=locked, number=each.part, defaults={"wall_start": each.wall_start or at}
        )
        MediaPart.objects.filter(session=locked, number=each.part).update(chunk_count=each.chunks)
    LiveSession.objects.filter(pk=locked.pk).update(is_declared=True)
    end_session(session=locked, now=at)
    locked.refresh_from_db()
    settle(session=locked, now=at)
    return Finished(missing_chunks(locked))


def settle(*, session: LiveSession, now: datetime | None = None) -> bool:
    """Have the recording made if the sender has declared it and all of it is here; tell whether it was."""
    is_due = session.is_declared and session.state in {State.ENDED, State.PARTIAL}
    if not is_due or missing_chunks(session):
        return False
    request_build(session=session, now=now)
    return True


def takes_media(session: LiveSession, now: datetime) -> bool:
    """Tell whether a new piece is still taken: not once the recording is whole, removed, or a week later."""
    if session.raw_erased_at or session.erased_at or session.state in _TAKES_NOTHING:
        return False
    return session.ended_at is None or now < session.ended_at + TAKEN_AFTER_END


def _known(session: LiveSession, chunk: Chunk) -> Taken | None:
    """Return the answer to a piece we hold; raises ChunkConflict when its bytes are others."""
    held = MediaChunk.objects.filter(part__session=session, part__number=chunk.part, seq=chunk.seq).first()
    if held is None:
        return None
    if held.sha256 != chunk.sha256.lower():
        raise ChunkConflict
    return Taken(False, MediaChunk.objects.filter(part=held.part_id).count())


def _check_limits(session: LiveSession, chunk: Chunk, at: datetime) -> None:
    if not takes_media(session, at):
        raise SessionOver
    is_small = 0 < len(chunk.body) <= MOST_CHUNK_BYTES
    if not is_small or chunk.part >= MOST_PARTS or chunk.seq >= MOST_CHUNKS:
        raise ChunkTooLarge
    if session.bytes + len(chunk.body) > settings.LIVE_MOST_BYTES:
        raise ChunkTooLarge


@transaction.atomic
def _note(session: LiveSession, chunk: Chunk, beside: Path, path: Path, at: datetime) -> Taken:
    connection = note_media(session=session, client=chunk.client, now=at)
    part = _part_of(session, chunk, at)
    size = len(chunk.body)
    MediaChunk.objects.create(
        part=part, seq=chunk.seq, sha256=chunk.sha256.lower(), bytes=size, received_at=at
    )
    changes: dict[str, object] = {"bytes": F("bytes") + size}
    if connection is not None and part.attempt_id is None:
        changes["attempt"] = connection
    MediaPart.objects.filter(pk=part.pk).update(**changes)
    LiveSession.objects.filter(pk=session.pk).update(bytes=F("bytes") + size)
    raw.put_in_place(beside, path)
    session.refresh_from_db()
    settle(session=session, now=at)
    return Taken(True, MediaChunk.objects.filter(part=part).count())


def _part_of(session: LiveSession, chunk: Chunk, at: datetime) -> MediaPart:
    """Return the part, begun with what is known of it; its first piece knows best when it began."""
    begins = chunk.wall_start or at
    part, is_new = MediaPart.objects.get_or_create(
        session=session,
        number=chunk.part,
        defaults={"wall_start": begins, "mime": chunk.mime[:80]},
    )
    if is_new and session.kind == LiveSession.Kind.CLASS:
        publish_on_commit(room=str(session.uid), kind="picture")
    if not is_new and chunk.seq == 0 and chunk.wall_start:
        MediaPart.objects.filter(pk=part.pk).update(wall_start=begins, mime=chunk.mime[:80])
    return part
