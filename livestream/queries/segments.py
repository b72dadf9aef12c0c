"""Which segment of the run-of-show a moment of a rehearsal belongs to, and how long each really took."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from livestream.models import LiveSession, MediaPart, RunSegment, SegmentMark
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
    by_key = {segment.key: segment for segment in segments}
    marks = [mark for mark in session.segment_marks.all() if mark.segment_key in by_key]
    starts = [vod_seconds(parts, mark.wall_time) for mark in marks] + [length(parts)]
    return [
        PlayedSegment(by_key[mark.segment_key], mark.wall_time, begin, max(begin, end))
        for mark, begin, end in zip(marks, starts, starts[1:], strict=False)
    ]


def segment_key_at(session: LiveSession, wall_time: datetime) -> uuid.UUID | None:
    """Return the segment that was on at that moment; None before the first mark."""
    marks = SegmentMark.objects.filter(session=session, wall_time__lte=wall_time)
    mark = marks.order_by("-wall_time", "-pk").first()
    return mark.segment_key if mark else None
