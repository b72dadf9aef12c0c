"""A finished rehearsal as it is looked at: its length drawn, its remarks in order, what was measured."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from livestream.drawing import Bar, Ruler, measured_bars
from livestream.measured_words import Told, told
from livestream.measuring.bands import GOOD, band_of
from livestream.models import (
    CommentAnswer,
    LiveSession,
    Measurement,
    MediaPart,
    RubricLine,
    RunSegment,
    TimelineComment,
)
from livestream.queries.reviews import rubric_in_force
from livestream.queries.segments import PlayedSegment, played_segments, segments_of
from livestream.timeline import holes, length, vod_seconds
from registry.models import User

REPLAY_LEAD = 2.0  # a remark is played from this long before


@dataclass(frozen=True)
class PlacedRemark:
    """A remark with its place in the recording."""

    number: int
    remark: TimelineComment
    at: float
    left: float
    segment: RunSegment | None
    line: RubricLine | None

    @property
    def plays_from(self) -> float:
        """Where to play from, so that what led to it is seen."""
        return max(0.0, round(self.at - REPLAY_LEAD, 1))


@dataclass(frozen=True)
class Recording:
    """All that the pages about a finished rehearsal show."""

    session: LiveSession
    parts: list[MediaPart]
    segments: list[RunSegment]
    remarks: list[PlacedRemark]
    measurements: dict[str, Measurement]

    @property
    def seconds(self) -> float:
        """How long it is."""
        return length(self.parts)

    @property
    def ruler(self) -> Ruler:
        """What it is drawn along."""
        return Ruler(self.seconds)

    @cached_property
    def played(self) -> list[PlayedSegment]:
        """The segments as they were played."""
        return played_segments(self.session, self.segments, self.parts)

    @property
    def segment_bars(self) -> list[Bar]:
        """The segments drawn, coloured by their time against plan."""
        return [
            self.ruler.bar(
                each.starts,
                each.ends,
                each.segment.get_kind_display(),
                band_of("segment_time", each.share_of_plan),
            )
            for each in self.played
        ]

    @property
    def gap_bars(self) -> list[Bar]:
        """Where something is missing; a gap takes no time in the recording."""
        found = []
        for hole in holes(self.parts):
            missing = round((hole.wall_to - hole.wall_from).total_seconds())
            label = _("%(seconds)d s missing") % {"seconds": missing}
            found.append(self.ruler.bar(hole.at, hole.at, label))
        return found

    @cached_property
    def told(self) -> list[Told]:
        """What was measured, in words."""
        return told(self.measurements)

    @property
    def told_to_mend(self) -> list[Told]:
        """What lies out of its band: what she can work on comes first."""
        return [each for each in self.told if each.band != GOOD]

    @property
    def told_good(self) -> list[Told]:
        """What is as it should be."""
        return [each for each in self.told if each.band == GOOD]

    @property
    def strips(self) -> dict[str, list[Bar]]:
        """What was measured, drawn."""
        return measured_bars(self.ruler, {name: each.detail for name, each in self.measurements.items()})


def recording_of(session: LiveSession, remarks: QuerySet[TimelineComment]) -> Recording:
    """Return a rehearsal with those of its remarks that may be shown."""
    parts = list(session.parts.all())
    segments = segments_of(session)
    ruler = Ruler(length(parts))
    by_key = {segment.key: segment for segment in segments}
    lines = {line.key: line for line in rubric_in_force().lines.all()}
    placed = []
    for number, remark in enumerate(remarks, 1):
        at = round(vod_seconds(parts, remark.wall_time), 1)
        segment = by_key.get(remark.segment_key) if remark.segment_key else None
        placed.append(PlacedRemark(number, remark, at, ruler.left(at), segment, lines.get(remark.line_key)))
    measurements = {each.name: each for each in Measurement.objects.filter(session=session)}
    return Recording(session, parts, segments, placed, measurements)


def _remarks(session: LiveSession) -> QuerySet[TimelineComment]:
    answers = Prefetch("answers", CommentAnswer.objects.select_related("author"))
    remarks = TimelineComment.objects.filter(session=session).exclude(state=TimelineComment.State.WITHDRAWN)
    return remarks.select_related("author").prefetch_related(answers).order_by("wall_time", "pk")


def remarks_for_host(session: LiveSession) -> QuerySet[TimelineComment]:
    """Return what the host is shown."""
    return _remarks(session).filter(state=TimelineComment.State.SHOWN)


def remarks_for_coach(session: LiveSession, coach: User) -> QuerySet[TimelineComment]:
    """Return a coach's own remarks; those of others once she has given her review, not to be led by them."""
    remarks = _remarks(session)
    has_given = session.reviews.filter(marker=coach, state="given").exists()
    if has_given:
        return remarks.filter(Q(author=coach) | Q(state=TimelineComment.State.SHOWN))
    return remarks.filter(author=coach)


def remarks_for_peer(session: LiveSession, peer: User) -> QuerySet[TimelineComment]:
    """Return what a fellow trainee remarked herself."""
    return _remarks(session).filter(author=peer)
