"""Which segment of the run-of-show a moment of a rehearsal belongs to, and how long each really took."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from livestream.models import LiveSession, MediaPart, RoomMark, RunSegment
from livestream.timeline import length, vod_seconds


@dataclass(frozen=True)
class PlayedSegment:
    """One segment as it was played: from when to when, on the clock and in the recording."""

    segment: RunSegment
    wall_from: datetime
    starts: float
    ends: float

    @property
    def key(self) -> uuid.UUID:
        """The segment's key, the same from version to version."""
        return self.segment.key

    @property
    def seconds(self) -> float:
        """How long it took in the recording."""
        return self.ends - self.starts

    @property
    def share_of_plan(self) -> float:
        """How long it took, in percent of the plan."""
        return 100 * self.seconds / self.segment.planned_seconds


def segments_of(session: LiveSession) -> list[RunSegment]:
    """Return the segments of the version the rehearsal went by, in their order."""
    if session.run_version_id is None:
        return []
    segments = RunSegment.objects.filter(version=session.run_version_id)
    return list(segments.select_related("product").order_by("position"))


def played_segments(
    session: LiveSession, segments: Sequence[RunSegment], parts: Sequence[MediaPart]
) -> list[PlayedSegment]:
    """Return the segments in the order they were played; one that was marked twice is there twice."""
    by_key = {str(segment.key): segment for segment in segments}
    marks = [mark for mark in _turns(session) if mark.key in by_key]
    starts = [vod_seconds(parts, mark.at) for mark in marks] + [length(parts)]
    return [
        PlayedSegment(by_key[mark.key], mark.at, begin, max(begin, end))
        for mark, begin, end in zip(marks, starts, starts[1:], strict=False)
    ]


def segment_key_at(session: LiveSession, wall_time: datetime) -> uuid.UUID | None:
    """Return the segment that was on at that moment; None before the first mark."""
    mark = _turns(session).filter(at__lte=wall_time).last()
    try:
        return uuid.UUID(mark.key) if mark else None
    except ValueError:
        return None


def questions_of(session: LiveSession) -> tuple[int, int]:
    """Return how many questions the practice audience asked, and how many of them were answered."""
    marks = RoomMark.objects.filter(session=session).values_list("kind", "key")
    asked = {key for kind, key in marks if kind == RoomMark.Kind.ASKED}
    answered = {key for kind, key in marks if kind == RoomMark.Kind.ANSWERED}
    return len(asked), len(asked & answered)


def _turns(session: LiveSession) -> QuerySet[RoomMark]:
    """Return when the host turned to which segment."""
    return RoomMark.objects.filter(session=session, kind=RoomMark.Kind.SEGMENT).order_by("at", "pk")
