"""What happens in the rehearsal room: marks on the clock, and her word on who may see it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.core.files import File
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from livestream.errors import TooManyMarks
from livestream.models import LiveSession, MediaChunk, RoomMark
from livestream.queries.room import next_part_number
from livestream.services.chunks import Chunk, Declared, finish, take_chunk
from registry.models import Consent, Person, User
from registry.queries.consent import current_consent_text
from registry.services import give_consent, withdraw_consent

MAX_MARKS = 4000
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as the phone sends it."""

    kind: str
    key: str
    at: datetime


@transaction.atomic
def note_marks(*, session: LiveSession, marks: Iterable[Mark]) -> None:
    """Keep marks; those known already are passed over. Raises TooManyMarks."""
    LiveSession.objects.select_for_update(no_key=True).get(pk=session.pk)
    new = [RoomMark(session=session, kind=mark.kind, key=mark.key, at=mark.at) for mark in marks]
    if session.room_marks.count() + len(new) > MAX_MARKS:
        raise TooManyMarks(MAX_MARKS)
    RoomMark.objects.bulk_create(new, ignore_conflicts=True)


def decide_rehearsal_consent(
    *, person: Person, item: str, agrees: bool, by: User, language: str, request: HttpRequest | None = None
) -> None:
    """Give or take back one of the three consents about rehearsals; the same again changes nothing.

    Raises the `Consent...` errors of the registry.
    """
    given = {"person": person, "items": [item], "channel": Consent.Channel.SELF, "recorded_by": by}
    if agrees:
        give_consent(text=current_consent_text(language), request=request, **given)  # type: ignore[arg-type]
    else:
        withdraw_consent(request=request, **given)  # type: ignore[arg-type]


def take_file(*, session: LiveSession, file: File, mime: str = "", now: datetime | None = None) -> None:
    """Keep a video she filmed with the phone's own camera as one part, and end the rehearsal.

    The same file again goes on with the part it began. Raises what `take_chunk` raises, at the piece that
    was refused.
    """
    at = now or timezone.now()
    file.seek(0)
    pieces = [(hashlib.sha256(body).hexdigest(), len(body)) for body in iter(partial(file.read, _PIECE), b"")]
    number = _part_begun_with(session, pieces[0][0])
    file.seek(0)
    for seq, (sha256, size) in enumerate(pieces):
        chunk = Chunk(number, seq, sha256, file.read(size), wall_start=at if seq == 0 else None, mime=mime)
        take_chunk(session=session, chunk=chunk, now=at)
    finish(session=session, parts=[Declared(number, len(pieces))], now=at)


def _part_begun_with(session: LiveSession, sha256: str) -> int:
    """Return the number of the part whose first piece this is, or a free one."""
    begun = MediaChunk.objects.filter(part__session=session, seq=0, sha256=sha256)
    number = begun.values_list("part__number", flat=True).first()
    return next_part_number(session) if number is None else number
