"""What of a session is here, and who may watch it."""

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from livestream.models import LiveSession, MediaChunk, MediaPart
from registry.models import Person
from registry.queries.people import records_of
from registry.queries.places import in_subtree


@dataclass(frozen=True)
class PartReceived:
    """How much of a part is here; `missing` are holes, and the end of it where the sender declared one."""

    number: int
    have: int
    missing: list[int]


def parts_received(session: LiveSession) -> list[PartReceived]:
    """Return for each part what is here of it, in two queries."""
    held: dict[int, set[int]] = {}
    chunks = MediaChunk.objects.filter(part__session=session)
    for part, seq in chunks.values_list("part_id", "seq"):
        held.setdefault(part, set()).add(seq)
    return [
        _received(part, held.get(part.pk, set()))
        for part in MediaPart.objects.filter(session=session, path="").order_by("number")
    ]


def missing_chunks(session: LiveSession) -> dict[int, list[int]]:
    """Return the pieces that are missing, by part; parts without any are left out."""
    return {part.number: part.missing for part in parts_received(session) if part.missing}


def session_of(person: Person, uid: uuid.UUID) -> LiveSession | None:
    """Return her own session; None for one that is not hers, or not there."""
    return LiveSession.objects.filter(person__in=records_of(person), uid=uid).first()


def sessions_within(scopes: list[str]) -> QuerySet[LiveSession]:
    """Return the rehearsals of people of these regions ("" is everywhere)."""
    within = Q(pk__in=[])
    for code in scopes:
        within |= in_subtree(code, "place__code")
    rows = LiveSession.objects.filter(kind=LiveSession.Kind.REHEARSAL)
    return rows if "" in scopes else rows.filter(within)


def _received(part: MediaPart, held: set[int]) -> PartReceived:
    expected = part.chunk_count if part.chunk_count is not None else max(held, default=-1) + 1
    return PartReceived(part.number, len(held), [seq for seq in range(expected) if seq not in held])
