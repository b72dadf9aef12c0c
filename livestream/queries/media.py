"""What of a session is here, and who may watch it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from courses.models import Enrolment
from livestream.models import LiveSession, MediaChunk, MediaPart
from registry.models import Person
from registry.queries.people import records_of
from registry.queries.places import in_any_subtree


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


def sessions_within(scopes: Sequence[str], training_bodies: Sequence[int] = ()) -> QuerySet[LiveSession]:
    """Return the rehearsals of people of these regions ("" is everywhere) or who learn with these bodies."""
    rows = LiveSession.objects.filter(kind=LiveSession.Kind.REHEARSAL)
    learns_there = Enrolment.objects.filter(
        Q(person=OuterRef("person")) | Q(person__kept_as=OuterRef("person")),
        training_class__training_body__in=training_bodies,
    )
    within = in_any_subtree(scopes, "place__code")
    return rows.filter(within | Q(Exists(learns_there)) if training_bodies and within else within)


def kept_recordings(scopes: Sequence[str]) -> QuerySet[LiveSession]:
    """Return what was recorded in these regions ("" is everywhere) and not removed; those on hold first."""
    recorded = Exists(MediaPart.objects.filter(session=OuterRef("pk")))
    return (
        LiveSession.objects.filter(recorded, in_any_subtree(scopes, "place__code"), erased_at__isnull=True)
        .select_related("person", "place", "build", "held_by")
        .order_by(F("held_since").asc(nulls_last=True), "-created_at", "-pk")
    )


def _received(part: MediaPart, held: set[int]) -> PartReceived:
    expected = part.chunk_count if part.chunk_count is not None else max(held, default=-1) + 1
    return PartReceived(part.number, len(held), [seq for seq in range(expected) if seq not in held])
